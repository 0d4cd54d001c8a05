// The configuration file of `apus serve`: the server's options by other names, and any number of applications.
//
//     addresses = ["127.0.0.1:8080", "unix:/run/apus.sock"]
//     admin = "127.0.0.1:9090"
//     access-log = "json"
//
//     [tls]
//     certificate = "server.pem"
//     key = "server.key"
//
//     [limits]
//     request-time = "30s"
//
//     [[application]]
//     file = "shop.wasm"
//     routes = ["shop.example.com", "/shop"]
//     directories = ["data::/data:ro"]
//     environment = ["LEVEL=info"]
//
// A route is a host, a path, or a host and a path behind it. Paths of files are taken from the configuration file's folder.

import HTTPServer
import WASIHTTP
import WASIHost

extension ServeRequest {
    init(configurationFile path: String) throws(Diagnostic) {
        self.init()
        let input = try InputBytes(reading: path)
        do throws(ConfigurationError) {
            var reader = try ConfigurationReader(input.source.array, folder: Self.folder(of: path))
            try reader.read(into: &self)
        } catch {
            throw Diagnostic(.badCommandLine, "\(path): \(error)")
        }
    }

    /// With a slash at its end; empty for the working directory.
    private static func folder(of path: String) -> String {
        path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
    }
}

extension ConfigurationReader {
    fileprivate mutating func read(into request: inout ServeRequest) throws(ConfigurationError) {
        if let addresses = try list("addresses", ServeOptions.address) { request.server.addresses = addresses }
        if let address = try value("admin", ServeOptions.address) { request.server.administration = address }
        if let format = try value("access-log", ServeOptions.accessLog) { request.server.accessLog = format }
        if let threads = try number("threads") { request.server.loops = threads }
        if let watches = try truth("watch") { request.watchesFiles = watches }
        if var tls = try reader("tls") {
            guard let certificate = try tls.text("certificate"), let key = try tls.text("key") else {
                throw tls.fault("it needs a certificate and a key")
            }
            request.server.tls = TLSFiles(certificates: tls.resolved(certificate), key: tls.resolved(key))
            try tls.finish()
        }
        if var limits = try reader("limits") { try limits.read(into: &request.server.limits) }
        for var application in try readers("application") { request.applications.append(try application.application()) }
        try finish()
    }

    private mutating func read(into limits: inout ServerLimits) throws(ConfigurationError) {
        if let value = try number("connections") { limits.connections = value }
        if let value = try number("requests") { limits.concurrentRequests = value }
        if let value = try number("header-count") { limits.headerCount = value }
        if let value = try number("streams") { limits.streamsPerConnection = value }
        if let value = try number("body-rate") { limits.bodyRate = value }
        if let value = try value("header", ByteSize.parse) { limits.headerBytes = Int(clamping: value) }
        if let value = try value("body", ByteSize.parse) { limits.bodyBytes = value }
        if let value = try value("request-time", TimeLimit.parse) { limits.requestTime = value }
        if let value = try value("idle-time", TimeLimit.parse) { limits.idleTime = value }
        if let value = try value("header-time", TimeLimit.parse) { limits.headerTime = value }
        if let value = try value("write-time", TimeLimit.parse) { limits.writeTime = value }
        if let value = try value("drain-time", TimeLimit.parse) { limits.drainTime = value }
        try finish()
    }

    private mutating func application() throws(ConfigurationError) -> ApplicationRequest {
        guard let file = try text("file") else { throw fault("an application needs a file") }
        let name = try text("name") ?? file.split(separator: "/").last.map(String.init) ?? file
        var application = ApplicationRequest(name: name)
        application.grants.file = resolved(file)
        application.grants.stackLimit = ServeOptions.stackSize
        if let routes = try list("routes", Self.route) { application.routes = routes }
        if let count = try number("max-instance-reuse-count") { application.requestsPerInstance = count }
        application.features = HTTPFeatures(try list("wasi-features", ServeOptions.feature) ?? [])
        for var grant in try list("directories", DirectoryOption.parse) ?? [] {
            grant.hostPath = resolved(grant.hostPath)
            application.grants.directories.append(grant)
        }
        application.grants.environment = try list("environment", EnvironmentOption.parse) ?? []
        application.grants.inheritsEnvironment = try truth("inherit-environment") ?? false
        application.grants.http.destinations = try list("allow-http", HTTPGrant.destination) ?? []
        application.grants.http.allowsAll = try truth("allow-http-all") ?? false
        application.grants.http.priorKnowledge = try list("http-prior-knowledge", HTTPGrant.destination) ?? []
        application.grants.http.authorities = try list("ca", { $0 })?.map { resolved($0) } ?? []
        application.grants.http.certificate = try text("client-cert").map { resolved($0) }
        application.grants.http.key = try text("client-key").map { resolved($0) }
        application.grants.memoryLimit = try value("max-memory", ByteSize.parse)
        if let stack = try value("max-stack", ByteSize.parse) { application.grants.stackLimit = stack }
        try finish()
        return application
    }

    private static func route(_ text: String) throws(OptionError) -> Route {
        guard !text.isEmpty, text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            throw OptionError("a route is a host, a path, or a host and a path behind it")
        }
        guard let slash = text.firstIndex(of: "/") else { return Route(host: text) }
        let host = String(text[..<slash])
        return Route(host: host.isEmpty || host == "*" ? nil : host, prefix: String(text[slash...]))
    }

    private func resolved(_ path: String) -> String { path.hasPrefix("/") ? path : folder + path }
}
