// `poll_oneoff`: waiting for the first of many things. A subscription that cannot be waited for is an event by itself,
// with the reason in it, so that one bad number does not hide the others.

import WasmTypes
import Execution
import WASIHost

extension ModuleFunction {
    static let polling = [
        ModuleFunction("poll_oneoff") {
            (call, list: Pointer<Subscription>, events: Pointer<Event>, count: UInt32, result: Pointer<UInt32>) in
            // Nothing to wait for would be to wait for ever.
            if count == 0 { throw Errno.inval }
            if count > Subscription.longestList { throw Errno.nomem }
            let subscriptions = try (0..<count).map { try Subscription(at: list.address, index: $0, call) }
            // Room for all events is asked for before there is a wait.
            _ = try unsafe call.memory.bytes(
                at: events.address, count: UInt64(count) * UInt64(Event.size), alignment: 8)
            var stored: UInt32 = 0
            for index in try call.state.waiter.wait(for: subscriptions.map(\.pollable)) {
                try subscriptions[index].event(call).store(at: events.address, index: stored, call)
                stored += 1
            }
            try call.memory.store(stored, to: result)
        }
    ]
}

/// `subscription`, and what it stands for on the host.
private struct Subscription {
    private let userData: UInt64
    private let type: EventType
    private let object: OpenObject?
    private let failure: Errno?
    let pollable: Pollable

    /// How many one call may wait for: the host keeps something for each.
    static let longestList: UInt32 = 1 << 20

    init(at address: UInt32, index: UInt32, _ call: GuestCall) throws {
        let size: UInt32 = call.version == .preview1 ? 48 : 56
        let (start, overflow) = address.addingReportingOverflow(index &* size)
        guard !overflow else { throw Trap(.memoryOutOfBounds) }
        let record = try call.memory.record(at: start, size: size)
        userData = record.get(0, as: UInt64.self)
        guard let type = EventType(rawValue: record.get(8, as: UInt8.self)) else { throw Errno.inval }
        self.type = type
        do {
            (object, pollable) = try Self.condition(type, record, call)
            failure = nil
        } catch let error as Errno {
            (object, failure, pollable) = (nil, error, .ready)
        } catch let error as HostError {
            (object, failure, pollable) = (nil, Errno(error), .ready)
        }
    }

    private static func condition(
        _ type: EventType, _ record: Record, _ call: GuestCall
    ) throws -> (OpenObject?, Pollable) {
        switch type {
        case .clock: return (nil, try clock(record, call))
        case .fdRead, .fdWrite:
            let object = try call.state.files[FileNumber(rawValue: record.get(16, as: UInt32.self))]
            return (object, try object.pollable(for: type))
        }
    }

    /// The version before had a number of the program's own in front.
    private static func clock(_ record: Record, _ call: GuestCall) throws -> Pollable {
        let shift = call.version == .preview1 ? 0 : 8
        guard let tag = UInt8(exactly: record.get(16 + shift, as: UInt32.self)), let clock = ClockID(rawValue: tag)
        else { throw Errno.inval }
        let timeout = record.get(24 + shift, as: UInt64.self)
        let flags = record.get(40 + shift, as: UInt16.self)
        guard flags & ~1 == 0 else { throw Errno.inval }
        let monotonic = call.configuration.monotonicClock
        switch (clock, flags == 1) {
        case (.realtime, false), (.monotonic, false): return monotonic.pollable(after: timeout)
        case (.monotonic, true): return monotonic.pollable(at: timeout)
        case (.realtime, true):
            let now = call.configuration.wallClock.now.nanosecondsSince1970
            return monotonic.pollable(after: timeout > now ? timeout - now : 0)
        case (.processCPUTime, _), (.threadCPUTime, _): throw Errno.inval
        }
    }

    /// What is told of it once it holds.
    func event(_ call: GuestCall) throws -> Event {
        var event = Event(userData: userData, error: failure ?? .success, type: type)
        guard let object else { return event }
        switch (object, type) {
        case (.input(let input), .fdRead): event.set(input.stream.available)
        case (.file(let file), .fdRead): event.set((try? file.descriptor.available) ?? (1, false))
        case (.output(let stream), .fdWrite): event.setRoom(isHungUp: stream.isHungUp)
        case (.file(let file), .fdWrite): event.setRoom(isHungUp: (try? file.descriptor.isHungUp) ?? false)
        default: break
        }
        return event
    }
}

extension OpenObject {
    /// What to wait for before reading or writing. Throws `EBADF` where that cannot be done at all.
    fileprivate func pollable(for type: EventType) throws -> Pollable {
        switch (self, type) {
        case (.input(let input), .fdRead): return input.stream.readiness
        case (.output(let stream), .fdWrite): return stream.readiness
        case (.file(let file), .fdRead): return try file.descriptor.readability
        case (.file(let file), .fdWrite): return try file.descriptor.writability
        default: throw Errno.badf
        }
    }
}

/// `event`
private struct Event {
    let userData: UInt64
    let error: Errno
    let type: EventType
    private var byteCount: UInt64 = 0
    private var isHungUp = false

    init(userData: UInt64, error: Errno, type: EventType) {
        self.userData = userData
        self.error = error
        self.type = type
    }

    /// In bytes.
    static let size: UInt32 = 32

    /// There is so much to read; of a file at its end, and a pipe that nobody writes to any more, nothing.
    mutating func set(_ available: (count: UInt64, isLast: Bool)) {
        byteCount = available.count
        isHungUp = available.count == 0 && available.isLast
    }

    /// There is room to write; how much nobody knows.
    mutating func setRoom(isHungUp: Bool) {
        byteCount = 1
        self.isHungUp = isHungUp
    }

    func store(at address: UInt32, index: UInt32, _ call: GuestCall) throws {
        let record = try call.memory.record(at: address &+ index &* Self.size, size: Self.size)
        record.clear()
        record.set(userData, at: 0)
        record.set(error.rawValue, at: 8)
        record.set(type.rawValue, at: 10)
        record.set(byteCount, at: 16)
        record.set(UInt16(isHungUp ? 1 : 0), at: 24)
    }
}
