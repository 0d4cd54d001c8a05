// Component types in the text format, named where a name is demanded.

import ComponentTypes
import WasmTypes

/// Writes types as definitions, records and their like as imports of the types, or as exports.
struct TypeWriter {
    let exportsNames: Bool
    private(set) var definitions = ""
    private var count = 0

    init(exportsNames: Bool = false) {
        self.exportsNames = exportsNames
    }

    /// The type, or a reference to its definition.
    mutating func reference(_ type: ComponentValueType) -> String {
        switch type {
        case .bool: return "bool"
        case .s8: return "s8"
        case .u8: return "u8"
        case .s16: return "s16"
        case .u16: return "u16"
        case .s32: return "s32"
        case .u32: return "u32"
        case .s64: return "s64"
        case .u64: return "u64"
        case .f32: return "f32"
        case .f64: return "f64"
        case .char: return "char"
        case .string: return "string"
        case .list(let list):
            if list.isMap, case .tuple(let pair) = list.element {
                return define("(map \(pair.elements.map { reference($0) }.joined(separator: " ")))", isNamed: false)
            }
            return define("(list \(reference(list.element)))", isNamed: false)
        case .tuple(let tuple):
            return define("(tuple \(tuple.elements.map { reference($0) }.joined(separator: " ")))", isNamed: false)
        case .option(let option): return define("(option \(reference(option.payload)))", isNamed: false)
        case .result(let result):
            let success = result.success.map { " " + reference($0) } ?? ""
            let failure = result.failure.map { " (error \(reference($0)))" } ?? ""
            return define("(result\(success)\(failure))", isNamed: false)
        case .record(let record):
            let fields = record.fields.map { "(field \"\($0.name)\" \(reference($0.type)))" }
            return define("(record \(fields.joined(separator: " ")))", isNamed: true)
        case .variant(let variant):
            let cases = variant.cases.map { "(case \"\($0.name)\"\($0.type.map { " " + reference($0) } ?? ""))" }
            return define("(variant \(cases.joined(separator: " ")))", isNamed: true)
        case .flags(let flags):
            return define("(flags \(flags.labels.map { "\"\($0)\"" }.joined(separator: " ")))", isNamed: true)
        case .enumeration(let enumeration):
            return define("(enum \(enumeration.labels.map { "\"\($0)\"" }.joined(separator: " ")))", isNamed: true)
        case .fixedLengthList(let list):
            return define("(list \(reference(list.element)) \(list.length))", isNamed: false)
        case .own, .borrow, .stream, .future, .errorContext: return "types-that-are-not-written-here"
        }
    }

    private mutating func define(_ text: String, isNamed: Bool) -> String {
        count += 1
        if isNamed {
            definitions += "(type $t\(count)' \(text)) "
            definitions +=
                exportsNames
                ? "(export $t\(count) \"t\(count)\" (type $t\(count)'))\n"
                : "(import \"t\(count)\" (type $t\(count) (eq $t\(count)')))\n"
        } else {
            definitions += "(type $t\(count) \(text))\n"
        }
        return "$t\(count)"
    }
}

/// A component that passes its exported function's arguments on to the import `echo`, and hands its result back.
func echoComponent(_ parameters: [ComponentValueType], _ result: ComponentValueType?, encoding: String = "utf8") throws -> String {
    let type = try ComponentFunctionType(
        parameters: parameters.enumerated().map { .init(name: "p\($0.offset)", type: $0.element) }, result: result)
    var writer = TypeWriter()
    let list = parameters.enumerated().map { "(param \"p\($0.offset)\" \(writer.reference($0.element)))" }
    let resultText = result.map { "(result \(writer.reference($0)))" } ?? ""
    let signature = list.joined(separator: " ") + " " + resultText
    func core(_ type: FunctionType) -> String {
        (type.parameters.isEmpty ? "" : "(param \(type.parameters.map(\.description).joined(separator: " ")))")
            + (type.results.isEmpty ? "" : "(result \(type.results.map(\.description).joined(separator: " ")))")
    }
    let lifted = type.coreType(.lift)
    let passed = lifted.parameters.indices.map { "(local.get \($0))" }.joined(separator: " ")
    let call =
        type.resultSpills
        ? "(call $echo \(passed) (i32.const 1024)) (i32.const 1024)" : "(call $echo \(passed))"
    return """
        (component
          \(writer.definitions)
          (import "echo" (func $echo \(signature)))
          \(coreModule("", imports: ""))
          (core instance $memory (instantiate $M))
          (core func $echo' (canon lower (func $echo) string-encoding=\(encoding)
            (memory (core memory $memory "mem")) (realloc (core func $memory "realloc"))))
          (core module $Main
            (import "" "echo" (func $echo \(core(type.coreType(.lower)))))
            (func (export "run") \(core(lifted)) \(call)))
          (core instance $main (instantiate $Main (with "" (instance (export "echo" (func $echo'))))))
          (func (export "run") \(signature) (canon lift (core func $main "run") string-encoding=\(encoding)
            (memory (core memory $memory "mem")) (realloc (core func $memory "realloc")))))
        """
}
