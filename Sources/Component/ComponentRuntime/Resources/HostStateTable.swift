// What the host has given a store of its own, by class. There are a few, and nearly every call of a host function wants one.

/// Objects by the identity of the class that they were given as; one of each.
///
/// A plain pointer to copy, valid until `free`.
@safe struct HostStateTable {
    private struct Place {
        let identity: ObjectIdentifier
        var object: AnyObject
    }

    @safe private struct State {
        // Invariant: there are `count` places, all initialised. Another one is a rare thing, and takes new memory for all.
        var places = UnsafeMutablePointer<Place>.allocate(capacity: 0)
        var count = 0
    }

    private let state: UnsafeMutablePointer<State>

    init() {
        unsafe state = .allocate(capacity: 1)
        unsafe state.initialize(to: State())
    }

    /// For whoever made the table.
    func free() {
        unsafe state.pointee.places.deinitialize(count: state.pointee.count)
        unsafe state.pointee.places.deallocate()
        unsafe state.deallocate()
    }

    /// What was given as the class, for who holds the store; nil if nothing was.
    @inline(__always)
    func unretained(_ identity: ObjectIdentifier) -> Unmanaged<AnyObject>? {
        let places = unsafe state.pointee.places
        let count = unsafe state.pointee.count
        var index = 0
        while index < count {
            if unsafe places[index].identity == identity { return unsafe .passUnretained(places[index].object) }
            index += 1
        }
        return nil
    }

    /// What was given as the class; nil if nothing was. Setting nil changes nothing.
    subscript(_ identity: ObjectIdentifier) -> AnyObject? {
        get { unsafe unretained(identity)?.takeUnretainedValue() }
        nonmutating set {
            guard let newValue else { return }
            let count = unsafe state.pointee.count
            for index in 0..<count where unsafe state.pointee.places[index].identity == identity {
                return unsafe state.pointee.places[index].object = newValue
            }
            let extended = UnsafeMutablePointer<Place>.allocate(capacity: count + 1)
            unsafe extended.moveInitialize(from: state.pointee.places, count: count)
            unsafe (extended + count).initialize(to: Place(identity: identity, object: newValue))
            unsafe state.pointee.places.deallocate()
            unsafe state.pointee = State(places: extended, count: count + 1)
        }
    }
}
