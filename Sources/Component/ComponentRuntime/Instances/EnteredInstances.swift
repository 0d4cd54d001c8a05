// The instances that a call enters (CanonicalABI.md, "Component Instance State": `may_enter_from`).

import Execution
import WasmTypes

/// The instances around a callee that the caller is not in. Found when the call is linked.
@safe @usableFromInline struct EnteredInstances {
    private let states: [ComponentInstanceState]
    /// Where each of them says whether it may be entered: every call looks and writes, and this saves it reference counts.
    /// The store owns the states, which live as long as it does.
    private let flags: [UnsafeMutablePointer<InstanceFlags>]

    /// - Parameter caller: nil for the host.
    init(of callee: ComponentInstanceState?, from caller: ComponentInstanceState?) {
        let outside = caller?.selfAndAncestors ?? []
        states = (callee?.selfAndAncestors ?? []).filter { instance in !outside.contains { $0 === instance } }
        unsafe flags = states.map { unsafe $0.flags }
    }

    /// Closes the instances for others. Traps if one is closed, and says why if it has trapped.
    @inline(__always)
    func enter() throws(Trap) {
        for unsafe flag in unsafe flags where unsafe !flag.pointee.mayEnter { throw closed() }
        for unsafe flag in unsafe flags { unsafe flag.pointee.mayEnter = false }
    }

    /// Opens them again, after a call that has ended well.
    @inline(__always)
    func leave() {
        for unsafe flag in unsafe flags { unsafe flag.pointee.mayEnter = true }
    }

    /// Leaves them closed for good, and keeps the reason.
    func poison(_ error: Trap) {
        for instance in states where instance.fault == nil { instance.fault = error }
    }

    private func closed() -> Trap {
        for instance in states where !instance.mayEnter {
            if let fault = instance.fault { return Trap.cannotEnter(after: fault) }
        }
        return ABIFault.cannotEnter
    }
}

extension Trap {
    /// Why an instance that trapped cannot be called again.
    static func cannotEnter(after fault: Trap) -> Trap {
        Trap(.host, detail: "cannot enter component instance: it has trapped before: \(fault)", cause: fault)
    }
}
