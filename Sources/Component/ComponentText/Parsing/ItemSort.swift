// The sorts of things that have index spaces in a component (Binary.md, "Instance Definitions").

/// A sort; the order is the one that the name section has them in.
enum ItemSort: Int, CaseIterable, Hashable, Sendable {
    case coreFunction, coreTable, coreMemory, coreGlobal, coreTag, coreType, coreModule, coreInstance
    case function, value, type, component, instance

    /// The byte that says which of the core sorts it is; nil if it is none.
    var coreCode: UInt8? {
        switch self {
        case .coreFunction: 0x00
        case .coreTable: 0x01
        case .coreMemory: 0x02
        case .coreGlobal: 0x03
        case .coreTag: 0x04
        case .coreType: 0x10
        case .coreModule: 0x11
        case .coreInstance: 0x12
        default: nil
        }
    }

    /// The bytes of the sort.
    var codes: [UInt8] {
        switch self {
        case .function: [0x01]
        case .value: [0x02]
        case .type: [0x03]
        case .component: [0x04]
        case .instance: [0x05]
        default: [0x00, coreCode ?? 0]
        }
    }

    /// The sort as the text format has it.
    var text: StaticString {
        switch self {
        case .coreFunction: "core func"
        case .coreTable: "core table"
        case .coreMemory: "core memory"
        case .coreGlobal: "core global"
        case .coreTag: "core tag"
        case .coreType: "core type"
        case .coreModule: "core module"
        case .coreInstance: "core instance"
        case .function: "func"
        case .value: "value"
        case .type: "type"
        case .component: "component"
        case .instance: "instance"
        }
    }
}
