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

    static func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
        .testTarget(
            name: "\(name)Tests", dependencies: dependencies, path: "Tests/\(name)Tests", swiftSettings: testSettings)
    }
}

let system: Target.Dependency = .product(name: "SystemPackage", package: "swift-system")
let argumentParser: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")

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
    ],
    targets: [
        // MARK: - Core
        .floor("Core", "InternalUtilities"),
        .floor("Core", "WasmTypes", ["InternalUtilities"]),
        .floor("Core", "WasmBinary", ["InternalUtilities", "WasmTypes"]),
        .floor("Core", "WasmValidation", ["InternalUtilities", "WasmTypes", "WasmBinary"]),

        // MARK: - Engine
        .target(name: "CApus", path: "Sources/Engine/CApus"),
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
            "Component", "ComponentRuntime",
            ["InternalUtilities", "WasmTypes", "WasmBinary", "ComponentTypes", "ComponentBinary", "Execution", "WasmEngine"]),

        // MARK: - WASI
        .floor("WASI", "WASIHost", ["InternalUtilities", system]),
        .floor("WASI", "WASIPreview2", ["InternalUtilities", "WASIHost", "ComponentTypes", "ComponentRuntime"]),

        // MARK: - Library
        .target(
            name: "Apus",
            dependencies: ["WasmTypes", "WasmEngine", "Execution", "ComponentTypes", "ComponentRuntime", "WASIHost", "WASIPreview2"],
            path: "Sources/Apus", swiftSettings: settings),

        // MARK: - Tools
        .floor("Tools", "ApusCommands", ["Apus", "InternalUtilities", "WasmTypes", "WasmEngine", "Execution", "WasmBinary", "ComponentBinary", argumentParser]),
        .executableTarget(
            name: "ApusCLI", dependencies: ["ApusCommands", "WasmEngine"], path: "Sources/Tools/apus", swiftSettings: settings),

        // MARK: - Tests
        .tests("InternalUtilities", ["InternalUtilities"]),
        .tests("WasmBinary", ["WasmBinary"]),
        .tests("WasmValidation", ["WasmBinary", "WasmValidation"]),
        .tests("Engine", ["WasmEngine"]),
        .tests("ComponentTypes", ["ComponentTypes", "WasmTypes"]),
        .tests("ComponentBinary", ["ComponentBinary", "ComponentTypes", "WasmBinary", "WasmTypes", "InternalUtilities"]),
        .tests("ComponentRuntime", ["ComponentRuntime"]),
        .tests("WASIHost", ["WASIHost"]),
        .tests("Guest", []),
    ]
)
