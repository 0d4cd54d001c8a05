// swift-tools-version: 6.2
// The targets are the floors of the house: `Documentation/Architecture.md` says what lives on each and what it may
// import, and `dev/check-imports` holds the `import` lines of the sources against the table below.
import PackageDescription

/// What every Swift target is compiled with: the Swift 6 language mode, no warning left, unsafe code marked as such,
/// and imports that do not leak into a target's clients.
let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .treatAllWarnings(as: .error),
    .strictMemorySafety(),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableExperimentalFeature("Lifetimes"),
]

/// A handler of the register machine does its work in a handful of instructions; saving and restoring a frame pointer that
/// it never uses would add three to each. SwiftPM refuses such a flag in a package that others depend on, so there it is
/// left out.
let isDependency = Context.packageDirectory.contains("/checkouts/")
let handlerSettings: [CSetting] = isDependency ? [] : [.unsafeFlags(["-momit-leaf-frame-pointer"])]

let testSettings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
]

extension Target {
    /// A floor of the house, in the wing `wing`.
    static func floor(_ wing: String, _ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
        .target(name: name, dependencies: dependencies, path: "Sources/\(wing)/\(name)", swiftSettings: settings)
    }

    static func tests(_ name: String, _ dependencies: [Target.Dependency], exclude: [String] = []) -> Target {
        .testTarget(
            name: "\(name)Tests", dependencies: dependencies, path: "Tests/\(name)Tests", exclude: exclude,
            swiftSettings: testSettings)
    }
}

let system: Target.Dependency = .product(name: "SystemPackage", package: "swift-system")
let argumentParser: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")
/// What the server is built on.
let nio: [Target.Dependency] = [
    .product(name: "NIOConcurrencyHelpers", package: "swift-nio"),
    .product(name: "NIOCore", package: "swift-nio"),
    .product(name: "NIOPosix", package: "swift-nio"),
    .product(name: "NIOHTTP1", package: "swift-nio"),
    .product(name: "NIOTLS", package: "swift-nio"),
    .product(name: "NIOHPACK", package: "swift-nio-http2"),
    .product(name: "NIOHTTP2", package: "swift-nio-http2"),
    .product(name: "NIOSSL", package: "swift-nio-ssl"),
    .product(name: "Instrumentation", package: "swift-distributed-tracing"),
    .product(name: "Tracing", package: "swift-distributed-tracing"),
]
/// What the client for guests is built on.
let nioClient: [Target.Dependency] = [
    .product(name: "NIOSOCKS", package: "swift-nio-extras"),
    .product(name: "NIOCore", package: "swift-nio"),
    .product(name: "NIOPosix", package: "swift-nio"),
    .product(name: "NIOHTTP1", package: "swift-nio"),
    .product(name: "NIOTLS", package: "swift-nio"),
    .product(name: "NIOHPACK", package: "swift-nio-http2"),
    .product(name: "NIOHTTP2", package: "swift-nio-http2"),
    .product(name: "NIOSSL", package: "swift-nio-ssl"),
]

let package = Package(
    name: "apus",
    platforms: [.macOS(.v26)],
    products: [
        .library(name: "Apus", targets: ["Apus"]),
        .executable(name: "apus", targets: ["ApusCLI"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.2"),
        .package(url: "https://github.com/apple/swift-nio-http2", from: "1.46.0"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/apple/swift-distributed-tracing", from: "1.7.3"),
    ],
    targets: [
        // MARK: - Core
        .floor("Core", "InternalUtilities"),
        .floor("Core", "WasmTypes", ["InternalUtilities"]),
        .floor("Core", "WasmBinary", ["InternalUtilities", "WasmTypes"]),
        .floor("Core", "WasmValidation", ["InternalUtilities", "WasmTypes", "WasmBinary"]),
        .floor("Core", "WasmText", ["InternalUtilities", "WasmTypes", "WasmBinary"]),

        // MARK: - Engine
        .target(name: "CApus", path: "Sources/Engine/CApus", cSettings: handlerSettings),
        .floor(
            "Engine", "Execution", ["InternalUtilities", "WasmTypes", "WasmBinary", "WasmValidation", "CApus"]),
        .floor(
            "Engine", "Interpreter", ["InternalUtilities", "WasmTypes", "WasmBinary", "Execution", "CApus"]),
        .floor(
            "Engine", "WasmEngine",
            ["InternalUtilities", "WasmTypes", "WasmBinary", "WasmValidation", "Execution", "Interpreter"]),

        // MARK: - Component
        .floor("Component", "ComponentTypes", ["InternalUtilities", "WasmTypes"]),
        .floor(
            "Component", "ComponentBinary",
            ["InternalUtilities", "WasmTypes", "WasmBinary", "WasmValidation", "ComponentTypes"]),
        .floor(
            "Component", "ComponentText",
            ["InternalUtilities", "WasmTypes", "WasmBinary", "WasmText", "ComponentTypes", "ComponentBinary"]),
        .floor(
            "Component", "ComponentRuntime",
            ["InternalUtilities", "WasmTypes", "WasmBinary", "ComponentTypes", "ComponentBinary", "Execution", "WasmEngine"]),

        .floor("Component", "WAVE", ["InternalUtilities", "ComponentTypes"]),
        .floor("Component", "WIT", ["InternalUtilities", "WasmTypes", "WasmBinary", "ComponentTypes"]),

        // MARK: - WASI
        .target(name: "CWASIHost", path: "Sources/WASI/CWASIHost"),
        .floor("WASI", "WASIHost", ["InternalUtilities", "CWASIHost", system]),
        .floor("WASI", "WASIPreview1", ["InternalUtilities", "WasmTypes", "WasmBinary", "WASIHost", "Execution", "WasmEngine"]),
        .floor("WASI", "WASIPreview2", ["InternalUtilities", "WASIHost", "ComponentTypes", "ComponentRuntime", "Execution"]),

        .floor(
            "WASI", "WASIHTTP",
            [
                "InternalUtilities", "WasmTypes", "WASIHost", "WASIPreview2", "ComponentTypes", "ComponentRuntime",
                "Execution",
            ]),

        // MARK: - Server
        .floor(
            "Server", "HTTPTransport",
            [
                .product(name: "NIOCore", package: "swift-nio"), .product(name: "NIOHPACK", package: "swift-nio-http2"),
                .product(name: "NIOHTTP2", package: "swift-nio-http2"),
            ]),
        .floor(
            "Server", "HTTPServer",
            [
                "InternalUtilities", "HTTPTransport", "WASIHTTP", "WASIHost", "WASIPreview2", "ComponentRuntime", "WasmTypes", "Execution",
                "WasmEngine",
            ] + nio),

        .floor("Server", "HTTPClient", ["InternalUtilities", "HTTPTransport", "WASIHTTP"] + nioClient),

        // MARK: - Library
        .target(
            name: "Apus",
            dependencies: [
                "InternalUtilities", "WasmTypes", "WasmBinary", "WasmEngine", "Execution", "ComponentTypes",
                "ComponentBinary", "ComponentRuntime", "WASIHost", "WASIPreview1", "WASIPreview2", "WASIHTTP",
            ],
            path: "Sources/Apus", swiftSettings: settings),

        // MARK: - Tools
        .target(name: "CTOML", path: "Sources/Tools/CTOML"),
        .floor(
            "Tools", "WASTRunner",
            [
                "InternalUtilities", "WasmTypes", "WasmBinary", "WasmText", "Execution", "WasmEngine", "ComponentTypes",
                "ComponentBinary", "ComponentText", "ComponentRuntime",
            ]),
        .floor(
            "Tools", "ApusCommands",
            [
                "Apus", "InternalUtilities", "WasmTypes", "WasmBinary", "WasmText", "Execution", "WasmEngine",
                "ComponentTypes", "ComponentBinary", "ComponentRuntime", "WASIHost", "WASIPreview2", "WASTRunner",
                "WASIPreview1", "WAVE", "WIT", "ComponentText", "WASIHTTP", "HTTPServer", "HTTPClient", "CTOML", argumentParser,
                system, .product(name: "Tracing", package: "swift-distributed-tracing"),
            ]),
        .executableTarget(
            name: "ApusCLI", dependencies: ["ApusCommands"], path: "Sources/Tools/apus", swiftSettings: settings),

        // MARK: - Tests
        .tests("InternalUtilities", ["InternalUtilities"]),
        .tests("WasmBinary", ["InternalUtilities", "WasmTypes", "WasmBinary"]),
        .tests("WasmValidation", ["InternalUtilities", "WasmTypes", "WasmBinary", "WasmValidation"]),
        .tests("WasmText", ["InternalUtilities", "WasmTypes", "WasmBinary", "WasmValidation", "WasmText"]),
        .tests(
            "Engine", ["InternalUtilities", "WasmTypes", "WasmBinary", "Execution", "WasmEngine"], exclude: ["Guests"]),
        .tests(
            "Spec", ["WasmText", "ComponentText", "WasmEngine", "WASTRunner"],
            exclude: ["KnownFailures.txt", "KnownComponentFailures.txt"]),
        .tests("ComponentText", ["ComponentText", "ComponentBinary", "WasmText", "WasmBinary", "InternalUtilities"]),
        .tests("ComponentTypes", ["ComponentTypes", "WasmTypes"]),
        .tests("ComponentBinary", ["ComponentBinary", "ComponentTypes", "WasmBinary", "WasmTypes", "InternalUtilities"]),
        .tests("ComponentRuntime", ["ComponentRuntime", "ComponentTypes", "Execution", "InternalUtilities", "WasmEngine", "WasmTypes"]),
        .tests("WAVE", ["WAVE", "ComponentTypes"]),
        .tests("WIT", ["WIT", "InternalUtilities"]),
        .tests("WASIHost", ["WASIHost", system]),
        .tests("WASIPreview2", ["WASIPreview2", "WASIHost", "ComponentRuntime"]),
        .tests(
            "WASIHTTP",
            [
                "InternalUtilities", "WASIHTTP", "WASIPreview2", "WASIHost", "ComponentRuntime", "Execution", "WasmEngine",
                "WasmTypes",
            ]),
        .tests(
            "HTTPServer",
            ["HTTPServer", "HTTPClient", "WASIHTTP", "WASIHost", "ComponentRuntime", "InternalUtilities", "WasmEngine"] + nio,
            exclude: ["Cases", "Certificates"]),
        .tests("HTTPClient", ["HTTPClient", "WASIHTTP"] + nioClient, exclude: ["Cases"]),
        .tests("Apus", ["Apus"]),
        .tests("ApusCommands", ["ApusCommands"], exclude: ["Fixtures"]),
        .tests("Guest", []),
    ],
    cxxLanguageStandard: .cxx17
)
