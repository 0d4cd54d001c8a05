// `apus serve [options] FILE`.

import ArgumentParser
import HTTPServer
import WASIHTTP
import WASIHost

struct ServeCommand: ApusCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Answers HTTP requests with a component of the world wasi:http/proxy.",
        usage: "apus serve [<options>] <file>\n       apus serve [<options>] --config <file>",
        discussion: """
            Each request is answered by a fresh instance, unless --max-instance-reuse-count says otherwise. A guest is \
            given no directory and no variable, and may make no request, unless an option grants it. SIGTERM and SIGINT end the server when the \
            requests under way are answered; SIGHUP reads the configuration file, the certificate, the key and changed components \
            again.
            """)

    @Option(
        name: .customLong("addr"), parsing: .unconditionalSingleValue,
        help: ArgumentHelp(
            "Where to listen: HOST:PORT, [IPV6]:PORT, unix:PATH or systemd[:NAME]; 127.0.0.1:8080 by default, port 0 for any. May be repeated.",
            valueName: "address"),
        transform: { try ServeOptions.address($0) })
    var addresses: [ListenAddress] = []

    @Option(
        name: .customLong("admin"), parsing: .unconditional,
        help: ArgumentHelp("Where to answer /metrics, /healthz and /readyz.", valueName: "address"),
        transform: { try ServeOptions.address($0) })
    var administration: ListenAddress?

    @Option(name: .customLong("tls-cert"), help: ArgumentHelp("The certificate and its chain, in PEM.", valueName: "file"))
    var certificate: String?

    @Option(name: .customLong("tls-key"), help: ArgumentHelp("The certificate's private key, in PEM.", valueName: "file"))
    var key: String?

    @Option(
        name: .customLong("config"),
        help: ArgumentHelp("A configuration file, with several components by route.", valueName: "file"))
    var configurationFile: String?

    @Flag(name: .customLong("watch"), help: "Load a component again when its file changes.")
    var watchesFiles = false

    @Option(
        name: .customLong("access-log"),
        help: ArgumentHelp("Write a line for each request to the standard output: off, common or json.", valueName: "format"),
        transform: { try ServeOptions.accessLog($0) })
    var accessLog: AccessLogFormat?

    @Option(
        name: .customLong("max-instance-reuse-count"),
        help: ArgumentHelp("How many requests an instance answers, one after another; 1 by default.", valueName: "count"),
        transform: { try ServeOptions.count($0) })
    var requestsPerInstance: Int?

    @Option(
        name: .customLong("wasi-feature"),
        help: ArgumentHelp(
            "Offer functions of WASI that are unstable: informational-outbound-responses. May be repeated.", valueName: "name"),
        completion: .list(["informational-outbound-responses"]), transform: { try ServeOptions.feature($0) })
    var features: [HTTPFeatures] = []

    @OptionGroup var grants: GrantOptions

    @OptionGroup var http: HTTPGrantOptions

    @Option(
        name: .customLong("max-memory"),
        help: ArgumentHelp("How large each memory of an instance may become: bytes, or with K, M or G.", valueName: "bytes"),
        transform: { try ByteSize.parse($0) })
    var memoryLimit: UInt64?

    @Option(
        name: .customLong("max-stack"),
        help: ArgumentHelp("How large an instance's stack is: bytes, or with K, M or G; 1M by default.", valueName: "bytes"),
        transform: { try ByteSize.parse($0) })
    var stackLimit: UInt64?

    @Option(
        name: .customLong("request-timeout"),
        help: ArgumentHelp("How long a request may take: seconds, or with ms, s, m or h; 60s by default.", valueName: "time"),
        transform: { try TimeLimit.parse($0) })
    var requestTime: Duration?

    @Option(
        name: .customLong("idle-timeout"),
        help: ArgumentHelp("How long a connection may be open without a request; 60s by default.", valueName: "time"),
        transform: { try TimeLimit.parse($0) })
    var idleTime: Duration?

    @Option(
        name: .customLong("header-timeout"),
        help: ArgumentHelp("How long the head of a request may take to arrive; 10s by default.", valueName: "time"),
        transform: { try TimeLimit.parse($0) })
    var headerTime: Duration?

    @Option(
        name: .customLong("write-timeout"),
        help: ArgumentHelp("How long a client may take to make room for more of a response; 30s by default.", valueName: "time"),
        transform: { try TimeLimit.parse($0) })
    var writeTime: Duration?

    @Option(
        name: .customLong("drain-timeout"),
        help: ArgumentHelp("How long requests under way are given at the end; 30s by default.", valueName: "time"),
        transform: { try TimeLimit.parse($0) })
    var drainTime: Duration?

    @Option(
        name: .customLong("max-connections"),
        help: ArgumentHelp("How many connections may be open; 10000 by default.", valueName: "count"),
        transform: { try ServeOptions.count($0) })
    var connections: Int?

    @Option(
        name: .customLong("max-requests"),
        help: ArgumentHelp("How many requests may be under way; 1000 by default, more are answered with 503.", valueName: "count"),
        transform: { try ServeOptions.count($0) })
    var concurrentRequests: Int?

    @Option(
        name: .customLong("max-header"),
        help: ArgumentHelp("How large a request's fields may be together; 64K by default.", valueName: "bytes"),
        transform: { try ByteSize.parse($0) })
    var headerBytes: UInt64?

    @Option(
        name: .customLong("max-body"),
        help: ArgumentHelp("How large a request's body may be; 4G by default.", valueName: "bytes"),
        transform: { try ByteSize.parse($0) })
    var bodyBytes: UInt64?

    @Option(
        name: .customLong("threads"),
        help: ArgumentHelp("How many event loops there are; as many as processors by default.", valueName: "count"),
        transform: { try ServeOptions.count($0) })
    var loops: Int?

    @Option(
        name: [.customShort("S"), .customLong("wasi")], parsing: .unconditionalSingleValue,
        help: .hidden)
    var wasiOptions: [String] = []

    @Argument(help: "The component.", completion: .file(extensions: ["wasm"]))
    var file: String?

    func execute(_ context: CommandContext) throws(Diagnostic) -> ExitStatus {
        let request = try request()
        if configurationFile == nil { return try request.execute(context) }
        return try request.execute(context) { () throws(Diagnostic) in try self.request() }
    }

    /// What the options ask for, on top of what a configuration file says.
    private func request() throws(Diagnostic) -> ServeRequest {
        var request = ServeRequest()
        if let configurationFile { request = try ServeRequest(configurationFile: configurationFile) }
        if !addresses.isEmpty { request.server.addresses = addresses }
        if let administration { request.server.administration = administration }
        switch (certificate, key) {
        case (let certificate?, let key?): request.server.tls = TLSFiles(certificates: certificate, key: key)
        case (nil, nil): break
        default: throw Diagnostic(.badCommandLine, "--tls-cert and --tls-key belong together")
        }
        if watchesFiles { request.watchesFiles = true }
        if let accessLog { request.server.accessLog = accessLog }
        if let loops { request.server.loops = loops }
        setLimits(&request.server.limits)
        if let file {
            var application = ApplicationRequest(name: file.split(separator: "/").last.map(String.init) ?? file)
            application.grants.file = file
            application.grants.directories = grants.directories
            application.grants.environment = grants.environment
            application.grants.inheritsEnvironment = grants.inheritsEnvironment
            application.grants.http = http.grant
            application.grants.memoryLimit = memoryLimit
            application.grants.stackLimit = stackLimit ?? ServeOptions.stackSize
            application.requestsPerInstance = requestsPerInstance ?? 1
            application.features = HTTPFeatures(features)
            request.applications.append(application)
        } else if !grants.isEmpty || http.grant != HTTPGrant() {
            throw Diagnostic(.badCommandLine, "grants belong to a component: name it, or grant them in the configuration file")
        }
        guard !request.applications.isEmpty else {
            throw Diagnostic(.badCommandLine, "there is no component to serve", details: ["usage: \(Self.configuration.usage ?? "")"])
        }
        return request
    }

    private func setLimits(_ limits: inout ServerLimits) {
        if let requestTime { limits.requestTime = requestTime }
        if let idleTime { limits.idleTime = idleTime }
        if let headerTime { limits.headerTime = headerTime }
        if let writeTime { limits.writeTime = writeTime }
        if let drainTime { limits.drainTime = drainTime }
        if let connections { limits.connections = connections }
        if let concurrentRequests { limits.concurrentRequests = concurrentRequests }
        if let headerBytes { limits.headerBytes = Int(clamping: headerBytes) }
        if let bodyBytes { limits.bodyBytes = bodyBytes }
    }
}

/// Values of options that only `serve` has.
enum ServeOptions {
    /// In bytes, of one instance. There are many at the same time.
    static let stackSize: UInt64 = 1 << 20

    static func address(_ text: String) throws(OptionError) -> ListenAddress {
        guard let address = ListenAddress(text) else {
            throw OptionError("an address is HOST:PORT, [IPV6]:PORT, unix:PATH or systemd[:NAME]")
        }
        return address
    }

    static func accessLog(_ text: String) throws(OptionError) -> AccessLogFormat {
        guard let format = AccessLogFormat(rawValue: text) else { throw OptionError("the formats are off, common and json") }
        return format
    }

    static func feature(_ text: String) throws(OptionError) -> HTTPFeatures {
        guard text == "informational-outbound-responses" else {
            throw OptionError("the one feature that is unstable is informational-outbound-responses")
        }
        return .informationalOutboundResponses
    }

    static func count(_ text: String) throws(OptionError) -> Int {
        guard let count = Int(text), count > 0 else { throw OptionError("it must be a number above 0") }
        return count
    }
}
