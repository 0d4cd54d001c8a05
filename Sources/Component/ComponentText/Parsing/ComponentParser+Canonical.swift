// Canonical definitions: lifting, lowering and the built-ins (Explainer.md, "Canonical Definitions").

import WasmBinary
import WasmText
import WasmTypes

/// A canonical option, before its reference is resolved.
struct CanonicalOptionText {
    var code: UInt8
    var reference: ItemReference?
}

/// A canonical definition of a core function, before its references are resolved.
struct CoreCanonical {
    var code: UInt8
    /// Whether `async`, `cancellable` or `shared` stood there; nil where it cannot.
    var flag: Bool?
    var references: [ItemReference] = []
    /// The result of `task.return`, if that is what this is.
    var result: ValueTypeUse??
    var context: (type: ValueType, index: UInt32)?
    var options: [CanonicalOptionText]?
}

extension ComponentParser {
    /// Takes a definition whose `(canon` is already taken, up to the function that it defines.
    mutating func parseCanonical() throws(TextError) {
        guard cursor.isKeyword(.lift) else {
            let canonical = try takeCoreCanonical()
            try cursor.takeLeftParenthesis()
            try cursor.take(.core)
            try cursor.take(.func)
            let binding = try takeBinding()
            try cursor.takeRightParenthesis()
            try define(canonical, binding)
            return
        }
        let (function, options) = try takeLift()
        try cursor.takeLeftParenthesis()
        try cursor.take(.func)
        let binding = try takeBinding()
        let type = try takeTypeUse(.function)
        try cursor.takeRightParenthesis()
        try defineLifted(function, options, type, binding)
    }

    // MARK: - Lifting

    /// Takes `lift (core func $f) OPTIONS`.
    mutating func takeLift() throws(TextError) -> (ItemReference, [CanonicalOptionText]) {
        try cursor.take(.lift)
        try cursor.takeLeftParenthesis()
        try cursor.take(.core)
        try cursor.take(.func)
        let function = try takeReference(.coreFunction)
        try cursor.takeRightParenthesis()
        return (function, try takeOptions())
    }

    @discardableResult
    mutating func defineLifted(
        _ function: ItemReference, _ options: [CanonicalOptionText], _ type: TypeReference, _ binding: Binding
    ) throws(TextError) -> UInt32 {
        let type = try resolve(type)
        var writer = ByteWriter()
        writer.write(contentsOf: [0x00, 0x00])
        writer.writeVarUInt32(try resolve(function))
        try write(options, to: &writer)
        writer.writeVarUInt32(type)
        try define(.canonical, writer)
        return try bind(.function, binding)
    }

    // MARK: - Core functions

    mutating func takeCoreCanonical() throws(TextError) -> CoreCanonical {
        if cursor.takeIf(.lower) {
            try cursor.takeLeftParenthesis()
            try cursor.take(.func)
            let function = try takeReference(.function)
            try cursor.takeRightParenthesis()
            return CoreCanonical(code: 0x01, references: [function], options: try takeOptions())
        }
        let token = cursor.current
        guard token.kind == .keyword, let builtIn = BuiltIn.byName[text.text(of: token)] else {
            throw cursor.error("unexpected token \(text.text(of: token).prefix(60)), expected a canonical definition", at: token)
        }
        cursor.position += 1
        var canonical = CoreCanonical(code: builtIn.code)
        switch builtIn.immediates {
        case .none: break
        case .type: canonical.references = [try takeIndexOrReference(.type, .type)]
        case .typeAndOptions:
            canonical.references = [try takeIndexOrReference(.type, .type)]
            canonical.options = try takeOptions()
        case .typeAndAsync:
            canonical.references = [try takeIndexOrReference(.type, .type)]
            canonical.flag = cursor.takeIf(.async)
        case .async: canonical.flag = cursor.takeIf(.async)
        case .cancellable: canonical.flag = cursor.takeIf(.cancellable)
        case .cancellableAndMemory:
            canonical.flag = cursor.takeIf(.cancellable)
            guard cursor.takeGroupIf(.memory) else { throw cursor.unexpected("(memory") }
            canonical.references = [try takeMemory()]
        case .options: canonical.options = try takeOptions()
        case .context:
            let type = try scopes[scopes.count - 1].coreTypes.takeValueType(&cursor)
            canonical.context = (type, try cursor.takeNatural32())
        case .resultAndOptions:
            var result: ValueTypeUse?
            if cursor.takeGroupIf(.result) {
                result = try takeValueType()
                try cursor.takeRightParenthesis()
            }
            canonical.result = .some(result)
            canonical.options = try takeOptions()
        case .shared: canonical.flag = cursor.takeIf(.shared)
        case .sharedAndCoreType:
            canonical.flag = cursor.takeIf(.shared)
            canonical.references = [try takeCorePrefixedReference(.coreType, .type)]
        case .sharedAndCoreTypeAndTable, .coreTypeAndTable:
            if case .sharedAndCoreTypeAndTable = builtIn.immediates { canonical.flag = cursor.takeIf(.shared) }
            let type = try takeCorePrefixedReference(.coreType, .type)
            canonical.references = [type, try takeCorePrefixedReference(.coreTable, .table)]
        }
        return canonical
    }

    @discardableResult
    mutating func define(_ canonical: CoreCanonical, _ binding: Binding) throws(TextError) -> UInt32 {
        var writer = ByteWriter()
        writer.write(canonical.code)
        if canonical.code == 0x01 { writer.write(0x00) }
        // The flag stands before a memory or a shared thread's type, but behind a stream's type.
        let isFlagLast = (0x11...0x19).contains(canonical.code)
        if let flag = canonical.flag, !isFlagLast { writer.write(flag ? 1 : 0) }
        for reference in canonical.references { writer.writeVarUInt32(try resolve(reference)) }
        if let flag = canonical.flag, isFlagLast { writer.write(flag ? 1 : 0) }
        if let context = canonical.context {
            writer.write(context.type)
            writer.writeVarUInt32(context.index)
        }
        if let result = canonical.result { try write(result: result, to: &writer) }
        if let options = canonical.options { try write(options, to: &writer) }
        try define(.canonical, writer)
        return try bind(.coreFunction, binding)
    }

    // MARK: - Options

    private mutating func takeOptions() throws(TextError) -> [CanonicalOptionText] {
        var options: [CanonicalOptionText] = []
        while true {
            if cursor.takeIf(.utf8Encoding) {
                options.append(CanonicalOptionText(code: 0x00))
            } else if cursor.takeIf(.utf16Encoding) {
                options.append(CanonicalOptionText(code: 0x01))
            } else if cursor.takeIf(.latin1Encoding) {
                options.append(CanonicalOptionText(code: 0x02))
            } else if cursor.takeIf(.async) {
                options.append(CanonicalOptionText(code: 0x06))
            } else if cursor.takeIf(.gc) {
                options.append(CanonicalOptionText(code: 0x09))
            } else if cursor.takeGroupIf(.memory) {
                options.append(CanonicalOptionText(code: 0x03, reference: try takeMemory()))
            } else if let code: UInt8 = functionOptionCode {
                cursor.position += 2
                let function = try takeCorePrefixedReference(.coreFunction, .func)
                try cursor.takeRightParenthesis()
                options.append(CanonicalOptionText(code: code, reference: function))
            } else if cursor.takeGroupIf(.coreType) {
                let type = try takeCorePrefixedReference(.coreType, .type)
                try cursor.takeRightParenthesis()
                options.append(CanonicalOptionText(code: 0x08, reference: type))
            } else {
                return options
            }
        }
    }

    /// The code of the option that names a function, if one follows.
    private var functionOptionCode: UInt8? {
        if cursor.isGroup(.realloc) { return 0x04 }
        if cursor.isGroup(.postReturn) { return 0x05 }
        if cursor.isGroup(.callback) { return 0x07 }
        return nil
    }

    /// Takes `$m)` or `(core memory $m "export"))`, behind `(memory`.
    private mutating func takeMemory() throws(TextError) -> ItemReference {
        let memory: ItemReference
        if cursor.isIndex {
            memory = acceptsOldReferences
                ? try takeReference(.coreMemory) : ItemReference(sort: .coreMemory, token: cursor.take())
        } else {
            try cursor.takeLeftParenthesis()
            try cursor.take(.core)
            try cursor.take(.memory)
            memory = try takeReference(.coreMemory)
            try cursor.takeRightParenthesis()
        }
        try cursor.takeRightParenthesis()
        return memory
    }

    private mutating func write(_ options: [CanonicalOptionText], to writer: inout ByteWriter) throws(TextError) {
        writer.writeVarUInt32(UInt32(truncatingIfNeeded: options.count))
        for option in options {
            writer.write(option.code)
            if let reference = option.reference { writer.writeVarUInt32(try resolve(reference)) }
        }
    }
}
