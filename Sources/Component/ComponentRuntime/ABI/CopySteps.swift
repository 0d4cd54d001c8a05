// What copying a value takes, laid out in a row when its type is compiled.
//
// The tree of a type says what a value is; a row of steps says what there is to do. Fields without anything to check
// that lie side by side become one step, records within records disappear, and what must be looked at closely (strings,
// lists, variants with payloads, handles) is left to the walk over the tree. Steps stand at the same positions in the
// rows that two components compile of one type, as long as their addresses have one width.

import Execution

/// One part of a value in linear memory.
@safe @frozen @usableFromInline struct CopyStep {
    @frozen @usableFromInline enum Kind: UInt8 {
        case bytes1, bytes2, bytes4, bytes8
        /// `mask` bytes: five to seven, nine to fifteen, any other number.
        case bytesTo7, bytesTo15, bytes
        case bool, char
        /// Bits that `mask` lets through.
        case flags1, flags2, flags4
        /// The number of a case without payload, below `mask`.
        case case1, case2, case4
        /// Whatever `type` is.
        case walk
    }

    var kind: Kind
    /// In bytes from the start of the value.
    var offset: UInt32
    var mask: UInt32
    var type: UnsafePointer<ABINode>
}

/// One core value of a value that is passed outside memory, and has nothing but numbers in it.
@safe @frozen @usableFromInline struct FlatStep {
    @frozen @usableFromInline enum Kind: UInt8 {
        case masked, signed8, signed16, bool, char
    }

    var kind: Kind
    var mask: UInt64
}

/// Makes rows of steps. The nodes within have theirs already.
@safe struct StepWriter {
    private(set) var steps: [CopyStep] = []
    private(set) var flat: [FlatStep]? = []

    /// A record within a record is taken apart if it has no more steps than this: types share parts, and rows of all
    /// records together must not grow beyond the tree's size by more than this factor.
    private static let inlineLimit = 16

    mutating func add(_ node: UnsafePointer<ABINode>, at offset: UInt32) {
        switch unsafe node.pointee.kind {
        case .u8, .s8, .u16, .s16, .u32, .s32, .u64, .s64, .f32, .f64:
            unsafe addBytes(node.pointee.byteCount, at: offset, node)
        case .bool: unsafe append(.bool, offset, 0, node)
        case .char: unsafe append(.char, offset, 0, node)
        case .flags:
            let kind: CopyStep.Kind =
                switch unsafe node.pointee.byteCount {
                case 1: .flags1
                case 2: .flags2
                default: .flags4
                }
            unsafe append(kind, offset, node.pointee.flagMask, node)
        case .variant where unsafe node.pointee.hasNoPayload:
            let kind: CopyStep.Kind =
                switch unsafe node.pointee.discriminantByteCount {
                case 1: .case1
                case 2: .case2
                default: .case4
                }
            unsafe append(kind, offset, node.pointee.memberCount, node)
        case .record where unsafe node.pointee.stepCount <= Self.inlineLimit:
            for position in 0..<(unsafe Int(node.pointee.stepCount)) {
                let step = unsafe node.pointee.steps[position]
                switch step.kind {
                case .bytes1, .bytes2, .bytes4, .bytes8, .bytesTo7, .bytesTo15, .bytes:
                    unsafe addBytes(step.mask, at: offset &+ step.offset, step.type)
                default: unsafe append(step.kind, offset &+ step.offset, step.mask, step.type)
                }
            }
        case .fixedLengthList where unsafe node.pointee.isPlain:
            unsafe addBytes(node.pointee.byteCount, at: offset, node)
        default: unsafe append(.walk, offset, 0, node)
        }
    }

    private mutating func append(
        _ kind: CopyStep.Kind, _ offset: UInt32, _ mask: UInt32, _ node: UnsafePointer<ABINode>
    ) {
        unsafe steps.append(CopyStep(kind: kind, offset: offset, mask: mask, type: node))
    }

    private mutating func addBytes(_ count: UInt32, at offset: UInt32, _ node: UnsafePointer<ABINode>) {
        var (start, total) = (offset, count)
        if let last = steps.last, last.isBytes, last.offset &+ last.mask == offset {
            start = last.offset
            total = last.mask &+ count
            steps.removeLast()
        }
        let kind: CopyStep.Kind =
            switch total {
            case 1: .bytes1
            case 2: .bytes2
            case 4: .bytes4
            case 8: .bytes8
            case 5...7: .bytesTo7
            case 9...15: .bytesTo15
            default: .bytes
            }
        unsafe append(kind, start, total, node)
    }

    /// Adds a value to the row of core values, which there is none of once a value is not made of numbers only.
    mutating func addFlat(_ node: UnsafePointer<ABINode>) {
        guard let count = flat?.count, count < 16 else {
            flat = nil
            return
        }
        switch unsafe node.pointee.kind {
        case .u8: flat?.append(FlatStep(kind: .masked, mask: 0xFF))
        case .u16: flat?.append(FlatStep(kind: .masked, mask: 0xFFFF))
        case .u32, .s32, .f32: flat?.append(FlatStep(kind: .masked, mask: 0xFFFF_FFFF))
        case .u64, .s64, .f64: flat?.append(FlatStep(kind: .masked, mask: .max))
        case .flags: flat?.append(FlatStep(kind: .masked, mask: unsafe UInt64(node.pointee.flagMask)))
        case .s8: flat?.append(FlatStep(kind: .signed8, mask: 0))
        case .s16: flat?.append(FlatStep(kind: .signed16, mask: 0))
        case .bool: flat?.append(FlatStep(kind: .bool, mask: 0))
        case .char: flat?.append(FlatStep(kind: .char, mask: 0))
        case .record:
            for position in 0..<(unsafe Int(node.pointee.memberCount)) {
                guard flat != nil, let member = unsafe node.pointee.members[position].type else {
                    flat = nil
                    return
                }
                unsafe addFlat(member)
            }
        default: flat = nil
        }
    }
}

extension CopyStep {
    var isBytes: Bool {
        switch kind {
        case .bytes1, .bytes2, .bytes4, .bytes8, .bytesTo7, .bytesTo15, .bytes: true
        default: false
        }
    }
}

extension ABINode {
    /// Of a variant: whether no case has a payload.
    var hasNoPayload: Bool {
        for position in 0..<Int(memberCount) where unsafe members[position].type != nil { return false }
        return true
    }
}

// MARK: - Carrying them out

extension CopyStep {
    /// How many elements of a list are gone over with one step before the next step has its turn.
    static let blockLength = 64

    /// Carries out a row of steps for values that lie one after another.
    ///
    /// - Parameters:
    ///   - row: of the source's type; `targetRow` of the target's, made of the same type for addresses of the same width.
    ///   - valueCount: how many values there are, each `stride` bytes after the one before.
    ///   - address: where the first value begins; both ranges have been checked.
    static func run(
        _ row: UnsafePointer<CopyStep>, _ count: Int, valueCount: Int, stride: Int, from address: Int,
        _ source: inout HostContext, _ targetRow: UnsafePointer<CopyStep>, to targetAddress: Int,
        _ target: inout HostContext
    ) throws(Trap) {
        guard let from = unsafe source.options.extent.pointee.base, let to = unsafe target.options.extent.pointee.base
        else { return }
        for position in 0..<count {
            let step = unsafe row + position
            if unsafe step.pointee.kind == .walk {
                // The guests' allocators may run here, and grow their memories, whose bases stay where they are.
                let offset = unsafe Int(step.pointee.offset)
                for value in 0..<valueCount {
                    try unsafe ABICopy.copy(
                        ABIType(step.pointee.type), from: ABIPlace(address: address + value * stride + offset), &source,
                        to: ABIType(targetRow[position].type),
                        ABIPlace(address: targetAddress + value * stride + offset), &target)
                }
            } else {
                let offset = unsafe Int(step.pointee.offset)
                try unsafe step.pointee.run(
                    valueCount, stride, from: UnsafeRawPointer(from) + address + offset,
                    to: UnsafeMutableRawPointer(to) + targetAddress + offset)
            }
        }
    }

    /// Carries out one step that needs nothing but the bytes.
    @inline(__always)
    private func run(
        _ count: Int, _ stride: Int, from source: UnsafeRawPointer, to target: UnsafeMutableRawPointer
    ) throws(Trap) {
        switch kind {
        case .bytes1: unsafe Self.copy(UInt8.self, count, stride, source, target)
        case .bytes2: unsafe Self.copy(UInt16.self, count, stride, source, target)
        case .bytes4: unsafe Self.copy(UInt32.self, count, stride, source, target)
        case .bytes8: unsafe Self.copy(UInt64.self, count, stride, source, target)
        // Two pieces that overlap.
        case .bytesTo7:
            let rest = Int(mask) - 4
            unsafe Self.copy(UInt32.self, count, stride, source, target)
            unsafe Self.copy(UInt32.self, count, stride, source + rest, target + rest)
        case .bytesTo15:
            let rest = Int(mask) - 8
            unsafe Self.copy(UInt64.self, count, stride, source, target)
            unsafe Self.copy(UInt64.self, count, stride, source + rest, target + rest)
        case .bytes:
            for value in 0..<count {
                unsafe (target + value &* stride).copyMemory(from: source + value &* stride, byteCount: Int(mask))
            }
        case .bool:
            for value in 0..<count {
                let byte = unsafe source.loadUnaligned(fromByteOffset: value &* stride, as: UInt8.self)
                unsafe target.storeBytes(of: byte == 0 ? 0 : 1, toByteOffset: value &* stride, as: UInt8.self)
            }
        case .char:
            for value in 0..<count {
                let scalar = unsafe source.loadUnaligned(fromByteOffset: value &* stride, as: UInt32.self)
                guard scalar < 0x110000, scalar & 0xFFFF_F800 != 0xD800 else { throw ABIFault.invalidCharacter }
                unsafe target.storeBytes(of: scalar, toByteOffset: value &* stride, as: UInt32.self)
            }
        case .flags1: unsafe Self.copy(UInt8.self, count, stride, source, target, mask: mask)
        case .flags2: unsafe Self.copy(UInt16.self, count, stride, source, target, mask: mask)
        case .flags4: unsafe Self.copy(UInt32.self, count, stride, source, target, mask: mask)
        case .case1: try unsafe Self.copy(UInt8.self, count, stride, source, target, below: mask)
        case .case2: try unsafe Self.copy(UInt16.self, count, stride, source, target, below: mask)
        case .case4: try unsafe Self.copy(UInt32.self, count, stride, source, target, below: mask)
        case .walk: throw ABIFault.typeMismatch
        }
    }

    @inline(__always)
    private static func copy<Number: FixedWidthInteger>(
        _ type: Number.Type, _ count: Int, _ stride: Int, _ source: UnsafeRawPointer, _ target: UnsafeMutableRawPointer,
        mask: UInt32 = .max
    ) {
        for value in 0..<count {
            var number = unsafe source.loadUnaligned(fromByteOffset: value &* stride, as: Number.self)
            if mask != .max { number &= Number(truncatingIfNeeded: mask) }
            unsafe target.storeBytes(of: number, toByteOffset: value &* stride, as: Number.self)
        }
    }

    @inline(__always)
    private static func copy<Number: FixedWidthInteger>(
        _ type: Number.Type, _ count: Int, _ stride: Int, _ source: UnsafeRawPointer, _ target: UnsafeMutableRawPointer,
        below bound: UInt32
    ) throws(Trap) {
        for value in 0..<count {
            let number = unsafe source.loadUnaligned(fromByteOffset: value &* stride, as: Number.self)
            guard UInt32(truncatingIfNeeded: number) < bound else { throw ABIFault.invalidDiscriminant }
            unsafe target.storeBytes(of: number, toByteOffset: value &* stride, as: Number.self)
        }
    }
}

extension FlatStep {
    /// A core value as the other side gets it.
    @inline(__always)
    func convert(_ value: UInt64) throws(Trap) -> UInt64 {
        switch kind {
        case .masked: return value & mask
        case .signed8: return UInt64(UInt32(bitPattern: Int32(Int8(truncatingIfNeeded: value))))
        case .signed16: return UInt64(UInt32(bitPattern: Int32(Int16(truncatingIfNeeded: value))))
        case .bool: return UInt32(truncatingIfNeeded: value) == 0 ? 0 : 1
        case .char:
            let scalar = UInt32(truncatingIfNeeded: value)
            guard scalar < 0x110000, scalar & 0xFFFF_F800 != 0xD800 else { throw ABIFault.invalidCharacter }
            return UInt64(scalar)
        }
    }
}
