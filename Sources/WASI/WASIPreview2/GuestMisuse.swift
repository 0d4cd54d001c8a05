// Calls by which a guest breaks the contract of an interface where WIT has no error for it.

/// A guest did what an interface forbids, and is trapped for it.
public struct GuestMisuse: Error, Hashable, Sendable, CustomStringConvertible {
    /// What it did.
    public let description: String

    package init(_ description: String) {
        self.description = description
    }

    /// A resource was dropped while another that was made of it is alive: a stream before its pollable.
    package static var resourceHasChildren: GuestMisuse { GuestMisuse("resource has children") }
}
