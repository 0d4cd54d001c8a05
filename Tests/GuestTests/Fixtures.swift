// Where things are: the sources of the guests and their cases, the guests that were built, the runtime under test.
import Foundation

enum Fixtures {
    static let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
    static let sources = package.appending(path: "Tests/Guests")

    /// Where `Tests/Guests/build` puts what it builds.
    static let built: URL = {
        let given = ProcessInfo.processInfo.environment["APUS_GUESTS"]
        return given.map { URL(filePath: $0) } ?? package.appending(path: ".build/guests")
    }()

    static func place(of guest: String) -> URL { built.appending(path: "\(guest).wasm") }

    /// The command that is tested: APUS_RUNTIME, or the release build of `apus`.
    static let runtime: URL? = {
        if let given = ProcessInfo.processInfo.environment["APUS_RUNTIME"] { return URL(filePath: given) }
        // The tests lie in the same build folder.
        let here = URL(filePath: CommandLine.arguments[0]).resolvingSymlinksInPath()
        var places: [URL] = []
        var folder = here.deletingLastPathComponent()
        for _ in 0..<5 {
            places.append(folder.appending(path: "release/apus"))
            folder.deleteLastPathComponent()
        }
        places.append(package.appending(path: ".build/release/apus"))
        return places.first { FileManager.default.isExecutableFile(atPath: $0.path) }
    }()

    /// Wasmtime is the reference: what it does is what the cases say, but for what its command line lacks.
    static let isReference = runtime?.lastPathComponent == "wasmtime"

    /// All cases of a folder, in the order of the files' names.
    static func cases(in folder: String) -> [GuestCase] {
        let place = sources.appending(path: folder)
        let names = (try? FileManager.default.contentsOfDirectory(atPath: place.path)) ?? []
        return names.filter { $0.hasSuffix(".json") }.sorted().flatMap { name -> [GuestCase] in
            do {
                let data = try Data(contentsOf: place.appending(path: name))
                return try JSONDecoder().decode([GuestCase].self, from: data).flatMap { found in
                    var found = found
                    found.file = String(name.dropLast(5))
                    return found.expanded
                }
            } catch {
                fatalError("\(folder)/\(name): \(error)")
            }
        }
    }
}
