// One event loop of a client: its connections and its requests. Nothing here is shared with another loop, so a request goes
// out on the loop that its guest runs on, and no lock is taken on its way.

import HTTPTransport
import NIOCore
import WASIHTTP

/// The state of one event loop.
// Proof of Sendable: what is constant is; everything else is used on the event loop only.
final class ClientLoop: @unchecked Sendable {
    let client: ClientCore
    let eventLoop: any EventLoop
    let times: ClientTimes
    let limits: HTTPClientLimits
    let metrics: HTTPClientMetrics?
    let allocator = ByteBufferAllocator()
    private var pools: [Origin: OriginPool] = [:]
    /// Who waits for the addresses of a name.
    private var lookups: [String: [(Result<[NetworkAddress], HTTPErrorCode>) -> Void]] = [:]
    private var isSweeping = false
    /// Connections that are open or being made.
    private var connectionCount = 0
    /// Those with requests that wait because there are as many connections as there may be.
    private var starved: [OriginPool] = []

    /// How many names are looked up at the same time. Those that nobody waits for any more take their turn all the same.
    private static let mostLookups = 256
    private static let sweepInterval = TimeAmount.seconds(1)

    init(_ eventLoop: any EventLoop, _ client: ClientCore) {
        self.eventLoop = eventLoop
        self.client = client
        limits = client.configuration.limits
        metrics = client.configuration.metrics
        times = ClientTimes(limits)
    }

    /// Finds or makes a connection for a request.
    func submit(_ request: ClientRequest) {
        let pool: OriginPool
        if let found = pools[request.origin] {
            pool = found
        } else {
            pool = OriginPool(request.origin, on: self)
            pools[request.origin] = pool
        }
        pool.submit(request)
    }

    /// To be called when a pool may have nothing left.
    func removeIfEmpty(_ pool: OriginPool) {
        if pool.isEmpty, pools[pool.origin] === pool { pools[pool.origin] = nil }
    }

    /// Makes room for a connection, by closing the one that has been idle for longest if there are too many. Answers false
    /// if all are at work.
    func makeRoom() -> Bool {
        if connectionCount < limits.connections { return true }
        let oldest = pools.values.min { $0.oldestIdle ?? .distantFuture < $1.oldestIdle ?? .distantFuture }
        return oldest?.closeOldestIdle() ?? false
    }

    func connectionBegan() { connectionCount += 1 }

    func connectionEnded() {
        connectionCount -= 1
        feedStarved()
    }

    /// The pool's requests wait for a connection of another, which may end or become idle.
    func starves(_ pool: OriginPool) {
        if !starved.contains(where: { $0 === pool }) { starved.append(pool) }
    }

    private func feedStarved() {
        if starved.isEmpty { return }
        eventLoop.execute {
            var pools: [OriginPool] = []
            swap(&pools, &self.starved)
            for pool in pools { pool.serveWaiting() }
        }
    }

    // MARK: - Names

    /// Looks up a name. Those who ask for the same one at the same time get the same answer.
    func resolve(_ name: String, _ completion: @escaping (Result<[NetworkAddress], HTTPErrorCode>) -> Void) {
        guard lookups[name] == nil else {
            lookups[name]?.append(completion)
            return
        }
        guard lookups.count < Self.mostLookups else { return completion(.failure(.connectionLimitReached)) }
        lookups[name] = [completion]
        client.threads.run(for: eventLoop) { NameResolver.addresses(of: name) }
            .assumeIsolated()
            .whenComplete { result in
                let answer = (try? result.get()) ?? .failure(.internalError("the resolver's threads have ended"))
                for completion in self.lookups.removeValue(forKey: name) ?? [] { completion(answer) }
            }
    }

    // MARK: - Idle connections

    /// To be called when a connection has become idle.
    func connectionBecameIdle() {
        feedStarved()
        guard !isSweeping else { return }
        isSweeping = true
        eventLoop.scheduleTask(in: Self.sweepInterval) { self.sweep() }
    }

    private func sweep() {
        isSweeping = false
        let now = NIODeadline.now()
        var hasIdle = false
        for pool in Array(pools.values) where pool.closeIdle(at: now) { hasIdle = true }
        if hasIdle { connectionBecameIdle() }
    }

    func closeAll() {
        for pool in Array(pools.values) { pool.closeAll() }
    }
}

/// The client's times, as the event loop counts them.
struct ClientTimes: Sendable {
    let connect: TimeAmount
    let firstByte: TimeAmount
    let betweenBytes: TimeAmount
    let write: TimeAmount
    let idle: TimeAmount
    let response: TimeAmount?
    let silence: TimeAmount
    let ping: TimeAmount

    init(_ limits: HTTPClientLimits) {
        connect = limits.connectTime.amount
        firstByte = limits.firstByteTime.amount
        betweenBytes = limits.betweenBytesTime.amount
        write = limits.writeTime.amount
        idle = limits.idleTime.amount
        response = limits.responseTime?.amount
        silence = limits.silenceTime.amount
        ping = limits.pingTime.amount
    }
}
