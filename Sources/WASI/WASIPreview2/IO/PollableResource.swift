// `wasi:io/poll`. A pollable that was made of a stream asks the stream each time what to wait for, since that changes
// with what was read; and the stream must outlive it.

package import ComponentRuntime
package import WASIHost

/// `pollable`
package final class PollableResource {
    /// Where the condition comes from.
    package enum Source {
        case condition(Pollable)
        /// A condition of a resource that must outlive the pollable.
        case child(Pollable, of: any ParentResource)
        case input(InputStreamResource)
        case output(OutputStreamResource)
    }

    private let source: Source

    package init(_ source: Source) {
        self.source = source
        parent?.changeChildCount(by: 1)
    }

    deinit {
        parent?.changeChildCount(by: -1)
    }

    private var parent: (any ParentResource)? {
        switch source {
        case .condition: nil
        case .child(_, let resource): resource
        case .input(let stream): stream
        case .output(let stream): stream
        }
    }

    /// What to wait for now.
    fileprivate var condition: Pollable {
        switch source {
        case .condition(let condition), .child(let condition, _): condition
        case .input(let stream): stream.stream.readiness
        case .output(let stream): stream.stream.readiness
        }
    }
}

/// A resource that others are made of. A guest must drop those first.
package protocol ParentResource: AnyObject {
    var hasChildren: Bool { get }
    /// Counts one that was made, or one that has ended.
    func changeChildCount(by difference: Int)
}

extension ParentResource {
    /// Called when the guest drops the handle; the error ends the guest.
    package func requireNoChildren() throws {
        if hasChildren { throw GuestMisuse.resourceHasChildren }
    }
}

extension PollableResource {
    /// How many pollables one call may wait for: what the host keeps for each is more than the guest's handle.
    private static let longestList = 1 << 17

    static let interface = HostInterface(wasi: "io/poll") { interface in
        interface.declarePollable()
        interface.function("[method]pollable.ready") {
            (context: inout HostContext, pollable: Borrowed<PollableResource>) throws -> Bool in
            try context.wasi.waiter.isReady(pollable.object.condition)
        }
        interface.function("[method]pollable.block") {
            (context: inout HostContext, pollable: Borrowed<PollableResource>) throws -> Void in
            try context.wasi.waiter.wait(for: pollable.object.condition)
        }
        interface.function("poll") {
            (context: inout HostContext, pollables: [Borrowed<PollableResource>]) throws -> [UInt32] in
            if pollables.isEmpty { throw GuestMisuse("empty poll list") }
            guard pollables.count <= longestList else {
                throw GuestMisuse(
                    "poll of \(pollables.count) pollables, which is more than the limit of \(longestList)")
            }
            let ready = try context.wasi.waiter.wait(for: pollables.map(\.object.condition))
            return ready.map { UInt32(truncatingIfNeeded: $0) }
        }
    }
}

extension HostInterface {
    package mutating func declarePollable() {
        resource("pollable", of: PollableResource.self)
    }
}
