// An instance that is made what it was when it was new, so that it can stand for a new one; see `StoreCheckpoint`.

package import Execution

/// What an instance, and all else in its store, was like when it had been made. Belongs to the store's thread.
package final class ComponentCheckpoint {
    fileprivate let store: StoreCheckpoint
    private let instanceCount: Int

    fileprivate init(store: StoreCheckpoint, instanceCount: Int) {
        self.store = store
        self.instanceCount = instanceCount
    }

    fileprivate func restore(_ state: ComponentStoreState) -> Bool {
        guard state.instances.count == instanceCount else { return false }
        for instance in state.instances where !instance.isRestorable { return false }
        guard state.store.restore(store) else { return false }
        for instance in state.instances { instance.forget() }
        state.objects.removeAll()
        return true
    }
}

extension ComponentInstance {
    /// Notes what the instance is like; nil if it cannot be made so again. To be called when the instance has been made
    /// and was not called.
    ///
    /// - Parameter shared: what instances of the same component share.
    package func makeCheckpoint(_ shared: SharedSnapshots) -> ComponentCheckpoint? {
        let state = ComponentStoreState.of(store)
        guard state.objects.count == 0, state.instances.allSatisfy({ $0.isRestorable && $0.handles.count == 0 }),
            let checkpoint = store.makeCheckpoint(shared)
        else { return nil }
        return ComponentCheckpoint(store: checkpoint, instanceCount: state.instances.count)
    }

    /// Makes the instance as good as new: no later call can tell that there was an earlier one. What the host has given
    /// the store (`Store.setHostState`) stays, and is to be given anew. Answers false if the instance cannot be restored,
    /// for one because it has trapped; then its store is to be let go of.
    package func restore(_ checkpoint: ComponentCheckpoint) -> Bool {
        checkpoint.restore(ComponentStoreState.of(store))
    }

    /// Gives back memory that the instance does not need until it is called again. It must have been restored and not
    /// called since.
    package func rest(_ checkpoint: ComponentCheckpoint) { store.rest(checkpoint.store) }
}

extension ComponentInstanceState {
    /// Whether no call is under way, and none has failed.
    fileprivate var isRestorable: Bool { fault == nil && mayEnter && mayLeave && borrowCounts.isEmpty }

    fileprivate func forget() {
        handles.removeAll()
        task = TaskState()
        backpressure = 0
    }
}
