// What `apus serve` is asked to do, by its options or by a configuration file.

import Execution
import HTTPServer
import WASIHTTP
import WASIHost

/// Applications and the server that they are served by.
struct ServeRequest: Sendable {
    var server = ServerConfiguration()
    var applications: [ApplicationRequest] = []
    /// Whether components that change are loaded again.
    var watchesFiles = false
}

/// One component and what it is granted.
struct ApplicationRequest: Hashable, Sendable {
    /// For logs and metrics.
    var name: String
    /// The file, and what the guest gets of the host.
    var grants = RunRequest()
    var routes = [Route()]
    /// How many requests an instance answers, one after another.
    var requestsPerInstance = 1
    /// What of `wasi:http` it gets that is unstable.
    var features: HTTPFeatures = []
}
