// An instance of a module: its record for generated code, and the objects behind it.

import InternalUtilities
package import CApus
import WasmBinary
package import WasmTypes

/// An instance. Lives in its store until the store dies.
@safe public final class Instance {
    public let module: Module
    /// The store outlives the instance's use: it owns it.
    public unowned let store: Store
    package let record: UnsafeMutablePointer<apus_instance>

    package var memories: [LinearMemory] = []
    package var tables: [Table] = []
    package var globals: [Global] = []
    package var tags: [Tag] = []
    /// What is left of the segments.
    var segmentState = SegmentState()
    private var importedFunctions: [Function] = []

    // Reference records of the module's own functions, filled when a reference is first taken.
    private let functionRecords: UnsafeMutablePointer<apus_function>

    /// Stands where an instance has no memory, so that code need not ask.
    private static nonisolated(unsafe) let noMemory: UnsafeMutablePointer<apus_memory> = {
        // Never written to: its size is 0.
        let memory = UnsafeMutablePointer<apus_memory>.allocate(capacity: 1)
        unsafe memory.initialize(to: apus_memory())
        return unsafe memory
    }()

    /// Makes an instance whose imports are set, and whose own memories, tables, globals and segments are not yet.
    init(of module: Module, in store: Store) {
        self.module = module
        self.store = store
        unsafe record = UnsafeMutablePointer<apus_instance>.allocate(capacity: 1)
        unsafe record.initialize(to: apus_instance())
        unsafe functionRecords = UnsafeMutablePointer<apus_function>.allocate(capacity: max(1, module.recordCount))
        unsafe functionRecords.initialize(repeating: apus_function(), count: max(1, module.recordCount))
        unsafe record.pointee.owner = Unmanaged.passUnretained(self).toOpaque()
    }

    deinit {
        unsafe record.pointee.memories?.deallocate()
        unsafe record.pointee.tables?.deallocate()
        unsafe record.pointee.globals?.deallocate()
        unsafe record.pointee.imports?.deallocate()
        unsafe record.deallocate()
        unsafe functionRecords.deallocate()
    }

    /// Called by the dying store; nothing refers to the instance's parts from then on.
    func dissolve() {
        importedFunctions = []
    }

    /// Sets the imported functions; they come first in the function index space.
    func link(functions: [Function]) {
        importedFunctions = functions
        let pointers = UnsafeMutablePointer<UnsafeMutablePointer<apus_function>?>.allocate(capacity: max(1, functions.count))
        for (index, function) in functions.enumerated() {
            unsafe (pointers + index).initialize(to: function.record)
        }
        unsafe record.pointee.imports = pointers
    }

    /// Publishes memories, tables and globals to generated code, once all of them exist.
    func publish() {
        let memoryPointers = UnsafeMutablePointer<UnsafeMutablePointer<apus_memory>?>.allocate(capacity: max(1, memories.count))
        unsafe memoryPointers.initialize(to: Self.noMemory)
        for (index, memory) in memories.enumerated() { unsafe memoryPointers[index] = memory.record }
        unsafe record.pointee.memories = memoryPointers

        let tablePointers = UnsafeMutablePointer<UnsafeMutablePointer<apus_table>?>.allocate(capacity: max(1, tables.count))
        for (index, table) in tables.enumerated() { unsafe tablePointers[index] = table.record }
        unsafe record.pointee.tables = tablePointers

        let globalPointers = UnsafeMutablePointer<UnsafeMutablePointer<UInt64>?>.allocate(capacity: max(1, globals.count))
        for (index, global) in globals.enumerated() { unsafe globalPointers[index] = global.cell }
        unsafe record.pointee.globals = globalPointers
    }

    // MARK: - Index spaces

    /// The function at an index; nil beyond the index space.
    package func function(_ index: FunctionIndex) -> Function? {
        if index.position < importedFunctions.count { return importedFunctions[index.position] }
        guard let record = unsafe ownFunction(index), let type = module.functionType(of: index) else { return nil }
        return unsafe Function(type: type.namesTypes ? type.renumbered(module.typeNumber) : type, record: record)
    }

    func rawReference(to index: FunctionIndex) throws(Trap) -> UInt64 {
        guard let reference = reference(to: index) else { throw Trap(.internalError) }
        return reference
    }

    /// Nil beyond the index space.
    private func reference(to index: FunctionIndex) -> UInt64? {
        if index.position < importedFunctions.count { return importedFunctions[index.position].rawReference }
        return unsafe ownFunction(index).map { UInt64(UInt(bitPattern: $0)) }
    }

    /// The record of a function that is not imported; nil for any other index. Tables are filled with thousands of these
    /// in every instance, so nothing else is looked at.
    private func ownFunction(_ index: FunctionIndex) -> UnsafeMutablePointer<apus_function>? {
        guard let code = unsafe module.record(of: index) else { return nil }
        let function = unsafe functionRecords + (index.position - module.importedFunctionCount)
        if unsafe function.pointee.code == nil {
            unsafe function.initialize(
                to: apus_function(type: module.typeDescriptor(ofFunction: index).record, code: code, instance: record))
        }
        return unsafe function
    }

    func memory(_ index: UInt32) throws(Trap) -> LinearMemory {
        guard memories.indices.contains(Int(index)) else { throw Trap(.internalError) }
        return memories[Int(index)]
    }

    func table(_ index: UInt32) throws(Trap) -> Table {
        guard tables.indices.contains(Int(index)) else { throw Trap(.internalError) }
        return tables[Int(index)]
    }

    // MARK: - Exports

    /// The export of this name; nil if there is none.
    public func export(_ name: String) -> ExternalValue? {
        guard let index = module.exportIndex(name) else { return nil }
        switch index {
        case .function(let index): return function(index).map { .function($0) }
        case .table(let index): return tables.indices.contains(index.position) ? .table(tables[index.position]) : nil
        case .memory(let index): return memories.indices.contains(index.position) ? .memory(memories[index.position]) : nil
        case .global(let index): return globals.indices.contains(index.position) ? .global(globals[index.position]) : nil
        case .tag(let index): return tags.indices.contains(index.position) ? .tag(tags[index.position]) : nil
        }
    }

    // MARK: - Segments

    /// Copies a part of a data segment into a memory (`memory.init`).
    func initializeMemory(
        _ memoryIndex: MemoryIndex, from segment: DataIndex, to target: UInt64, start: UInt64, count: UInt64
    ) throws(Trap) {
        guard module.binary.data.indices.contains(segment.position) else { throw Trap(.internalError) }
        let extent = module.binary.data[segment.position].bytes
        let available = segmentState.droppedData.contains(segment.rawValue) ? 0 : UInt64(extent.count)
        let memory = try memory(memoryIndex.rawValue)
        guard count <= available, start <= available - count, let bytes = unsafe memory.bytes(at: target, count: count) else {
            throw Trap(.memoryOutOfBounds)
        }
        if let base = bytes.baseAddress {
            let lower = extent.lowerBound + Int(start)
            unsafe try copyBytes(lower..<lower + Int(count), to: base)
        }
    }

    /// Copies a part of the module's file, in pieces. Where it goes to does not move meanwhile: only the guest itself could
    /// have a memory moved.
    func copyBytes(_ range: Range<Int>, to target: UnsafeMutableRawPointer) throws(Trap) {
        var done = 0
        while true {
            let count = min(range.count - done, Store.bytesAtOnce)
            let lower = range.lowerBound + done
            unsafe module.binary.source.copy(
                lower..<lower + count, to: UnsafeMutableRawBufferPointer(start: target + done, count: count))
            done += count
            if done == range.count { return }
            try store.passInterrupt()
        }
    }

    func dropData(_ segment: DataIndex) {
        segmentState.droppedData.insert(segment.rawValue)
    }

    /// Copies a part of an element segment into a table (`table.init`).
    func initializeTable(
        _ tableIndex: TableIndex, from segment: ElementIndex, to target: UInt64, start: UInt64, count: UInt64
    ) throws(Trap) {
        guard module.binary.elements.indices.contains(segment.position) else { throw Trap(.internalError) }
        let table = try table(tableIndex.rawValue)
        let element = module.binary.elements[segment.position]
        let available = segmentState.droppedElements.contains(segment.rawValue) ? 0 : UInt64(element.itemCount)
        guard count <= available, start <= available - count, count <= table.count, target <= table.count - count else {
            throw Trap(.tableOutOfBounds)
        }
        switch element.items {
        case .functions(_, let extent):
            try forEachFunction(in: extent, from: start, count: count) { position, reference in
                _ = table.store(reference, at: target + position)
            }
        case .expressions:
            for offset in 0..<count {
                _ = table.store(try self.element(Int(start + offset), of: segment), at: target + offset)
                if offset % Store.valuesAtOnce == 0 { try store.passInterrupt() }
            }
        }
    }

    /// Reads a segment's list of functions, which must have so many: the positions from `start` on, and the references.
    func forEachFunction(
        in extent: ByteExtent, from start: UInt64, count: UInt64, _ body: (UInt64, UInt64) -> Void
    ) throws(Trap) {
        // What was read so far; the reader borrows the bytes, and a trap is no error of the file's.
        var offset = extent.lowerBound
        var position: UInt64 = 0
        while position < start + count {
            let end = min(start + count, position + Store.valuesAtOnce)
            do throws(BinaryError) {
                let source = module.binary.source
                var reader = ByteReader(source.bytes, extent: offset..<extent.upperBound)
                while position < end {
                    let function = FunctionIndex(try reader.readVarUInt32())
                    if position >= start {
                        guard let reference = reference(to: function) else {
                            throw reader.malformed("unknown function", at: reader.position)
                        }
                        body(position - start, reference)
                    }
                    position += 1
                }
                offset = reader.position
            } catch {
                throw Trap(.internalError, detail: "\(error)")
            }
            if position < start + count { try store.passInterrupt() }
        }
    }

    /// An element of a segment, which must have so many.
    func element(_ position: Int, of segment: ElementIndex) throws(Trap) -> UInt64 {
        if let values = segmentState.elementValues[segment.rawValue] {
            guard values.indices.contains(position) else { throw Trap(.internalError) }
            return values[position]
        }
        guard module.binary.elements.indices.contains(segment.position) else { throw Trap(.internalError) }
        switch module.binary.elements[segment.position].items {
        case .expressions(let expressions):
            guard expressions.indices.contains(position) else { throw Trap(.internalError) }
            return try evaluate(expressions[position]).low
        case .functions(_, let extent):
            do throws(BinaryError) {
                let source = module.binary.source
                var reader = ByteReader(source.bytes, extent: extent)
                for _ in 0..<position { _ = try reader.readVarUInt32() }
                guard let function = function(FunctionIndex(try reader.readVarUInt32())) else {
                    throw reader.malformed("unknown function", at: reader.position)
                }
                return function.rawReference
            } catch {
                throw Trap(.internalError, detail: "\(error)")
            }
        }
    }

    /// How many elements a segment has; none once it was dropped.
    func elementCount(_ segment: ElementIndex) throws(Trap) -> Int {
        guard module.binary.elements.indices.contains(segment.position) else { throw Trap(.internalError) }
        return segmentState.droppedElements.contains(segment.rawValue) ? 0 : module.binary.elements[segment.position].itemCount
    }

    /// The part of the file that a data segment is; empty once it was dropped.
    func dataExtent(_ segment: DataIndex) throws(Trap) -> ByteExtent {
        guard module.binary.data.indices.contains(segment.position) else { throw Trap(.internalError) }
        let extent = module.binary.data[segment.position].bytes
        return segmentState.droppedData.contains(segment.rawValue) ? extent.lowerBound..<extent.lowerBound : extent
    }

    func dropElements(_ segment: ElementIndex) {
        segmentState.droppedElements.insert(segment.rawValue)
        segmentState.elementValues[segment.rawValue] = nil
    }
}

/// What is left of an instance's segments: which were dropped, and what their expressions made.
struct SegmentState {
    var droppedData: Set<UInt32> = []
    var droppedElements: Set<UInt32> = []
    /// The elements of the segments whose expressions make objects, until the segment is dropped.
    var elementValues: [UInt32: [UInt64]] = [:]
}

extension ElementSegment {
    var itemCount: Int {
        switch items {
        case .functions(let count, _): Int(count)
        case .expressions(let expressions): expressions.count
        }
    }
}
