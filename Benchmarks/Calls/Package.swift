// swift-tools-version: 6.2
// A program that embeds Apus and measures calls in both directions; Benchmarks/calls builds and runs it.
import PackageDescription

let package = Package(
    name: "calls",
    platforms: [.macOS(.v26)],
    dependencies: [.package(name: "apus", path: "../..")],
    targets: [
        .executableTarget(
            name: "calls", dependencies: [.product(name: "Apus", package: "apus")],
            swiftSettings: [.swiftLanguageMode(.v6)])
    ]
)
