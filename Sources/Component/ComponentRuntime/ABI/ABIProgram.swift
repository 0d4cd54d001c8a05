// Compiles a function type into the nodes that calls walk.

import ComponentTypes
import WasmTypes

/// A function type, compiled. Immutable, and shared by all instances of the component that it was compiled for.
// Proof of Sendable: all memory is written before `init` returns and only read from then on.
@safe public final class ABIProgram: @unchecked Sendable {
    /// The parameters as a tuple; a tuple without members if there are none.
    @usableFromInline let parameters: ABIType
    @usableFromInline let result: ABIType?
    /// What passing the parameters takes, where they are nothing but numbers and not in memory.
    let flatParameters: [FlatStep]?
    /// The same of the result; empty if there is none.
    let flatResult: [FlatStep]?
    /// Whether a parameter has a borrowed handle in it.
    let borrows: Bool
    /// Whether the parameters are passed in linear memory.
    @usableFromInline let parametersSpill: Bool
    /// Whether the result is passed in linear memory.
    @usableFromInline let resultSpills: Bool

    private let nodes: [UnsafeMutablePointer<ABINode>]
    private let members: [UnsafeMutablePointer<ABIMember>]
    private let steps: [UnsafeMutablePointer<CopyStep>]

    /// - Parameters:
    ///   - addressType: of the memory that the values lie in.
    ///   - slot: which of its instance's resource types a static resource type is.
    init(_ type: ComponentFunctionType, addressType: AddressType, slot: (ResourceTypeID) -> UInt32) {
        var compiler = ABICompiler(addressType: addressType)
        let fields = unsafe type.parameters.map { unsafe compiler.compile($0.type, slot: slot) }
        let parameters = unsafe compiler.node(.record, layout: type.parameterLayout)
        unsafe compiler.setMembers(of: parameters, fields, offsets: type.offsets[addressType])
        unsafe compiler.setSteps(of: parameters)
        unsafe self.parameters = ABIType(parameters)
        borrows = type.parameters.contains { $0.type.summary.traits.contains(.containsBorrow) }
        result = type.result.map { unsafe ABIType(compiler.compile($0, slot: slot)) }
        var writer = StepWriter()
        unsafe writer.addFlat(parameters)
        flatParameters = type.parametersSpill ? nil : writer.flat
        if let result {
            var writer = StepWriter()
            unsafe writer.addFlat(result.node)
            flatResult = type.resultSpills ? nil : writer.flat
        } else {
            flatResult = []
        }
        parametersSpill = type.parametersSpill
        resultSpills = type.resultSpills
        unsafe nodes = compiler.nodes
        unsafe members = compiler.memberLists
        unsafe steps = compiler.rows
    }

    deinit {
        for unsafe node in unsafe nodes { unsafe node.deallocate() }
        for unsafe list in unsafe members { unsafe list.deallocate() }
        for unsafe row in unsafe steps { unsafe row.deallocate() }
    }
}

/// The nodes in the making. Types share nodes, and so do the compiled ones: work and memory are bounded by the number
/// of a component's type definitions. Recursion is bounded by `TypeSummary.maximumDepth`.
@safe private struct ABICompiler {
    let addressType: AddressType
    var nodes: [UnsafeMutablePointer<ABINode>] = unsafe []
    var memberLists: [UnsafeMutablePointer<ABIMember>] = unsafe []
    var rows: [UnsafeMutablePointer<CopyStep>] = unsafe []
    private var known: [ObjectIdentifier: UnsafeMutablePointer<ABINode>] = unsafe [:]

    init(addressType: AddressType) {
        self.addressType = addressType
    }

    /// Stands where a node has no members; never read.
    private static nonisolated(unsafe) let noMembers: UnsafePointer<ABIMember> = {
        let member = UnsafeMutablePointer<ABIMember>.allocate(capacity: 1)
        unsafe member.initialize(to: ABIMember(type: nil, offset: 0, flatOffset: 0))
        return unsafe UnsafePointer(member)
    }()

    /// Stands where a node has no steps; never read.
    private static nonisolated(unsafe) let noSteps: UnsafePointer<CopyStep> = {
        // Never written to, and never read.
        unsafe UnsafePointer(UnsafeMutablePointer<CopyStep>.allocate(capacity: 1))
    }()

    mutating func node(_ kind: ABINode.Kind, layout: Layout) -> UnsafeMutablePointer<ABINode> {
        let node = UnsafeMutablePointer<ABINode>.allocate(capacity: 1)
        let shape = layout[addressType]
        unsafe node.initialize(
            to: ABINode(
                kind: kind, discriminantByteCount: 0, isPlain: false,
                alignment: UInt32(truncatingIfNeeded: shape.alignment),
                byteCount: UInt32(truncatingIfNeeded: shape.size),
                flatCount: UInt32(clamping: layout.flatCount), payloadOffset: 0, memberCount: 0, length: 0, resource: 0,
                flagMask: 0, members: Self.noMembers, steps: Self.noSteps, stepCount: 0))
        unsafe nodes.append(node)
        return unsafe node
    }

    mutating func setMembers(
        of node: UnsafeMutablePointer<ABINode>, _ types: [UnsafeMutablePointer<ABINode>?], offsets: [Int]
    ) {
        let list = unsafe UnsafeMutablePointer<ABIMember>.allocate(capacity: max(1, types.count))
        var flatOffset: UInt32 = 0
        for unsafe (position, type) in unsafe types.enumerated() {
            unsafe (list + position).initialize(
                to: ABIMember(
                    type: type.map { unsafe UnsafePointer($0) }, offset: UInt32(truncatingIfNeeded: offsets[position]),
                    flatOffset: flatOffset))
            if let type = unsafe type, unsafe node.pointee.kind == .record {
                // A type with too many core values is never passed flat; its flat offsets are not used.
                flatOffset = unsafe flatOffset &+ type.pointee.flatCount
            }
        }
        unsafe memberLists.append(list)
        unsafe node.pointee.members = UnsafePointer(list)
        unsafe node.pointee.memberCount = UInt32(truncatingIfNeeded: types.count)
    }

    /// Lays out what copying the node's value takes. Its members must be complete.
    mutating func setSteps(of node: UnsafeMutablePointer<ABINode>) {
        guard unsafe node.pointee.stepCount == 0 else { return }
        var writer = StepWriter()
        if unsafe node.pointee.kind == .record {
            for position in 0..<(unsafe Int(node.pointee.memberCount)) {
                let member = unsafe node.pointee.members[position]
                if let type = unsafe member.type { unsafe writer.add(type, at: member.offset) }
            }
        } else {
            unsafe writer.add(node, at: 0)
        }
        let row = UnsafeMutablePointer<CopyStep>.allocate(capacity: max(1, writer.steps.count))
        unsafe row.initialize(from: writer.steps, count: writer.steps.count)
        unsafe rows.append(row)
        unsafe node.pointee.steps = UnsafePointer(row)
        unsafe node.pointee.stepCount = UInt32(truncatingIfNeeded: writer.steps.count)
    }

    mutating func compile(
        _ type: ComponentValueType, slot: (ResourceTypeID) -> UInt32
    ) -> UnsafeMutablePointer<ABINode> {
        if let key = type.node, let node = unsafe known[ObjectIdentifier(key)] { return unsafe node }
        let node = unsafe compileNew(type, slot: slot)
        if let key = type.node { unsafe known[ObjectIdentifier(key)] = node }
        return unsafe node
    }

    private mutating func scalar(_ kind: ABINode.Kind, _ type: ComponentValueType, isPlain: Bool) -> UnsafeMutablePointer<ABINode> {
        let node = unsafe node(kind, layout: type.layout)
        unsafe node.pointee.isPlain = isPlain
        return unsafe node
    }

    private mutating func compileNew(
        _ type: ComponentValueType, slot: (ResourceTypeID) -> UInt32
    ) -> UnsafeMutablePointer<ABINode> {
        switch type {
        case .bool: return unsafe scalar(.bool, type, isPlain: false)
        case .s8: return unsafe scalar(.s8, type, isPlain: true)
        case .u8: return unsafe scalar(.u8, type, isPlain: true)
        case .s16: return unsafe scalar(.s16, type, isPlain: true)
        case .u16: return unsafe scalar(.u16, type, isPlain: true)
        case .s32: return unsafe scalar(.s32, type, isPlain: true)
        case .u32: return unsafe scalar(.u32, type, isPlain: true)
        case .s64: return unsafe scalar(.s64, type, isPlain: true)
        case .u64: return unsafe scalar(.u64, type, isPlain: true)
        // The payload of a NaN may be anything after a call (CanonicalABI.md, "Loading"), its own included.
        case .f32: return unsafe scalar(.f32, type, isPlain: true)
        case .f64: return unsafe scalar(.f64, type, isPlain: true)
        case .char: return unsafe scalar(.char, type, isPlain: false)
        case .string: return unsafe scalar(.string, type, isPlain: false)
        case .own(let id):
            let node = unsafe scalar(.own, type, isPlain: false)
            unsafe node.pointee.resource = slot(id)
            return unsafe node
        case .borrow(let id):
            let node = unsafe scalar(.borrow, type, isPlain: false)
            unsafe node.pointee.resource = slot(id)
            return unsafe node
        case .flags(let flags):
            let node = unsafe scalar(.flags, type, isPlain: false)
            unsafe node.pointee.flagMask = flags.labels.count >= 32 ? .max : 1 << UInt32(flags.labels.count) - 1
            return unsafe node
        case .stream, .future, .errorContext: return unsafe scalar(.async, type, isPlain: false)
        case .fixedLengthList(let list):
            let element = unsafe compile(list.element, slot: slot)
            unsafe setSteps(of: element)
            let node = unsafe node(.fixedLengthList, layout: list.layout)
            unsafe setMembers(of: node, [element], offsets: [0])
            unsafe node.pointee.length = list.length
            unsafe node.pointee.isPlain = element.pointee.isPlain
            return unsafe node
        case .list(let list):
            let element = unsafe compile(list.element, slot: slot)
            unsafe setSteps(of: element)
            let node = unsafe node(.list, layout: list.layout)
            unsafe setMembers(of: node, [element], offsets: [0])
            return unsafe node
        case .record(let record):
            return unsafe compileRecord(
                record.fields.map(\.type), offsets: record.offsets[addressType], layout: record.layout, slot: slot)
        case .tuple(let tuple):
            return unsafe compileRecord(
                tuple.elements, offsets: tuple.offsets[addressType], layout: tuple.layout, slot: slot)
        case .variant(let variant):
            return unsafe compileVariant(
                variant.cases.map(\.type), discriminantByteCount: variant.discriminantSize,
                payloadOffset: variant.payloadOffset(addressType), layout: variant.layout, slot: slot)
        case .enumeration(let enumeration):
            return unsafe compileVariant(
                enumeration.labels.map { _ in nil }, discriminantByteCount: enumeration.discriminantSize,
                payloadOffset: 0, layout: enumeration.layout, slot: slot)
        case .option(let option):
            return unsafe compileVariant(
                [nil, option.payload], discriminantByteCount: 1, payloadOffset: option.payloadOffset(addressType),
                layout: option.layout, slot: slot)
        case .result(let result):
            return unsafe compileVariant(
                [result.success, result.failure], discriminantByteCount: 1, payloadOffset: result.payloadOffset(addressType),
                layout: result.layout, slot: slot)
        }
    }

    private mutating func compileRecord(
        _ types: [ComponentValueType], offsets: [Int], layout: Layout, slot: (ResourceTypeID) -> UInt32
    ) -> UnsafeMutablePointer<ABINode> {
        let fields = unsafe types.map { unsafe compile($0, slot: slot) }
        let node = unsafe node(.record, layout: layout)
        unsafe setMembers(of: node, fields, offsets: offsets)
        // Padding must not be copied: it can hold what the other side is not meant to see.
        let total = unsafe fields.reduce(0) { unsafe $0 + Int($1.pointee.byteCount) }
        unsafe setSteps(of: node)
        unsafe node.pointee.isPlain = total == layout[addressType].size && fields.allSatisfy { unsafe $0.pointee.isPlain }
        return unsafe node
    }

    private mutating func compileVariant(
        _ payloads: [ComponentValueType?], discriminantByteCount: Int, payloadOffset: Int, layout: Layout,
        slot: (ResourceTypeID) -> UInt32
    ) -> UnsafeMutablePointer<ABINode> {
        let cases = unsafe payloads.map { unsafe $0.map { unsafe compile($0, slot: slot) } }
        let node = unsafe node(.variant, layout: layout)
        unsafe node.pointee.discriminantByteCount = UInt8(truncatingIfNeeded: discriminantByteCount)
        unsafe node.pointee.payloadOffset = UInt32(truncatingIfNeeded: payloadOffset)
        unsafe setMembers(of: node, cases, offsets: Array(repeating: payloadOffset, count: cases.count))
        return unsafe node
    }
}
