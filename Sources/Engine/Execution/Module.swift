// A validated module, ready to be instantiated any number of times in any number of stores.
//
// The code of its functions is shared by all instances: nothing in it names an instance. A function is translated the
// first time somebody calls it; until then its record holds a stub that asks for that.

package import CApus
import InternalUtilities
import Synchronization
package import WasmBinary
package import WasmTypes

/// A validated module. Immutable for those who use it; its code is filled in behind a lock.
@safe public final class Module: Sendable {
    package let binary: BinaryModule
    package let registry: TypeRegistry
    package let producer: any CodeProducer
    /// The engine's number for each of the module's types, and what code needs to know of it.
    private let registration: TypeRegistry.Registration
    /// Whether the engine could number the types; a module whose types have no numbers is not instantiated.
    let hasTypeNumbers: Bool
    /// Names for backtraces and messages.
    package let names: ModuleNames

    // One record for each function that is not imported. They stay where they are until `deinit`; of their fields only
    // `entry` changes while others read, and that one atomically, after all others were written under `code`'s lock.
    // That makes sharing the pointer sound.
    package nonisolated(unsafe) let records: UnsafeMutablePointer<apus_code>
    package let recordCount: Int
    /// How many functions come before those with a record. Read from here, for `binary` is large, and copied when one of
    /// its methods is called.
    let importedFunctionCount: Int
    /// The types of all functions.
    private let functionTypes: [TypeIndex]
    private let code: Mutex<CodeArena>
    let images = MemoryImageSource()
    private let exports = Mutex<[ExactString: ExternalIndex]?>(nil)

    /// `binary` must have been validated.
    package init(validated binary: BinaryModule, registry: TypeRegistry, producer: any CodeProducer) {
        self.binary = binary
        self.registry = registry
        self.producer = producer
        names = ModuleNames(binary)
        let registration = registry.register(binary)
        self.registration = registration ?? TypeRegistry.Registration()
        hasTypeNumbers = registration != nil
        recordCount = binary.bodies.count
        importedFunctionCount = binary.importedFunctionCount
        functionTypes = binary.functions
        unsafe records = UnsafeMutablePointer<apus_code>.allocate(capacity: max(1, recordCount))
        unsafe records.initialize(repeating: apus_code(), count: max(1, recordCount))
        code = Mutex(CodeArena())
        for position in 0..<recordCount {
            let index = binary.importedFunctionCount + position
            let record = unsafe records + position
            let layout = binary.frameHeaderLayout(ofFunctionAt: index)
            unsafe record.pointee.parameter_slots = layout.parameterSlots
            unsafe record.pointee.result_slots = layout.resultSlots
            unsafe record.pointee.header_slot = max(layout.parameterSlots, layout.resultSlots)
            unsafe record.pointee.function_index = UInt32(truncatingIfNeeded: index)
            unsafe record.pointee.owner = Unmanaged.passUnretained(self).toOpaque()
            unsafe apus_code_initialize(record, false)
        }
    }

    deinit {
        unsafe records.deallocate()
    }

    /// What is exported under this name; nil if nothing is. The names are indexed when one is first asked for.
    package func exportIndex(_ name: String) -> ExternalIndex? {
        exports.withLock { exports in
            let name = ExactString(name)
            if let exports { return exports[name] }
            let made = Dictionary(
                binary.exports.map { (ExactString($0.name), $0.index) }, uniquingKeysWith: { first, _ in first })
            exports = made
            return made[name]
        }
    }

    /// The record of a function that is not imported; nil for any other index.
    package func record(of function: FunctionIndex) -> UnsafeMutablePointer<apus_code>? {
        let position = function.position - importedFunctionCount
        guard position >= 0, position < recordCount else { return nil }
        return unsafe records + position
    }

    /// Makes the record's function executable, unless somebody else just did.
    package func translate(_ record: UnsafeMutablePointer<apus_code>) throws(BinaryError) {
        let function = unsafe FunctionIndex(record.pointee.function_index)
        // The record's address is all that crosses into the lock; the arena does not keep it.
        let address = UInt(bitPattern: record)
        let failure: BinaryError? = code.withLock { arena in
            guard let record = unsafe UnsafeMutablePointer<apus_code>(bitPattern: address),
                unsafe !apus_code_is_translated(record)
            else { return nil }
            do throws(BinaryError) {
                let produced = try producer.produce(function, of: self)
                let entry = unsafe arena.append(produced, function: function)
                unsafe record.pointee.frame_slots = UInt32(truncatingIfNeeded: produced.frameSlots)
                unsafe record.pointee.zeroed_slots = UInt32(truncatingIfNeeded: produced.zeroedSlots)
                unsafe apus_code_publish(record, entry)
                return nil
            } catch {
                return error
            }
        }
        if let failure { throw failure }
    }

    /// The function whose code has this place in it; nil if none has.
    package func function(at place: UnsafePointer<UInt64>) -> FunctionIndex? {
        let lower = unsafe UnsafeRawPointer(records)
        let distance = unsafe UnsafeRawPointer(place) - lower
        let stride = unsafe MemoryLayout<apus_code>.stride
        if distance >= 0, distance < recordCount * stride {
            return FunctionIndex(UInt32(truncatingIfNeeded: binary.importedFunctionCount + distance / stride))
        }
        let address = UInt(bitPattern: place)
        return code.withLock { $0.function(at: address) }
    }

    /// The first clause that covers a place in a function's code and catches what `isWanted` says of its tag.
    package func handler(
        at place: UnsafePointer<UInt64>, in function: FunctionIndex, where isWanted: (TagIndex?) -> Bool
    ) -> ExceptionLanding? {
        guard let record = unsafe record(of: function), unsafe apus_code_is_translated(record) else { return nil }
        let entry: UnsafePointer<UInt64> = unsafe record.pointee.entry
        let word = unsafe place - entry
        let handlers = code.withLock { $0.handlers[function] ?? [] }
        var depth = Int.max
        for handler in handlers where handler.range.contains(word) && handler.depth <= depth {
            switch handler.action {
            case .delegate(let outer): depth = outer
            case .take(let tag, let firstSlot, let referenceSlot, let target):
                guard isWanted(tag) else { continue }
                return unsafe ExceptionLanding(
                    takesValues: tag != nil, firstSlot: firstSlot, referenceSlot: referenceSlot, target: entry + target)
            }
        }
        return nil
    }

    // MARK: - Types

    /// The engine's number for one of the module's types.
    package func typeNumber(_ index: TypeIndex) -> UInt32 {
        registration.numbers.indices.contains(index.position) ? registration.numbers[index.position] : TypeRegistry.unnumbered
    }

    /// What code knows of one of the module's types.
    package func typeDescriptor(_ index: TypeIndex) -> TypeDescriptor {
        registration.descriptors.indices.contains(index.position) ? registration.descriptors[index.position] : .unnumbered
    }

    /// What code knows of a function's type.
    func typeDescriptor(ofFunction index: FunctionIndex) -> TypeDescriptor {
        functionTypes.indices.contains(index.position) ? typeDescriptor(functionTypes[index.position]) : .unnumbered
    }

    /// A function's type as the module has it; nil if there is no such function.
    func functionType(of index: FunctionIndex) -> FunctionType? {
        guard functionTypes.indices.contains(index.position) else { return nil }
        let types = binary.types
        let position = functionTypes[index.position].position
        return types.indices.contains(position) ? types[position].function : nil
    }

    /// A type of the module as the engine knows it: with the engine's number in place of a type index.
    package func canonical(_ type: ValueType) -> ValueType {
        type.renumbered(typeNumber)
    }
}

/// Where a caught exception goes: see `ExceptionHandler.Action.take`.
@safe package struct ExceptionLanding {
    var takesValues: Bool
    var firstSlot: Int
    var referenceSlot: Int?
    var target: UnsafePointer<UInt64>
}

extension BinaryModule {
    /// How many slots a function's parameters and results take.
    package func frameHeaderLayout(ofFunctionAt index: Int) -> (parameterSlots: UInt32, resultSlots: UInt32) {
        guard functions.indices.contains(index), types.indices.contains(functions[index].position),
            let type = types[functions[index].position].function
        else { return (0, 0) }
        return (type.parameters.slotCount, type.results.slotCount)
    }
}

extension [ValueType] {
    /// How many frame slots values of these types take: two for a vector, one for all others.
    package var slotCount: UInt32 {
        var count = UInt32(truncatingIfNeeded: self.count)
        for type in self where type.isVector { count &+= 1 }
        return count
    }
}
