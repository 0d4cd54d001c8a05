// A store as it was when its instances had been made, and back to it: for a host that wants an instance without a past for
// each of many calls, and cannot afford to make one.
//
// All that guests can change is put back: memories, tables, globals, segments, exceptions, the stack. What cannot be put
// back makes the attempt fail, and the store is let go of: objects on the heap, a trap, a memory that moved.

import CApus
import WasmTypes

/// What a store was like. Belongs to the store's thread, like the store.
@safe package final class StoreCheckpoint {
    @safe private struct MemoryState {
        let memory: LinearMemory
        /// Nil for a memory that was empty.
        let snapshot: MemorySnapshot?
        let base: UnsafeMutableRawPointer?
    }

    private struct TableState {
        let table: Table
        let elements: [UInt64]
    }

    private struct GlobalState {
        let global: Global
        let low: UInt64
        let high: UInt64
    }

    private let memories: [MemoryState]
    private let tables: [TableState]
    private let globals: [GlobalState]
    private let segments: [(instance: Instance, state: SegmentState)]
    private let instanceCount: Int

    /// Nil if the store cannot be brought back to what it is now.
    fileprivate init?(of store: Store, _ shared: SharedSnapshots) {
        var seen: Set<ObjectIdentifier> = []
        var memories: [MemoryState] = []
        var tables: [TableState] = []
        var globals: [GlobalState] = []
        for instance in store.instances {
            for memory in instance.memories where seen.insert(ObjectIdentifier(memory)).inserted {
                var snapshot: MemorySnapshot?
                if memory.byteCount > 0 {
                    guard let taken = memory.takeSnapshot(shared, place: memories.count) else { return nil }
                    snapshot = taken
                }
                unsafe memories.append(MemoryState(memory: memory, snapshot: snapshot, base: memory.reservation?.base))
            }
            for table in instance.tables where seen.insert(ObjectIdentifier(table)).inserted {
                tables.append(TableState(table: table, elements: table.elements))
            }
            for global in instance.globals where global.type.isMutable && seen.insert(ObjectIdentifier(global)).inserted {
                globals.append(GlobalState(global: global, low: global.rawValue, high: global.upperRawValue))
            }
        }
        self.memories = memories
        self.tables = tables
        self.globals = globals
        segments = store.instances.map { ($0, $0.segmentState) }
        instanceCount = store.instances.count
    }

    /// Whether all is as it was.
    fileprivate func restore(_ store: Store) -> Bool {
        guard store.instances.count == instanceCount else { return false }
        for state in memories {
            if let snapshot = state.snapshot {
                guard let base = unsafe state.base, unsafe state.memory.restore(snapshot, base: base) else { return false }
            } else if state.memory.byteCount > 0 {
                return false
            }
        }
        for state in tables where !state.table.restore(state.elements) { return false }
        for state in globals { state.global.setRawValue(state.low, state.high) }
        for segment in segments { segment.instance.segmentState = segment.state }
        return true
    }

    fileprivate func rest() {
        for state in memories {
            if let snapshot = state.snapshot { state.memory.rest(snapshot) }
        }
    }
}

extension Store {
    /// Notes what the store is like, so that it can be made so again; nil if it cannot. To be called when its instances
    /// have been made and before any of them was called.
    ///
    /// An instance that was told something by the host while it was made cannot be made without a past again, so the answer
    /// is nil then.
    ///
    /// - Parameter shared: what stores with the same instances share.
    package func makeCheckpoint(_ shared: SharedSnapshots) -> StoreCheckpoint? {
        guard unsafe stack.activation.pointee.host_calls == 0, isQuiet, exceptions.isUnused else { return nil }
        return StoreCheckpoint(of: self, shared)
    }

    /// Makes the store what it was, with nothing left of the calls since. Answers false if it could not: then it must not
    /// be used any more.
    package func restore(_ checkpoint: StoreCheckpoint) -> Bool {
        guard isQuiet, checkpoint.restore(self) else { return false }
        if !exceptions.isUnused { exceptions = ExceptionTable(limit: limits.exceptions) }
        resetStack()
        return true
    }

    /// Gives back memory that a store does not need until it is used again. It must have been restored and not used since.
    package func rest(_ checkpoint: StoreCheckpoint) { checkpoint.rest() }

    /// Whether nothing runs, and nothing is there that a checkpoint does not know how to put back.
    private var isQuiet: Bool {
        pendingTrap == nil && constantOperands.isEmpty && pinnedReferences.isEmpty && heap.isEmpty && !isCalling
    }
}
