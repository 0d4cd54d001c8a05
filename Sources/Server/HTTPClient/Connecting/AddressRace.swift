// One connection to one of several addresses: they are tried in their order, each when the one before it has failed or has
// not answered for a quarter of a second (after RFC 8305, section 5). The first that answers is taken.

import NIOCore
import NIOPosix
import WASIHTTP

/// Connects to the first of some addresses that answers.
// Proof of Sendable: used on `eventLoop` only.
final class AddressRace: @unchecked Sendable {
    private let eventLoop: any EventLoop
    private var addresses: ArraySlice<NetworkAddress>
    private let port: UInt16
    private let timeout: TimeAmount
    private var completion: ((Result<any Channel, HTTPErrorCode>) -> Void)?
    private var channels: [ObjectIdentifier: any Channel] = [:]
    private var underWay = 0
    private var timer: Scheduled<Void>?
    private var error = HTTPErrorCode.destinationNotFound

    private static let head = TimeAmount.milliseconds(250)

    /// - Parameter completion: called once, unless the race is cancelled.
    init(
        to addresses: [NetworkAddress], port: UInt16, timeout: TimeAmount, on eventLoop: any EventLoop,
        completion: @escaping (Result<any Channel, HTTPErrorCode>) -> Void
    ) {
        self.eventLoop = eventLoop
        self.addresses = addresses[...]
        self.port = port
        self.timeout = timeout
        self.completion = completion
    }

    /// Tries the next address; ends the race if there is none and nobody is on the way.
    func next() {
        timer?.cancel()
        timer = nil
        guard completion != nil else { return }
        guard let address = addresses.popFirst() else {
            if underWay == 0 { end(.failure(error)) }
            return
        }
        guard let target = try? address.socketAddress(port: port) else { return next() }
        underWay += 1
        TCPLiveness.options(ClientBootstrap(group: eventLoop))
            .connectTimeout(timeout)
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            // What comes before there is a handler for it would be lost.
            .channelOption(.autoRead, value: false)
            .channelInitializer { channel in
                self.channels[ObjectIdentifier(channel)] = channel
                return channel.eventLoop.makeSucceededVoidFuture()
            }
            .connect(to: target)
            .assumeIsolated()
            .whenComplete { result in
                self.underWay -= 1
                switch result {
                case .success(let channel): self.arrived(channel)
                case .failure(let error):
                    self.error = HTTPErrorCode(connecting: error)
                    self.next()
                }
            }
        if !addresses.isEmpty { timer = eventLoop.scheduleTask(in: Self.head) { self.next() } }
    }

    private func arrived(_ channel: any Channel) {
        channels[ObjectIdentifier(channel)] = nil
        guard completion != nil else { return channel.close(promise: nil) }
        end(.success(channel))
    }

    private func end(_ result: Result<any Channel, HTTPErrorCode>) {
        let completion = self.completion
        cancel()
        completion?(result)
    }

    /// Ends the race. Whoever is on the way still is stopped.
    func cancel() {
        completion = nil
        timer?.cancel()
        timer = nil
        for channel in channels.values { channel.close(promise: nil) }
        channels = [:]
    }
}
