// Runs the guests of the proxy world in this process, with a server and a client that are not there.

import ComponentRuntime
import Execution
import Foundation
import InternalUtilities
import Synchronization
import WASIHTTP
import WASIHost
import WASIPreview2
import WasmEngine

enum Guests {
    private static let folder: String = {
        if let given = ProcessInfo.processInfo.environment["APUS_GUESTS"] { return given }
        return URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: ".build/guests").path
    }()

    static func path(_ name: String) -> String { "\(folder)/\(name).wasm" }

    static func isBuilt(_ name: String) -> Bool { FileManager.default.fileExists(atPath: path(name)) }

    static let areBuilt = isBuilt("proxy")

    static let engine = Engine()

    static func component(_ name: String) throws -> CompiledComponent {
        try engine.compile(component: ByteSource(mapping: path(name)))
    }
}

/// What came of a request.
struct Outcome: Sendable {
    var status: UInt16?
    var headers = HTTPMessageFields()
    var hasBody = false
    var body: [UInt8] = []
    var trailers: HTTPMessageFields?
    /// How the body failed.
    var bodyError: HTTPErrorCode?
    /// Why there is no response.
    var failure: HTTPResponseFailure?
    var trap: Trap?
    var informational: [InformationalHTTPResponse] = []
    var answers = 0
    var errorOutput = ""

    var text: String { String(decoding: body, as: UTF8.self) }
}

/// Takes in a response as a server does: what is there is read at once, on the thread that wrote it.
final class Collector: Sendable {
    private let outcome = Mutex(Outcome())
    /// Does not read the body until it is told to.
    private let isLazy: Bool
    private let body = Mutex<HTTPBody?>(nil)

    init(isLazy: Bool = false) {
        self.isLazy = isLazy
    }

    var current: Outcome { outcome.withLock { $0 } }

    func inform(_ response: InformationalHTTPResponse) {
        outcome.withLock { $0.informational.append(response) }
    }

    func take(_ result: Result<OutgoingHTTPResponse, HTTPResponseFailure>) {
        outcome.withLock { outcome in
            outcome.answers += 1
            switch result {
            case .success(let response):
                outcome.status = response.status
                outcome.headers = response.headers
                outcome.hasBody = response.body != nil
            case .failure(let failure): outcome.failure = failure
            }
        }
        guard let body = try? result.get().body else { return }
        self.body.withLock { $0 = body }
        if !isLazy { body.onReadable { [weak self] in self?.read() } }
    }

    func read() {
        guard let body = body.withLock({ $0 }) else { return }
        while true {
            switch body.read(upTo: 1 << 20) {
            case .bytes(let bytes): outcome.withLock { $0.body += bytes }
            case .nothing: return
            case .end(let trailers):
                outcome.withLock { $0.trailers = trailers }
                return
            case .failed(let error):
                outcome.withLock { $0.bodyError = error }
                return
            }
        }
    }

    /// The reader leaves.
    func cancel() {
        body.withLock { $0 }?.cancel()
    }

    func finish(_ change: (inout Outcome) -> Void) -> Outcome {
        read()
        outcome.withLock { change(&$0) }
        return current
    }
}

/// A guest in a store of its own.
final class ProxyGuest {
    let instance: HTTPProxyInstance
    private let errorOutput = BufferOutput()

    init(
        _ name: String = "proxy", linker: ComponentLinker? = nil, features: HTTPFeatures = [], with http: HTTPConfiguration = HTTPConfiguration()
    ) throws {
        let linker = linker ?? .wasiHTTPProxy(features: features)
        let component = try Guests.component(name)
        let linked = try HTTPProxyInstance.link(component, linker)
        let store = try Guests.engine.makeStore()
        var host = HostConfiguration()
        host.standardError = errorOutput
        store.setWASI(host)
        store.setHTTP(http)
        instance = try HTTPProxyInstance(linked, in: store)
    }

    func call(
        _ path: String?, method: HTTPRequestMethod = .get, headers: HTTPMessageFields = HTTPMessageFields(),
        body: HTTPBody? = nil, informs: Bool = true, collector: Collector = Collector()
    ) -> Outcome {
        let request = IncomingHTTPRequest(
            method: method, scheme: .http, authority: "example.test", pathWithQuery: path, headers: headers, body: body)
        var trap: Trap?
        do {
            let inform: @Sendable (InformationalHTTPResponse) -> Void = { collector.inform($0) }
            try instance.handle(request, informational: informs ? inform : nil) { collector.take($0) }
        } catch {
            trap = error
        }
        let text = String(decoding: errorOutput.takeContents(), as: UTF8.self)
        return collector.finish { outcome in
            outcome.trap = trap
            outcome.errorOutput = text
        }
    }
}

/// A client that answers as a closure says.
struct FakeClient: OutgoingHTTPHandler {
    let answer: @Sendable (OutgoingHTTPRequest) -> FutureHTTPResponse

    func send(_ request: OutgoingHTTPRequest) -> FutureHTTPResponse { answer(request) }
}

/// Runs something on a thread of its own.
func onThread(_ body: @escaping @Sendable () -> Void) {
    Thread.detachNewThread(body)
}

/// Appends all of `bytes`, in pieces, and waits whenever there is no room.
func feed(_ body: HTTPBody, _ bytes: [UInt8], piece: Int = 10_000, trailers: HTTPMessageFields? = nil) {
    var rest = bytes[...]
    while !rest.isEmpty {
        let room = body.append(Array(rest.prefix(piece)))
        rest = rest.dropFirst(piece)
        if room == nil { return }
        if room == 0 {
            let turn = DispatchSemaphore(value: 0)
            body.onWritable { turn.signal() }
            turn.wait()
            body.onWritable(nil)
        }
    }
    body.finish(trailers: trailers)
}

/// Lets one thread wait for another.
final class Turn: Sendable {
    private let semaphore = DispatchSemaphore(value: 0)

    func give() { semaphore.signal() }
    func take() { semaphore.wait() }
}
