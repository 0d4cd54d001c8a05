// Versions of interfaces (Semantic Versioning 2.0, and the `canonversion` of Explainer.md, "Canonical Interface Name").

/// The version after the `@` of an interface's name.
///
/// Ordered by precedence as Semantic Versioning defines it; build metadata takes part in equality only.
public struct SemanticVersion: Hashable, Sendable {
    public var major: UInt64
    /// nil in a canonical version that stops before it, such as `1`.
    public var minor: UInt64?
    /// nil in a canonical version that stops before it, such as `0.2`.
    public var patch: UInt64?
    /// The identifiers after `-`, empty for a release.
    public var preRelease: [String] = []
    /// The identifiers after `+`.
    public var build: [String] = []

    public init(_ major: UInt64, _ minor: UInt64? = nil, _ patch: UInt64? = nil) {
        self.major = major
        self.minor = minor
        self.patch = patch
    }

    public var isPreRelease: Bool { !preRelease.isEmpty }

    /// The versions that may stand in for each other without being equal.
    public enum Track: Hashable, Sendable {
        /// Any release with this major version, which is not 0.
        case major(UInt64)
        /// Any release `0.minor`, where the minor version is not 0.
        case minor(UInt64)
    }

    /// nil for a version that only an equal one can serve: a pre-release, or `0.0.x`.
    public var track: Track? {
        if isPreRelease { return nil }
        if major > 0 { return .major(major) }
        if let minor, minor > 0 { return .minor(minor) }
        return nil
    }
}

extension SemanticVersion: Comparable {
    public static func < (a: SemanticVersion, b: SemanticVersion) -> Bool {
        if a.major != b.major { return a.major < b.major }
        if a.minor ?? 0 != b.minor ?? 0 { return a.minor ?? 0 < b.minor ?? 0 }
        if a.patch ?? 0 != b.patch ?? 0 { return a.patch ?? 0 < b.patch ?? 0 }
        if a.isPreRelease != b.isPreRelease { return a.isPreRelease }
        for (x, y) in zip(a.preRelease, b.preRelease) where x != y {
            switch (isNumeric(x), isNumeric(y)) {
            case (true, true): return (x.utf8.count, x) < (y.utf8.count, y)
            case (true, false): return true
            case (false, true): return false
            case (false, false): return x < y
            }
        }
        if a.preRelease.count != b.preRelease.count { return a.preRelease.count < b.preRelease.count }
        return false
    }

    fileprivate static func isNumeric(_ text: some StringProtocol) -> Bool {
        text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    }
}

extension SemanticVersion: CustomStringConvertible {
    public var description: String {
        var text = "\(major)"
        if let minor { text += ".\(minor)" }
        if let patch { text += ".\(patch)" }
        if !preRelease.isEmpty { text += "-" + preRelease.joined(separator: ".") }
        if !build.isEmpty { text += "+" + build.joined(separator: ".") }
        return text
    }
}

extension SemanticVersion {
    /// Reads a full semantic version, or a canonical one: `1`, `0.2`, `0.0.3`.
    public init(parsing text: some StringProtocol) throws(NameError) {
        var rest = Substring(text)
        guard !rest.isEmpty else { throw NameError("empty string, expected a semver version") }
        let major = try Self.number(&rest, "major")
        self.init(major)
        if rest.isEmpty {
            guard major > 0 else { throw NameError("unexpected end of input while parsing major version number") }
            return
        }
        try Self.dot(&rest, after: "major")
        let minor = try Self.number(&rest, "minor")
        self.minor = minor
        if rest.isEmpty {
            guard major == 0, minor > 0 else {
                throw NameError("unexpected end of input while parsing minor version number")
            }
            return
        }
        try Self.dot(&rest, after: "minor")
        patch = try Self.number(&rest, "patch")
        if rest.first == "-" {
            rest.removeFirst()
            preRelease = try Self.identifiers(&rest, "pre-release", allowsLeadingZeros: false)
        }
        if rest.first == "+" {
            rest.removeFirst()
            build = try Self.identifiers(&rest, "build metadata", allowsLeadingZeros: true)
        }
        if let character = rest.first {
            throw NameError("unexpected character '\(character)' after patch version number")
        }
    }

    private static func number(_ rest: inout Substring, _ part: String) throws(NameError) -> UInt64 {
        let digits = rest.prefix { $0.isASCII && $0.isWholeNumber }
        guard !digits.isEmpty else {
            guard let character = rest.first else {
                throw NameError("unexpected end of input while parsing \(part) version number")
            }
            throw NameError("unexpected character '\(character)' while parsing \(part) version number")
        }
        if digits.utf8.count > 1, digits.first == "0" {
            throw NameError("invalid leading zero in \(part) version number")
        }
        guard let value = UInt64(digits) else { throw NameError("value of \(part) version number exceeds 2^64-1") }
        rest.removeFirst(digits.count)
        return value
    }

    private static func dot(_ rest: inout Substring, after part: String) throws(NameError) {
        guard let character = rest.first, character == "." else {
            throw NameError("unexpected character '\(rest.first ?? " ")' after \(part) version number")
        }
        rest.removeFirst()
    }

    private static func identifiers(
        _ rest: inout Substring, _ part: String, allowsLeadingZeros: Bool
    ) throws(NameError) -> [String] {
        var result: [String] = []
        while true {
            let identifier = rest.prefix { character in
                character.isASCII && (character.isLetter || character.isWholeNumber || character == "-")
            }
            guard !identifier.isEmpty else { throw NameError("empty identifier segment in \(part)") }
            if !allowsLeadingZeros, identifier.utf8.count > 1, identifier.first == "0", isNumeric(identifier) {
                throw NameError("invalid leading zero in \(part) identifier")
            }
            result.append(String(identifier))
            rest.removeFirst(identifier.count)
            guard rest.first == "." else { return result }
            rest.removeFirst()
        }
    }
}
