// Whom a client trusts, and who it says it is. The roots of the system are some hundred files, so they are read when the
// first request needs them.

import NIOCore
import NIOPosix
import NIOSSL
import Synchronization

/// What a client needs of certificates.
public final class HTTPClientTLS: Sendable {
    private let roots: [NIOSSLCertificate]
    private let chain: [NIOSSLCertificate]
    private let key: NIOSSLPrivateKey?
    private let contexts = Mutex<[Peer: NIOSSLContext]>([:])

    /// Whom a connection leads to.
    enum Peer {
        case origin
        /// One of HTTP/1.1, and not to be told who we are for other hosts.
        case proxy
    }

    /// The system's roots, and no certificate of its own.
    public init() {
        roots = []
        chain = []
        key = nil
    }

    /// - Parameters:
    ///   - authorities: files in PEM, whose certificates are trusted beside the system's.
    ///   - certificate: a file in PEM with the client's own certificate and those that lead to one which servers trust.
    ///   - key: a file in PEM with the certificate's key.
    public init(authorities: [String], certificate: String? = nil, key: String? = nil) throws(HTTPClientTLSError) {
        var roots: [NIOSSLCertificate] = []
        for file in authorities { roots += try Self.certificates(in: file) }
        self.roots = roots
        chain = try certificate.map { (file) throws(HTTPClientTLSError) in try Self.certificates(in: file) } ?? []
        do {
            self.key = try key.map { try NIOSSLPrivateKey(file: $0, format: .pem) }
        } catch {
            throw HTTPClientTLSError(file: key ?? "", reason: "it holds no private key in PEM")
        }
    }

    private static func certificates(in file: String) throws(HTTPClientTLSError) -> [NIOSSLCertificate] {
        let certificates: [NIOSSLCertificate]
        do {
            certificates = try NIOSSLCertificate.fromPEMFile(file)
        } catch {
            throw HTTPClientTLSError(file: file, reason: "it cannot be read, or holds no certificate in PEM")
        }
        if certificates.isEmpty { throw HTTPClientTLSError(file: file, reason: "it holds no certificate") }
        return certificates
    }

    /// What connections are encrypted with. Takes its time when it is asked for first, so not on an event loop.
    func load(for peer: Peer) throws -> NIOSSLContext {
        try contexts.withLock { contexts in
            if let context = contexts[peer] { return context }
            var configuration = TLSConfiguration.makeClientConfiguration()
            configuration.minimumTLSVersion = .tlsv12
            if !roots.isEmpty { configuration.additionalTrustRoots = [.certificates(roots)] }
            switch peer {
            case .origin:
                configuration.applicationProtocols = ["h2", "http/1.1"]
                configuration.certificateChain = chain.map { .certificate($0) }
                configuration.privateKey = key.map { .privateKey($0) }
            case .proxy: configuration.applicationProtocols = ["http/1.1"]
            }
            let made = try NIOSSLContext(configuration: configuration)
            contexts[peer] = made
            return made
        }
    }

    /// The same if it was loaded before.
    func loaded(for peer: Peer) -> NIOSSLContext? { contexts.withLock { $0[peer] } }
}

/// Why a client's certificates cannot be used.
public struct HTTPClientTLSError: Error, Hashable, Sendable, CustomStringConvertible {
    public let file: String
    public let reason: String

    public var description: String { "\(file): \(reason)" }
}
