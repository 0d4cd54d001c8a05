// A component file as the server uses it: loaded, checked, and loaded again when it has changed.

import Apus
import ComponentRuntime
import Execution
import HTTPClient
import HTTPServer
import InternalUtilities
import WASIHTTP
import WASIHost
import WasmBinary
import WasmEngine

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Makes applications of one file.
struct ServedComponent: Sendable {
    let request: ApplicationRequest
    private let engine: Engine
    private let linker: ComponentLinker
    private let host: HostConfiguration
    private let http: HTTPConfiguration

    init(
        _ request: ApplicationRequest, engine: Engine, log: ServerLog, metrics: HTTPClientMetrics
    ) throws(Diagnostic) {
        self.request = request
        self.engine = engine
        linker = .wasiCommandWithHTTP(features: request.features)
        var host = try request.grants.hostConfiguration()
        // Nobody types for a server, and one guest would take the input of all others.
        host.standardInput = EmptyInput()
        self.host = host
        let name = request.name
        http = try request.grants.http.configuration(
            reporting: DenialReport { log.error("\(name): \($0) (or allow-http in a configuration file)") }, counting: metrics)
    }

    /// Loads the file. Throws if it is no component that answers requests, or imports what nobody provides.
    func load() throws(Diagnostic) -> Application {
        // Functions are translated when they are first called, which may be days after somebody wrote to the file.
        let file = try ProgramFile(InputBytes(reading: request.grants.file))
        guard file.kind == .component else {
            throw Diagnostic(
                .badFile, "\(file.path) cannot be served: it is a core module",
                details: ["what answers requests is a component of the world wasi:http/proxy"])
        }
        let component: CompiledComponent
        do {
            component = try engine.compile(component: file.source)
        } catch {
            throw Diagnostic.invalid(file, error)
        }
        let linked: LinkedComponent
        do {
            linked = try HTTPProxyInstance.link(component, linker)
        } catch {
            throw Diagnostic.proxy(file, error)
        }
        // What is needed of it from now on is a small part.
        file.source.forgetPages()
        let source = FreshInstances(
            of: linked, engine: engine, host: host, http: http, limits: request.grants.storeLimits)
        return Application(name: request.name, source: source, requestsPerInstance: request.requestsPerInstance)
    }

    /// What changes when the file is written or replaced; nil while there is none.
    var fingerprint: FileFingerprint? { FileFingerprint(path: request.grants.file) }
}

/// What the system says of a file's content.
struct FileFingerprint: Hashable, Sendable {
    private let numbers: [Int64]

    init?(path: String) {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else { return nil }
        #if canImport(Darwin)
            let time = status.st_mtimespec
        #else
            let time = status.st_mtim
        #endif
        numbers = [
            Int64(truncatingIfNeeded: status.st_ino), Int64(status.st_size), Int64(time.tv_sec), Int64(time.tv_nsec),
        ]
    }
}

extension Diagnostic {
    /// A component does not answer requests.
    static func proxy(_ file: ProgramFile, _ error: HTTPProxyError) -> Diagnostic {
        switch error {
        case .notAProxy(let exports):
            var details = exports.isEmpty ? ["it exports nothing"] : ["it exports:"] + exports.prefix(20).map { "  \($0)" }
            if exports.contains(where: { $0.hasPrefix("wasi:cli/run") }) {
                details.append("it is a program: did you mean 'apus run \(file.path)'?")
            } else if exports.contains(where: { $0.hasPrefix("wasi:http/") }) {
                details.append("it is of a version of WASI that is not supported; 0.2 is")
            }
            return Diagnostic(
                .badFile, "\(file.path) cannot be served: it does not export wasi:http/incoming-handler", details: details)
        case .incompatibleHandler(let reason):
            return Diagnostic(.badFile, "\(file.path) cannot be served: \(reason)")
        case .instantiation(let error):
            var diagnostic = Diagnostic.command(file, .instantiation(error))
            if case .missingImport(_, "[method]response-outparam.send-informational", _, _) = error {
                diagnostic.details.append("it is unstable: --wasi-feature informational-outbound-responses offers it")
            }
            return diagnostic
        }
    }
}
