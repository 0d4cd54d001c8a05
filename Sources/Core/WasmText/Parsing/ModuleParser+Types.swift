// Value types and type definitions (core specification, section 6.4).

import WasmBinary
import WasmTypes

extension ModuleParser {
    // MARK: - Value types

    /// Whether the current token begins a value type.
    var isValueType: Bool {
        cursor.current.kind == .leftParenthesis ? cursor.isGroup(.ref) : cursor.keyword()?.valueType != nil
    }

    mutating func takeValueType() throws(TextError) -> ValueType {
        if cursor.isGroup(.ref) { return try takeReferenceType() }
        guard let type = cursor.keyword()?.valueType else { throw cursor.unexpected("a value type") }
        cursor.position += 1
        return type
    }

    mutating func takeReferenceType() throws(TextError) -> ValueType {
        guard cursor.takeGroupIf(.ref) else {
            guard let type = cursor.keyword()?.valueType, type.isReference else {
                throw cursor.unexpected("a reference type")
            }
            cursor.position += 1
            return type
        }
        let isNullable = cursor.takeIf(.null)
        let heapType = try takeHeapType()
        try cursor.takeRightParenthesis()
        return .reference(heapType, nullable: isNullable)
    }

    mutating func takeHeapType() throws(TextError) -> HeapType {
        if let heapType = cursor.keyword()?.heapType {
            cursor.position += 1
            return heapType
        }
        let token = cursor.current
        guard cursor.isIndex else { throw cursor.unexpected("a heap type") }
        let index = try takeIndex(types)
        guard index <= ValueType.greatestTypeIndex else { throw cursor.error("unknown type \(index)", at: token) }
        return .defined(TypeIndex(index))
    }

    /// All value types that follow.
    mutating func takeValueTypes(to types: inout [ValueType]) throws(TextError) {
        while isValueType { types.append(try takeValueType()) }
    }

    // MARK: - Function types

    /// What becomes of the identifiers of parameters.
    enum ParameterNames {
        case refused
        case ignored
        /// They are bound as locals.
        case bound
    }

    /// Takes `(param …)` and `(result …)`, as many as there are.
    mutating func takeFunctionType(_ names: ParameterNames) throws(TextError) -> FunctionType {
        var type = FunctionType(parameters: [], results: [])
        while cursor.takeGroupIf(.param) {
            if names == .bound, isBinding {
                try bindLocal()
                type.parameters.append(try takeValueType())
            } else if names != .refused, cursor.takeIdentifierIf() != nil {
                type.parameters.append(try takeValueType())
            } else {
                let first = type.parameters.count
                try takeValueTypes(to: &type.parameters)
                if names == .bound { locals.skip(type.parameters.count - first) }
            }
            try cursor.takeRightParenthesis()
        }
        while cursor.takeGroupIf(.result) {
            try takeValueTypes(to: &type.results)
            try cursor.takeRightParenthesis()
        }
        return type
    }

    // MARK: - Type definitions

    /// Reads all types, in order.
    mutating func parseTypes() throws(TextError) {
        for field in typeFields {
            cursor.position = field + 1
            if cursor.takeIf(.rec) {
                var group = ByteWriter()
                var count: UInt32 = 0
                while cursor.current.kind == .leftParenthesis {
                    cursor.position += 1
                    try parseTypeDefinition(to: &group, isAlone: false)
                    count += 1
                }
                try cursor.takeRightParenthesis()
                encoder.types.append { writer in
                    writer.write(0x4E)
                    writer.writeVarUInt32(count)
                    writer.write(group)
                }
            } else {
                var definition = ByteWriter()
                try parseTypeDefinition(to: &definition, isAlone: true)
                encoder.types.append { $0.write(definition) }
            }
        }
    }

    /// Reads a definition whose parenthesis is already taken.
    private mutating func parseTypeDefinition(to writer: inout ByteWriter, isAlone: Bool) throws(TextError) {
        try cursor.take(.type)
        _ = cursor.takeIdentifierIf()
        try parseDefinedType(to: &writer, isAlone: isAlone)
        try cursor.takeRightParenthesis()
    }

    /// Reads what is defined: the group behind the identifier.
    mutating func parseDefinedType(to writer: inout ByteWriter, isAlone: Bool) throws(TextError) {
        let index = UInt32(truncatingIfNeeded: definedTypes.count)
        var isPlain = isAlone
        try cursor.takeLeftParenthesis()
        let isSubtype = cursor.takeIf(.sub)
        if isSubtype {
            let isFinal = cursor.takeIf(.final)
            var supertypes: [UInt32] = []
            while cursor.isIndex { supertypes.append(try takeIndex(types)) }
            isPlain = isPlain && isFinal && supertypes.isEmpty
            // What is final and has no supertype is written like a type without `sub`.
            if !isFinal || !supertypes.isEmpty {
                writer.write(isFinal ? 0x4F : 0x50)
                writer.writeVarUInt32(UInt32(truncatingIfNeeded: supertypes.count))
                for supertype in supertypes { writer.writeVarUInt32(supertype) }
            }
            try cursor.takeLeftParenthesis()
        }
        if cursor.takeIf(.func) {
            let type = try takeFunctionType(.ignored)
            definedTypes.append(type)
            if isPlain, functionTypes[type] == nil { functionTypes[type] = index }
            writer.write(type)
        } else if cursor.takeIf(.struct) {
            definedTypes.append(nil)
            try parseStructure(index, to: &writer)
        } else if cursor.takeIf(.array) {
            definedTypes.append(nil)
            writer.write(0x5E)
            try parseFieldType(to: &writer)
        } else {
            throw cursor.unexpected("func, struct or array")
        }
        try cursor.takeRightParenthesis()
        if isSubtype { try cursor.takeRightParenthesis() }
    }

    private mutating func parseStructure(_ index: UInt32, to writer: inout ByteWriter) throws(TextError) {
        var fields = ByteWriter()
        var count: UInt32 = 0
        var fieldNames = NameMap()
        while cursor.takeGroupIf(.field) {
            let token = cursor.current
            if isBinding {
                let symbol = cursor.takeIdentifierIf()
                if let symbol,
                    fieldIndices.updateValue(count, forKey: Self.fieldKey(type: index, symbol: symbol)) != nil
                {
                    throw cursor.error("duplicate field \(cursor.spelling(symbol))", at: token)
                }
                if let name = try takeName(symbol) { fieldNames.append(name, for: count) }
                try parseFieldType(to: &fields)
                count += 1
            } else {
                while cursor.current.kind != .rightParenthesis {
                    try parseFieldType(to: &fields)
                    count += 1
                }
            }
            try cursor.takeRightParenthesis()
        }
        nameMaps.fields[index] = fieldNames
        writer.write(0x5F)
        writer.writeVarUInt32(count)
        writer.write(fields)
    }

    private mutating func parseFieldType(to writer: inout ByteWriter) throws(TextError) {
        let isMutable = cursor.takeGroupIf(.mut)
        if cursor.takeIf(.i8) {
            writer.write(0x78)
        } else if cursor.takeIf(.i16) {
            writer.write(0x77)
        } else {
            writer.write(try takeValueType())
        }
        writer.write(isMutable ? 1 : 0)
        if isMutable { try cursor.takeRightParenthesis() }
    }

    // MARK: - Type uses

    /// A type use: a type by its index, by what it is, or both.
    struct TypeUse {
        /// nil if it is only given by what it is.
        var index: UInt32?
        var type: FunctionType
        /// Where it stands.
        var token: Token
    }

    mutating func takeTypeUse(_ names: ParameterNames) throws(TextError) -> TypeUse {
        let token = cursor.current
        var index: UInt32?
        if cursor.takeGroupIf(.type) {
            index = try takeIndex(types)
            try cursor.takeRightParenthesis()
        }
        let type = try takeFunctionType(names)
        // Out of order.
        if cursor.isGroup(.type) || cursor.isGroup(.param) { throw cursor.text.unexpected(cursor.peek(1)) }
        return TypeUse(index: index, type: type, token: token)
    }

    /// The index that a type use stands for; a type that the module does not have yet is added to it.
    mutating func resolve(_ use: TypeUse) throws(TextError) -> UInt32 {
        guard let index = use.index else { return typeIndex(of: use.type) }
        guard !use.type.parameters.isEmpty || !use.type.results.isEmpty else { return index }
        guard Int(index) < definedTypes.count else { throw cursor.error("unknown type \(index)", at: use.token) }
        guard let defined = definedTypes[Int(index)] else {
            throw cursor.error("non-function type \(index)", at: use.token)
        }
        guard defined == use.type else {
            throw cursor.error("inline function type does not match type \(index)", at: use.token)
        }
        return index
    }

    private mutating func typeIndex(of type: FunctionType) -> UInt32 {
        if let index = functionTypes[type] { return index }
        let index = UInt32(truncatingIfNeeded: definedTypes.count)
        functionTypes[type] = index
        definedTypes.append(type)
        encoder.types.append { $0.write(type) }
        return index
    }

    // MARK: - Locals

    /// Takes the identifier of a parameter or local, and the next index for it.
    mutating func bindLocal() throws(TextError) {
        let token = cursor.current
        let symbol = cursor.takeIdentifierIf()
        guard let index = locals.add(symbol) else {
            throw cursor.error("duplicate local \(cursor.spelling(token.payload))", at: token)
        }
        if let name = try takeName(symbol) { localNames.append(name, for: index) }
    }
}

extension Keyword {
    /// The number, vector or abbreviated reference type of this name.
    var valueType: ValueType? {
        switch self {
        case .i32: .i32
        case .i64: .i64
        case .f32: .f32
        case .f64: .f64
        case .v128: .v128
        case .funcref: .funcref
        case .externref: .externref
        case .exnref: .exnref
        case .anyref: .reference(.any, nullable: true)
        case .nullref: .reference(.none, nullable: true)
        case .eqref: .reference(.eq, nullable: true)
        case .i31ref: .reference(.i31, nullable: true)
        case .structref: .reference(.structure, nullable: true)
        case .arrayref: .reference(.array, nullable: true)
        case .nullfuncref: .reference(.noFunction, nullable: true)
        case .nullexternref: .reference(.noExternal, nullable: true)
        case .nullexnref: .reference(.noException, nullable: true)
        default: nil
        }
    }

    /// The abstract heap type of this name.
    var heapType: HeapType? {
        switch self {
        case .func: .function
        case .extern: .external
        case .exn: .exception
        case .any: .any
        case .eq: .eq
        case .i31: .i31
        case .struct: .structure
        case .array: .array
        case .none: HeapType.none
        case .nofunc: .noFunction
        case .noextern: .noExternal
        case .noexn: .noException
        default: nil
        }
    }
}
