// Certificates for a test run, made by the system's `openssl` when they are first asked for.
import Foundation

struct Certificates: Sendable {
    let folder: URL

    /// Nil if there is no `openssl`.
    static let shared: Certificates? = try? Certificates()

    static var areThere: Bool { shared != nil }

    var authority: String { file("ca.pem") }
    var otherAuthority: String { file("other.pem") }

    func file(_ name: String) -> String { folder.appending(path: name).path }

    private init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "apus-client-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        for name in ["ca", "other"] {
            try openssl(
                "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=\(name)", "-keyout",
                file("\(name).key"), "-out", file("\(name).pem"))
        }
        try certify("server", "subjectAltName=DNS:localhost,IP:127.0.0.1")
        try certify("stranger", "subjectAltName=DNS:example.com")
        try certify("client", "extendedKeyUsage=clientAuth")
    }

    private func certify(_ name: String, _ extension: String) throws {
        let settings = folder.appending(path: "\(name).ext")
        try Data(`extension`.utf8).write(to: settings)
        try openssl(
            "req", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=\(name)", "-keyout", file("\(name).key"), "-out",
            file("\(name).csr"))
        try openssl(
            "x509", "-req", "-in", file("\(name).csr"), "-CA", file("ca.pem"), "-CAkey", file("ca.key"), "-set_serial",
            "\(UInt32.random(in: 1...1_000_000))", "-days", "2", "-extfile", settings.path, "-out", file("\(name).pem"))
    }

    private func openssl(_ arguments: String...) throws {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["openssl"] + arguments
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw Failure("openssl \(arguments.joined(separator: " "))") }
    }
}
