// What the host has given a store of its own, by class. There are a few, and nearly every call of a host function wants one.

/// Objects by the identity of the class that they were given as; one of each.
@safe final class HostStateTable {
    private struct Place {
        let identity: ObjectIdentifier
        var object: AnyObject
    }

    // Invariant: the first `count` of `capacity` places are initialised.
    private var places: UnsafeMutablePointer<Place>
    private var count = 0
    private var capacity = 4

    init() {
        unsafe places = UnsafeMutablePointer<Place>.allocate(capacity: capacity)
    }

    deinit {
        unsafe places.deinitialize(count: count)
        unsafe places.deallocate()
    }

    /// What was given as the class; nil if nothing was. Setting nil changes nothing.
    subscript(_ identity: ObjectIdentifier) -> AnyObject? {
        get {
            var index = 0
            while index < count {
                if unsafe places[index].identity == identity { return unsafe places[index].object }
                index += 1
            }
            return nil
        }
        set {
            guard let newValue else { return }
            for index in 0..<count where unsafe places[index].identity == identity {
                return unsafe places[index].object = newValue
            }
            if count == capacity { grow() }
            unsafe (places + count).initialize(to: Place(identity: identity, object: newValue))
            count += 1
        }
    }

    private func grow() {
        let grown = UnsafeMutablePointer<Place>.allocate(capacity: capacity * 2)
        unsafe grown.moveInitialize(from: places, count: count)
        unsafe places.deallocate()
        unsafe places = grown
        capacity *= 2
    }
}
