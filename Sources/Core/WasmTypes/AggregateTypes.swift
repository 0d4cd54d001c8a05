// What structures and arrays are made of (core specification, section 2.3.6 "Composite Types").

/// What a field of a structure, or an element of an array, holds.
public enum StorageType: Hashable, Sendable {
    case value(ValueType)
    /// A packed integer of 8 bits; an i32 outside of the field.
    case i8
    /// A packed integer of 16 bits; an i32 outside of the field.
    case i16

    public var isPacked: Bool {
        switch self {
        case .value: false
        case .i8, .i16: true
        }
    }

    /// The type of the value that is read from the field or written to it.
    public var unpacked: ValueType {
        switch self {
        case .value(let type): type
        case .i8, .i16: .i32
        }
    }

    /// In bytes, where the storage lies in memory.
    public var byteCount: Int {
        switch self {
        case .i8: 1
        case .i16: 2
        case .value(.i32), .value(.f32): 4
        case .value(.v128): 16
        case .value: 8
        }
    }
}

/// A field of a structure, or what every element of an array is.
public struct FieldType: Hashable, Sendable {
    public var storage: StorageType
    public var isMutable: Bool

    public init(_ storage: StorageType, isMutable: Bool) {
        self.storage = storage
        self.isMutable = isMutable
    }
}

extension StorageType: CustomStringConvertible {
    /// The text format's name.
    public var description: String {
        switch self {
        case .i8: "i8"
        case .i16: "i16"
        case .value(let type): type.description
        }
    }
}

extension FieldType: CustomStringConvertible {
    public var description: String { isMutable ? "(mut \(storage))" : storage.description }
}
