// The certificate and key of a server, which may be read anew while it serves.

import NIOSSL
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Makes the TLS of connections to come.
final class TLSCredentials: Sendable {
    private let current: Mutex<NIOSSLContext>

    init(_ files: TLSFiles) throws {
        current = Mutex(try Self.load(files))
    }

    var context: NIOSSLContext { current.withLock { $0 } }

    /// Reads files, which may be the same. Connections that are open keep what they began with; if the files are no good, so do
    /// those to come.
    func reload(_ files: TLSFiles) throws {
        let context = try Self.load(files)
        current.withLock { $0 = context }
    }

    private static func load(_ files: TLSFiles) throws -> NIOSSLContext {
        let certificates: [NIOSSLCertificate]
        let key: NIOSSLPrivateKey
        do {
            certificates = try NIOSSLCertificate.fromPEMFile(files.certificates)
        } catch {
            throw TLSError(files.certificates, "no certificate in PEM")
        }
        guard !certificates.isEmpty else { throw TLSError(description: "\(files.certificates): no certificate in PEM") }
        do {
            key = try NIOSSLPrivateKey(file: files.key, format: .pem)
        } catch {
            throw TLSError(files.key, "no private key in PEM that needs no password")
        }
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: certificates.map { .certificate($0) }, privateKey: .privateKey(key))
        configuration.applicationProtocols = ["h2", "http/1.1"]
        configuration.minimumTLSVersion = .tlsv12
        do {
            return try NIOSSLContext(configuration: configuration)
        } catch {
            throw TLSError(description: "the key of \(files.key) does not belong to the certificate of \(files.certificates)")
        }
    }
}

struct TLSError: Error, CustomStringConvertible {
    let description: String

    init(description: String) {
        self.description = description
    }

    /// - Parameter content: what is wrong with a file that can be read.
    init(_ path: String, _ content: String) {
        let isReadable = unsafe access(path, R_OK) == 0
        let reason = unsafe isReadable ? nil : strerror(errno).map { unsafe String(cString: $0) }
        description = "\(path): \(reason ?? content)"
    }
}
