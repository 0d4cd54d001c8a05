// Every function of the world `wasi:cli/command` is declared, and as what the published WIT says.

import ComponentRuntime
import Foundation
import Testing
import WASIHost
import WASIPreview2

/// The published interfaces; nil if they are not there.
private let published: URL? = {
    let shared = ProcessInfo.processInfo.environment["APUS_SHARED"] ?? "../shared"
    let folder = URL(filePath: shared).appending(path: "wit/wasi-\(WASIInterfaces.version)")
    return FileManager.default.fileExists(atPath: folder.path) ? folder : nil
}()

private let packages = ["cli", "clocks", "filesystem", "io", "random", "sockets"]

/// Interfaces of these packages that a guest does not import.
private let exported: Set = ["wasi:cli/run"]

struct InterfaceTests {
    @Test(.enabled(if: published != nil, "the published WIT is not at hand (APUS_SHARED)"))
    func declaredAsPublished() throws {
        let published = try #require(published)
        let reader = try WITReader(folder: published, packages: packages)
        let declared = Dictionary(uniqueKeysWithValues: WASIInterfaces.command.map { ($0.name, $0) })
        var count = 0
        for (name, interface) in reader.interfaces where !exported.contains(name) {
            let host = try #require(declared["\(name)@\(WASIInterfaces.version)"], "\(name) is not declared")
            for function in interface.functions {
                let found = try #require(host.functions[function.name], "\(name) lacks \(function.name)")
                #expect(text(of: found) == function.type, "\(function.name) of \(name)")
                count += 1
            }
            let names = Set(interface.functions.map(\.name))
            #expect(Set(host.functions.keys) == names, "functions of \(name)")
            #expect(Set(host.resources.keys) == Set(interface.resources), "resources of \(name)")
        }
        #expect(reader.interfaces.count - exported.count == WASIInterfaces.command.count)
        // As many as `func` stands there; what the reader had not understood would not be missed.
        #expect(count == 126)
    }

    /// Names of the resources differ from those of their classes.
    private static let resourceNames = [
        "ErrorResource": "error", "PollableResource": "pollable", "InputStreamResource": "input-stream",
        "OutputStreamResource": "output-stream", "TerminalInput": "terminal-input",
        "TerminalOutput": "terminal-output", "Descriptor": "descriptor", "DirectoryListing": "directory-entry-stream",
        "Network": "network", "NameLookup": "resolve-address-stream", "TCPSocket": "tcp-socket",
        "UDPSocket": "udp-socket", "IncomingDatagrams": "incoming-datagram-stream",
        "OutgoingDatagrams": "outgoing-datagram-stream",
    ]

    private func text(of function: HostFunction) -> String {
        Self.resourceNames.reduce(function.text) { text, name in
            text.replacing("<\(name.key)>", with: "<\(name.value)>")
        }
    }

    /// The host has numbers for its error codes, which are made the interface's by their place alone.
    @Test
    func errorCodesAreThoseOfTheHost() throws {
        let types = try #require(WASIInterfaces.command.first { $0.name.hasPrefix("wasi:filesystem/types@") })
        let function = try #require(types.functions["filesystem-error-code"])
        let match = try #require(function.text.firstMatch(of: /enum \{ ([^}]*) \}/))
        let names: [String] = match.1.split(separator: ", ").map { String($0).replacing("-", with: "") }
        #expect(names == FilesystemErrorCode.allCases.map { "\($0)".lowercased() })
    }
}
