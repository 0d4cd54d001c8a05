// Every function of the world `wasi:cli/command` is declared, and as what the published WIT says.

import Foundation
import Testing

@testable import ComponentRuntime
import WASIHost
@testable import WASIPreview2

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
                #expect(found.defect == nil)
                #expect(
                    text(found, in: interface.resources) == function.type, "\(function.name) of \(name)")
                count += 1
            }
            let names = Set(interface.functions.map(\.name))
            #expect(Set(host.functions.keys).subtracting(names).isEmpty, "\(name) declares more than is published")
            #expect(Set(host.resources.keys) == Set(interface.resources), "resources of \(name)")
        }
        #expect(reader.interfaces.count - exported.count == WASIInterfaces.command.count)
        // What the reader had not understood would not be missed.
        #expect(count > 130)
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

    private func text(_ function: HostFunction, in resources: [String]) -> String {
        TypeText { HostResourceTypes.className(of: $0).flatMap { Self.resourceNames[$0] } }
            .function(function.parameterTypes.map { (nil, $0) }, function.resultType)
    }

    @Test
    func errorCodesAreThoseOfTheHost() {
        let codes = FilesystemTypes.ErrorCode.allCases
        for (number, code) in codes.enumerated() {
            #expect(FilesystemTypes.ErrorCode.numbered(number) == code)
        }
        #expect(FilesystemTypes.ErrorCode.numbered(codes.count) == nil)
    }

    @Test
    func namesOfErrorCodesFollowThoseOfTheHost() {
        for code in FilesystemErrorCode.allCases {
            let name = FilesystemTypes.ErrorCode.numbered(code.rawValue)?.rawValue.replacing("-", with: "")
            #expect(name == "\(code)".lowercased())
        }
        #expect(FilesystemErrorCode.allCases.count == FilesystemTypes.ErrorCode.allCases.count)
    }
}
