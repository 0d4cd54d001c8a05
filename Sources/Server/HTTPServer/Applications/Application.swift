// A component that answers requests, under the name and on the routes that it was given.

/// What answers the requests of one or more routes. Replaced as a whole when its component changes; requests under way
/// keep the one that they began with.
public final class Application: Sendable {
    /// For logs and metrics.
    public let name: String

    let source: any InstanceSource

    /// How many requests an instance answers, one after another, before it is let go of.
    let requestsPerInstance: Int

    public init(name: String, source: any InstanceSource, requestsPerInstance: Int = 1) {
        self.name = name
        self.source = source
        self.requestsPerInstance = max(1, requestsPerInstance)
    }
}
