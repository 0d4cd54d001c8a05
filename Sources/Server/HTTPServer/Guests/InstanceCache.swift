// Instances between two requests. One that has answered as many requests as it may is renewed, so that the next request
// finds it new; making another would take far longer. An event loop has its own: an instance belongs to the thread that made
// it.

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
    /// Whether it was used since `lastUse` was looked at.
    fileprivate var wasUsed = false
    fileprivate var isResting = false

    init(_ proxy: HTTPProxyInstance, waiter: FiberWaiter, handle: InterruptHandle) {
        self.proxy = proxy
        self.waiter = waiter
        self.handle = handle
    }
}

/// The idle instances of one event loop, by application.
struct InstanceCache {
    private struct Entry {
        let application: Application
        var instances: [GuestInstance] = []
    }

    /// One for each application that was used lately; there are few.
    private var idle: [Entry] = []

    /// How many idle instances of an application are kept.
    private static let limit = 128
    private static let maximumIdleTime = TimeAmount.seconds(10)
    /// What is idle for so long, and is not what will be used next, lets go of its memory.
    private static let restTime = TimeAmount.milliseconds(200)
    /// How often applications let go of what can be had again.
    private static let trimInterval = TimeAmount.seconds(1)
    private var nextTrim = NIODeadline.now()

    /// Instances that have answered as many requests as they may.
    private var used: [(instance: GuestInstance, application: Application)] = []

    private(set) var renewals = RenewalCount()

    /// One that is free, the last one used first.
    mutating func take(_ application: Application) -> GuestInstance? {
        renewUsed()
        guard let place = place(of: application) else { return nil }
        let instance = idle[place].instances.popLast()
        instance?.isResting = false
        return instance
    }

    /// Keeps an instance for the next request, if it will be good for one.
    mutating func put(_ instance: GuestInstance, of application: Application) {
        guard instance.proxy.fault == nil else { return }
        instance.useCount += 1
        if instance.useCount < application.requestsPerInstance {
            keep(instance, of: application)
        } else {
            used.append((instance, application))
        }
    }

    private mutating func keep(_ instance: GuestInstance, of application: Application) {
        instance.wasUsed = true
        if let place = place(of: application) {
            if idle[place].instances.count < Self.limit { idle[place].instances.append(instance) }
        } else {
            idle.append(Entry(application: application, instances: [instance]))
        }
    }

    /// Readies what was used for the next request. To be called when a response has been sent, for it takes a while.
    mutating func renewUsed() {
        while let (instance, application) = used.popLast() {
            let started = NIODeadline.now()
            guard application.source.renew(instance.proxy, waiter: instance.waiter) else {
                renewals.failed &+= 1
                continue
            }
            instance.useCount = 0
            renewals.succeeded &+= 1
            renewals.nanoseconds &+= UInt64(clamping: (.now() - started).nanoseconds)
            keep(instance, of: application)
        }
    }

    private func place(of application: Application) -> Int? {
        idle.firstIndex { $0.application === application }
    }

    /// Lets go of what was not used for a while.
    mutating func trim(at now: NIODeadline) {
        let trimsApplications = now >= nextTrim
        if trimsApplications { nextTrim = now + Self.trimInterval }
        for place in idle.indices {
            for instance in idle[place].instances where instance.wasUsed {
                instance.wasUsed = false
                instance.lastUse = now
            }
            idle[place].instances.removeAll { now - $0.lastUse >= Self.maximumIdleTime }
            for instance in idle[place].instances.dropLast()
            where !instance.isResting && now - instance.lastUse >= Self.restTime {
                instance.isResting = true
                if instance.useCount == 0 { instance.proxy.rest() }
            }
            if trimsApplications { idle[place].application.source.trim() }
        }
        idle.removeAll { $0.instances.isEmpty }
    }

    var isEmpty: Bool { idle.isEmpty }

    /// How many are idle, by the name of their application. One that was loaded again has the name of the one before.
    var idleCounts: [String: Int] {
        var counts: [String: Int] = [:]
        for entry in idle { counts[entry.application.name, default: 0] += entry.instances.count }
        for entry in used { counts[entry.application.name, default: 0] += 1 }
        return counts
    }
}
