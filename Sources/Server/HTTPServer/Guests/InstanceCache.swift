// Instances between two requests, where they are used for more than one. An event loop has its own: an instance belongs to
// the thread that made it.

import Execution
import NIOCore
import WASIHTTP

/// An instance and what belongs to it.
final class GuestInstance {
    let proxy: HTTPProxyInstance
    let waiter: FiberWaiter
    let handle: InterruptHandle
    fileprivate(set) var useCount = 0
    fileprivate var lastUse = NIODeadline.now()

    init(_ proxy: HTTPProxyInstance, waiter: FiberWaiter, handle: InterruptHandle) {
        self.proxy = proxy
        self.waiter = waiter
        self.handle = handle
    }
}

/// The idle instances of one event loop, by application.
struct InstanceCache {
    private var idle: [ObjectIdentifier: (application: Application, instances: [GuestInstance])] = [:]

    /// How many idle instances of an application are kept.
    private static let limit = 128
    private static let maximumIdleTime = TimeAmount.seconds(10)

    /// One that is free, the last one used first.
    mutating func take(_ application: Application) -> GuestInstance? {
        guard application.requestsPerInstance > 1 else { return nil }
        return idle[ObjectIdentifier(application)]?.instances.popLast()
    }

    /// Keeps an instance for the next request, if it is good for one.
    mutating func put(_ instance: GuestInstance, of application: Application) {
        instance.useCount += 1
        guard instance.useCount < application.requestsPerInstance, instance.proxy.fault == nil else { return }
        instance.lastUse = .now()
        let key = ObjectIdentifier(application)
        guard idle[key, default: (application, [])].instances.count < Self.limit else { return }
        idle[key, default: (application, [])].instances.append(instance)
    }

    /// Lets go of what was not used for a while.
    mutating func trim(at now: NIODeadline) {
        for (key, entry) in idle {
            let kept = entry.instances.filter { now - $0.lastUse < Self.maximumIdleTime }
            if kept.isEmpty {
                idle[key] = nil
            } else if kept.count < entry.instances.count {
                idle[key] = (entry.application, kept)
            }
        }
    }

    var isEmpty: Bool { idle.isEmpty }
}
