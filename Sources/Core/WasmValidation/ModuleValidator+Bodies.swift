// Validates all bodies of a module, on one thread or several. Bodies do not depend on each other, so threads take runs of
// them in the order of the file; when one fails, no later run is begun, and the earliest error of all is reported.

import InternalUtilities
package import WasmBinary
import Synchronization

extension ModuleValidator {
    /// Bytes of bodies that a thread takes at a time.
    private static let runSize = 64 << 10
    /// Bytes of bodies below which another thread is not worth its start.
    private static let threadSize = 128 << 10

    /// Validates the bodies of a module whose other parts are valid.
    package static func validateBodies(in context: ModuleContext, threads: Int = 1) throws(BinaryError) {
        let runs = runs(of: context.module)
        let size = context.module.bodies.last.map { $0.upperBound - (context.module.bodies.first?.lowerBound ?? 0) } ?? 0
        let threads = min(max(1, threads), max(1, size / threadSize), max(1, runs.count))
        let counter = Parallel.Counter(count: runs.count)
        let failures = Failures()
        Parallel.run(threads: threads) {
            var validator = BodyValidator(context)
            while let number = counter.take() {
                do throws(BinaryError) {
                    try validator.validate(runs[number])
                } catch {
                    counter.stop()
                    failures.note(error)
                    return
                }
            }
        }
        if let error = failures.earliest { throw error }
    }

    /// Bodies in runs of about the same number of bytes.
    private static func runs(of module: BinaryModule) -> [Range<Int>] {
        var runs: [Range<Int>] = []
        var first = 0
        var size = 0
        for (index, body) in module.bodies.enumerated() {
            size += body.count
            if size >= runSize {
                runs.append(first..<index + 1)
                first = index + 1
                size = 0
            }
        }
        if first < module.bodies.count { runs.append(first..<module.bodies.count) }
        return runs
    }

    /// The first error in the file of those that the threads met.
    private final class Failures: Sendable {
        private let error = Mutex<BinaryError?>(nil)

        func note(_ new: BinaryError) {
            error.withLock { if ($0?.offset ?? .max) > new.offset { $0 = new } }
        }

        var earliest: BinaryError? { error.withLock { $0 } }
    }
}

extension BodyValidator {
    /// Validates the bodies with these numbers, up to the first error.
    mutating func validate(_ bodies: Range<Int>) throws(BinaryError) {
        let module = context.module
        for number in bodies {
            var reader = module.reader(of: module.bodies[number])
            reader.endMessage = "unexpected end of section or function"
            let type = try functionType(UInt32(module.importedFunctionCount + number))
            do throws(BinaryError) {
                try validate(&reader, type: type)
            } catch {
                throw reading(number, type: type, pastItsEndAfter: error)
            }
        }
    }

    /// What to say where a body's size cuts it off: what is wrong with its instructions, if they are read on past it, or
    /// otherwise that the size is.
    private mutating func reading(
        _ number: Int, type: FlatFunctionType, pastItsEndAfter error: BinaryError
    ) -> BinaryError {
        guard error.kind == .malformed, error.message.hasPrefix("unexpected end") || error.message == "length out of bounds"
        else { return error }
        let module = context.module
        let body = module.bodies[number]
        guard body.upperBound < module.extent.upperBound else { return error }
        var reader = module.reader(of: body.lowerBound..<module.extent.upperBound)
        reader.endMessage = "unexpected end of section or function"
        do throws(BinaryError) {
            try validate(&reader, type: type)
        } catch let beyond {
            return beyond.kind == .malformed ? beyond : error
        }
        return BinaryError(.malformed, "section size mismatch: a function's body is longer than its size says", at: error.offset)
    }
}
