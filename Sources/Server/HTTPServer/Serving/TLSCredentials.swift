// The certificate and key of a server, which may be read anew while it serves.

import NIOSSL
import Synchronization

/// Makes the TLS of connections to come.
final class TLSCredentials: Sendable {
    private let files: TLSFiles
    private let current: Mutex<NIOSSLContext>

    init(_ files: TLSFiles) throws {
        self.files = files
        current = Mutex(try Self.load(files))
    }

    var context: NIOSSLContext { current.withLock { $0 } }

    /// Reads the files again. Connections that are open keep what they began with; if the files are no good, so do those
    /// to come.
    func reload() throws {
        let context = try Self.load(files)
        current.withLock { $0 = context }
    }

    private static func load(_ files: TLSFiles) throws -> NIOSSLContext {
        let certificates = try NIOSSLCertificate.fromPEMFile(files.certificates)
        guard !certificates.isEmpty else { throw TLSError(description: "\(files.certificates) holds no certificate") }
        let key = try NIOSSLPrivateKey(file: files.key, format: .pem)
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: certificates.map { .certificate($0) }, privateKey: .privateKey(key))
        configuration.applicationProtocols = ["h2", "http/1.1"]
        configuration.minimumTLSVersion = .tlsv12
        return try NIOSSLContext(configuration: configuration)
    }
}

struct TLSError: Error, CustomStringConvertible {
    let description: String
}
