// Small modules for tests, built from the few things that the tests vary.

import InternalUtilities
import WasmBinary
import WasmTypes
import WasmValidation

/// A module with functions of given types and bodies, and whatever sections a test adds.
struct TestModule {
    /// A function type's parameters and results, by their codes.
    var types: [([UInt8], [UInt8])] = [([], [])]
    /// Sections before the code section by id, without their sizes.
    var sections: [UInt8: [UInt8]] = [:]
    /// Each function's type, declared locals (as written) and instructions without the last `end`.
    var functions: [(type: UInt8, locals: [UInt8], code: [UInt8])] = []

    var bytes: [UInt8] {
        var all: [UInt8: [UInt8]] = sections
        all[1] = Self.vector(types.map { [0x60] + Self.vector($0.0.map { [$0] }) + Self.vector($0.1.map { [$0] }) })
        if !functions.isEmpty {
            all[3] = Self.vector(functions.map { [$0.type] })
            all[10] = Self.vector(
                functions.map { function in
                    let body = (function.locals.isEmpty ? [0] : function.locals) + function.code + [0x0B]
                    return Self.unsigned(body.count) + body
                })
        }
        var bytes: [UInt8] = [0x00, 0x61, 0x73, 0x6D, 0x01, 0x00, 0x00, 0x00]
        for id: UInt8 in [1, 2, 3, 4, 5, 13, 6, 7, 8, 9, 12, 10, 11] {
            guard let section = all[id] else { continue }
            bytes += [id] + Self.unsigned(section.count) + section
        }
        return bytes
    }

    static func unsigned(_ value: Int) -> [UInt8] {
        var value = value
        var bytes: [UInt8] = []
        repeat {
            bytes.append(UInt8(value & 0x7F) | (value > 0x7F ? 0x80 : 0))
            value >>= 7
        } while value > 0
        return bytes
    }

    static func vector(_ items: [[UInt8]]) -> [UInt8] {
        unsigned(items.count) + items.joined()
    }
}

/// Decodes and validates; the error, if there was one.
func validationError(of bytes: [UInt8], features: FeatureSet = .supported, threads: Int = 1) -> BinaryError? {
    do throws(BinaryError) {
        let module = try BinaryModule.decode(source: ByteSource(bytes), features: features)
        try ModuleValidator.validate(module, features: features, threads: threads)
        return nil
    } catch {
        return error
    }
}
