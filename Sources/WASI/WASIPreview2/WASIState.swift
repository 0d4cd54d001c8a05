// What one guest has of the host. It is the store's, so it lives as long as the guest and no other guest sees it.

import ComponentRuntime
public import Execution
public import WASIHost

/// The state of WASI for the guest of one store. Used by the thread that runs the store.
public final class WASIState {
    /// What the guest was given.
    public let configuration: HostConfiguration
    /// The configuration's own; programs ask for the time often, and the whole configuration takes long to look into.
    let monotonicClock: any MonotonicClock

    /// Counts the descriptors that the guest holds.
    let budget: DescriptorBudget

    public init(_ configuration: HostConfiguration) {
        self.configuration = configuration
        monotonicClock = configuration.monotonicClock
        budget = configuration.makeDescriptorBudget()
    }

    var waiter: any Waiter { configuration.waiter }
    var limits: HostLimits { configuration.limits }
}

extension Store {
    /// Gives the guests of this store what `configuration` grants. Must come before a component of the store calls
    /// anything of WASI: without it such a call traps.
    public func setWASI(_ configuration: HostConfiguration) {
        setHostState(WASIState(configuration))
    }
}

extension HostContext {
    /// The WASI state of the calling guest's store. Traps if it was given none.
    var wasi: WASIState {
        get throws { try state(WASIState.self) }
    }
}
