// Writes types (core specification, section 5.3), abbreviated wherever the format has an abbreviation.

package import WasmTypes

extension ByteWriter {
    package mutating func write(_ type: ValueType) {
        guard let heapType = type.heapType else {
            write(UInt8(truncatingIfNeeded: type.word))
            return
        }
        if case .defined = heapType {
            write(type.isNullable ? 0x63 : 0x64)
            write(heapType)
        } else if type.isNullable {
            write(heapType.code)
        } else {
            write(0x64)
            write(heapType)
        }
    }

    package mutating func write(_ heapType: HeapType) {
        switch heapType {
        case .defined(let index): writeVarInt64(Int64(index.rawValue))
        default: write(heapType.code)
        }
    }

    /// A result type: a vector of value types.
    package mutating func write(_ types: [ValueType]) {
        writeVarUInt32(UInt32(truncatingIfNeeded: types.count))
        for type in types { write(type) }
    }

    /// A function type with the byte that says what it is.
    package mutating func write(_ type: FunctionType) {
        write(0x60)
        write(type.parameters)
        write(type.results)
    }

    package mutating func write(_ type: TableType) {
        write(type.elementType)
        write((type.limits.maximum == nil ? 0 : 1) | (type.addressType == .i64 ? 4 : 0))
        write(type.limits)
    }

    package mutating func write(_ type: MemoryType) {
        var flags: UInt8 = type.limits.maximum == nil ? 0 : 1
        if type.isShared { flags |= 2 }
        if type.addressType == .i64 { flags |= 4 }
        if type.pageSizeLog2 != 16 { flags |= 8 }
        write(flags)
        write(type.limits)
        if type.pageSizeLog2 != 16 { writeVarUInt32(UInt32(type.pageSizeLog2)) }
    }

    private mutating func write(_ limits: Limits) {
        writeVarUInt64(limits.minimum)
        if let maximum = limits.maximum { writeVarUInt64(maximum) }
    }

    package mutating func write(_ type: GlobalType) {
        write(type.valueType)
        write(type.isMutable ? 1 : 0)
    }

    package mutating func write(_ type: TagType) {
        write(0)
        write(type.type)
    }

    package mutating func write(_ type: ImportType) {
        switch type {
        case .function(let index):
            write(0)
            write(index)
        case .table(let type):
            write(1)
            write(type)
        case .memory(let type):
            write(2)
            write(type)
        case .global(let type):
            write(3)
            write(type)
        case .tag(let type):
            write(4)
            write(type)
        }
    }

    package mutating func write(_ index: ExternalIndex) {
        switch index {
        case .function(let index):
            write(0)
            write(index)
        case .table(let index):
            write(1)
            write(index)
        case .memory(let index):
            write(2)
            write(index)
        case .global(let index):
            write(3)
            write(index)
        case .tag(let index):
            write(4)
            write(index)
        }
    }
}
