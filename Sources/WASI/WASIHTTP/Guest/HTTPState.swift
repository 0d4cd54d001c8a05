// What one guest has of HTTP. It is the store's, so it lives as long as the guest and no other guest sees it.

import WasmTypes
import ComponentRuntime
public import Execution

/// The state of HTTP for the guest of one store. Used by the thread that runs the store.
final class HTTPState {
    let configuration: HTTPConfiguration
    let fieldsSize: Quota
    let messages: Quota
    let requests: RequestCount

    init(_ configuration: HTTPConfiguration) {
        self.configuration = configuration
        let limits = configuration.limits
        fieldsSize = Quota(limit: limits.totalFieldsSize, of: "bytes of fields")
        messages = Quota(limit: limits.outgoingMessages, of: "outgoing messages")
        requests = RequestCount(limit: limits.requestsUnderWay)
    }

    var limits: HTTPLimits { configuration.limits }
}

/// Counts something that a guest holds.
final class Quota {
    private let limit: Int
    private let name: String
    private var used = 0

    init(limit: Int, of name: String) {
        self.limit = limit
        self.name = name
    }

    /// Takes `amount`, or nothing and answers nil if that would be beyond the limit.
    func takeIfFree(_ amount: Int = 1) -> QuotaShare? {
        var share = QuotaShare(of: self)
        guard share.grow(to: amount) else { return nil }
        return share
    }

    /// The same; traps beyond the limit.
    func take(_ amount: Int = 1) throws(Trap) -> QuotaShare {
        guard let share = takeIfFree(amount) else { throw exceeded }
        return share
    }

    var exceeded: Trap { Trap(.resourceLimit, detail: "more than \(limit) \(name) in one guest") }

    fileprivate func change(from old: Int, to new: Int) -> Bool {
        let (sum, overflow) = (used - old).addingReportingOverflow(new)
        guard !overflow, sum <= limit || new <= old else { return false }
        used = sum
        return true
    }
}

/// A part of a quota, which goes back when this ends.
struct QuotaShare: ~Copyable {
    private let quota: Quota
    private var amount = 0

    fileprivate init(of quota: Quota) {
        self.quota = quota
    }

    deinit {
        _ = quota.change(from: amount, to: 0)
    }

    /// Answers whether the quota allows it.
    mutating func grow(to amount: Int) -> Bool {
        guard quota.change(from: self.amount, to: amount) else { return false }
        self.amount = amount
        return true
    }

    /// The same; traps if the quota does not allow it.
    mutating func set(_ amount: Int) throws(Trap) {
        if !grow(to: amount) { throw quota.exceeded }
    }
}

/// A share that several objects have, which goes back with the last of them.
final class SharedQuotaShare {
    private let share: QuotaShare

    init(_ share: consuming QuotaShare) {
        self.share = share
    }
}

extension Store {
    /// Gives the guests of this store what `configuration` grants of HTTP. Must come before a component of the store
    /// calls anything of `wasi:http`: without it such a call traps.
    public func setHTTP(_ configuration: HTTPConfiguration) {
        setHostState(HTTPState(configuration))
    }
}

extension HostContext {
    /// The state of HTTP of the calling guest's store. Traps if it was given none.
    var http: HTTPState {
        get throws(Trap) { try state(HTTPState.self) }
    }
}
