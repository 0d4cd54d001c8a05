// What an action returns, from a module or from a component, and what components take and return in a script's notation.

import ComponentTypes
import Execution
import WasmText

/// The results of an action.
enum ActionResults {
    /// A module's, slot by slot.
    case slots([UInt64])
    /// A component's.
    case component(ComponentValue?)
}

extension ActionResults: CustomStringConvertible {
    var description: String {
        switch self {
        case .slots(let slots):
            slots.isEmpty ? "nothing" : slots.map { "0x" + String($0, radix: 16) }.joined(separator: " ")
        case .component(let value): value.map { "\($0)" } ?? "nothing"
        }
    }
}

extension [ExpectedValue] {
    /// Whether the results are these.
    func match(_ results: ActionResults, in store: Store) -> Bool {
        switch results {
        case .slots(let slots): match(slots, in: store)
        case .component(nil): isEmpty
        case .component(let value?): count == 1 && first?.matches(value) == true
        }
    }
}

extension ExpectedValue {
    func matches(_ value: ComponentValue) -> Bool {
        switch (self, value) {
        case (.component(let expected), _): expected.matches(value)
        case (.number(let pattern, 32), .f32(let number)): pattern.matches(UInt64(number.bitPattern), bits: 32)
        case (.number(let pattern, 64), .f64(let number)): pattern.matches(number.bitPattern, bits: 64)
        case (.either(let alternatives), _): alternatives.contains { $0.matches(value) }
        default: false
        }
    }
}

extension ScriptValue {
    /// The value as a component takes it. The notation for floating-point numbers is that of modules, which leaves their
    /// width to the parameter.
    func componentValue(as type: ComponentValueType?) -> ComponentValue {
        switch self {
        case .component(let value): return value.value
        case .number(let bits):
            if case .f32? = type { return .f32(Float(bitPattern: UInt32(truncatingIfNeeded: bits))) }
            return .f64(Double(bitPattern: bits))
        case .vector, .null, .externReference: return .tuple([])
        }
    }
}

extension ScriptComponentValue {
    var value: ComponentValue {
        switch self {
        case .bool(let value): .bool(value)
        case .integer(.s8, let bits): .s8(Int8(truncatingIfNeeded: bits))
        case .integer(.u8, let bits): .u8(UInt8(truncatingIfNeeded: bits))
        case .integer(.s16, let bits): .s16(Int16(truncatingIfNeeded: bits))
        case .integer(.u16, let bits): .u16(UInt16(truncatingIfNeeded: bits))
        case .integer(.s32, let bits): .s32(Int32(truncatingIfNeeded: bits))
        case .integer(.u32, let bits): .u32(UInt32(truncatingIfNeeded: bits))
        case .integer(.s64, let bits): .s64(Int64(bitPattern: bits))
        case .integer(.u64, let bits): .u64(bits)
        case .f32(let bits): .f32(Float(bitPattern: bits))
        case .f64(let bits): .f64(Double(bitPattern: bits))
        case .char(let scalar): .char(scalar)
        case .string(let text): .string(text)
        case .list(let values): .list(values.map(\.value))
        case .record(let fields): .record(fields.map { ComponentValue.Field(name: $0.name, value: $0.value.value) })
        case .tuple(let values): .tuple(values.map(\.value))
        case .variant(let name, let payload): .variant(name, payload?.value)
        case .enumeration(let name): .enumeration(name)
        case .option(let value): .option(value?.value)
        case .success(let value): .success(value?.value)
        case .failure(let value): .failure(value?.value)
        case .flags(let labels): .flags(labels)
        }
    }

    /// Whether a result is this value. The order of flags means nothing.
    func matches(_ value: ComponentValue) -> Bool {
        switch (self, value) {
        case (.list(let expected), .list(let found)), (.tuple(let expected), .tuple(let found)):
            expected.count == found.count && zip(expected, found).allSatisfy { $0.matches($1) }
        case (.record(let expected), .record(let found)):
            expected.count == found.count
                && zip(expected, found).allSatisfy { $0.name == $1.name && $0.value.matches($1.value) }
        case (.variant(let name, let payload), .variant(let foundName, let found)):
            name == foundName && Self.match(payload, found)
        case (.option(let payload), .option(let found)), (.success(let payload), .success(let found)),
            (.failure(let payload), .failure(let found)):
            Self.match(payload, found)
        case (.flags(let expected), .flags(let found)): Set(expected) == Set(found)
        default: self.value == value
        }
    }

    private static func match(_ expected: ScriptComponentValue?, _ found: ComponentValue?) -> Bool {
        guard let expected, let found else { return expected == nil && found == nil }
        return expected.matches(found)
    }
}
