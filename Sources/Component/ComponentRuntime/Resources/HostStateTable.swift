// What the host has given a store of its own, by class. There are a few, and nearly every call of a host function wants one.

/// Objects by the identity of the class that they were given as; one of each.
@safe final class HostStateTable {
    private struct Place {
        let identity: ObjectIdentifier
        var object: AnyObject
    }

    // Invariant: there are `count` places, all initialised. Another one is a rare thing, and takes new memory for all.
    private var places = UnsafeMutablePointer<Place>.allocate(capacity: 0)
    private var count = 0

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
            let extended = UnsafeMutablePointer<Place>.allocate(capacity: count + 1)
            unsafe extended.moveInitialize(from: places, count: count)
            unsafe (extended + count).initialize(to: Place(identity: identity, object: newValue))
            unsafe places.deallocate()
            unsafe places = extended
            count += 1
        }
    }
}
