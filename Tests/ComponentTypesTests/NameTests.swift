// Names, versions, and which version serves which.

import ComponentTypes
import Testing

struct NameTests {
    @Test(arguments: ["a", "a-b-c", "a1-2-3", "A", "A-B-C", "A1-2-3", "a11-w0rds", "A11-4CR0NYMS", "m1x3d-4CR0NYMS", "is-XML"])
    func labels(_ text: String) {
        #expect(Label.isValid(text))
    }

    @Test(arguments: ["", "1", "1-a", "a-", "-a", "a--b", "aBc", "Ab", "a_b", "a b", "é", "a-bC"])
    func notLabels(_ text: String) {
        #expect(!Label.isValid(text))
    }

    @Test func externalNames() throws {
        #expect(try ExternalName(parsing: "get-JSON").kind == .plain)
        #expect(try ExternalName(parsing: "[constructor]a").kind == .constructor(resource: "a"))
        #expect(try ExternalName(parsing: "[method]a.b").kind == .method(resource: "a", name: "b"))
        #expect(try ExternalName(parsing: "[static]a.b-c").kind == .static(resource: "a", name: "b-c"))
        let name = try InterfaceName(parsing: "wasi:io/streams@0.2.12-rc.1+x")
        #expect(name.namespace == "wasi")
        #expect(name.package == "io")
        #expect(name.interface == "streams")
        #expect(name.unversioned == "wasi:io/streams")
        #expect(name.version?.description == "0.2.12-rc.1+x")
        #expect(try InterfaceName(parsing: "a:b/c").version == nil)
    }

    @Test(arguments: [
        "", "a:b", "a:b/", ":b/c", "a:/c", "A:b/c", "a:B/c", "a:b/c@", "a:b/c@x", "a:b/c@01.0.0", "a:b/c@1.0.0-", "a:b/c@0",
        "a:b/c@0.0", "a:b/c@1.2", "a:b/c@1.0.0-01", "a:b:c/d", "a:b/c/d", "[method]a", "[method]a.", "[other]a", "[constructor]",
    ])
    func notExternalNames(_ text: String) {
        #expect(throws: NameError.self) { try ExternalName(parsing: text) }
    }

    @Test func strongUniqueness() throws {
        func key(_ text: String) throws -> String { try ExternalName(parsing: text).uniquenessKey }
        let unique = ["foo", "foo-bar", "[constructor]foo", "[method]foo.bar", "[static]foo.baz", "foo:bar/baz"]
        #expect(Set(try unique.map(key)).count == unique.count)
        for other in [
            "foo", "FOO", "foo-BAR", "[constructor]FOO", "[method]foo.BAR", "[static]foo.bar", "[method]foo.baz",
            "[method]foo.foo", "[static]FOO.foo", "foo:bar/BAZ",
        ] {
            #expect(try unique.map(key).contains(try key(other)), "\(other)")
        }
    }

    @Test func precedence() throws {
        let ordered = [
            "1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta", "1.0.0-beta", "1.0.0-beta.2", "1.0.0-beta.11",
            "1.0.0-rc.1", "1.0.0", "1.0.1", "1.1.0", "2.0.0", "10.0.0",
        ]
        let versions = try ordered.map { try SemanticVersion(parsing: $0) }
        #expect(versions == versions.shuffled().sorted())
        for (a, b) in zip(versions, versions.dropFirst()) {
            #expect(a < b)
            #expect(!(b < a))
        }
    }

    struct Lookup: CustomTestStringConvertible, Sendable {
        var offered: [String]
        var wanted: String
        var match: String?
        var nearest: String?
        var testDescription: String { "\(wanted) among \(offered)" }
    }

    static let lookups: [Lookup] = [
        // Exact first, even where a higher version is there.
        Lookup(offered: ["a:b/c@0.2.0", "a:b/c@0.2.5"], wanted: "a:b/c@0.2.0", match: "a:b/c@0.2.0"),
        // Otherwise the highest on the track, above or below.
        Lookup(offered: ["a:b/c@0.2.1", "a:b/c@0.2.12", "a:b/c@0.2.3"], wanted: "a:b/c@0.2.0", match: "a:b/c@0.2.12"),
        Lookup(offered: ["a:b/c@0.2.1"], wanted: "a:b/c@0.2.9", match: "a:b/c@0.2.1"),
        Lookup(offered: ["a:b/c@1.2.0", "a:b/c@1.10.0"], wanted: "a:b/c@1.3.7", match: "a:b/c@1.10.0"),
        // Tracks do not mix.
        Lookup(offered: ["a:b/c@0.3.0"], wanted: "a:b/c@0.2.0", match: nil, nearest: "a:b/c@0.3.0"),
        Lookup(offered: ["a:b/c@2.0.0", "a:b/c@0.9.0"], wanted: "a:b/c@1.9.0", match: nil, nearest: "a:b/c@0.9.0"),
        // A track alone is a name too.
        Lookup(offered: ["a:b/c@0.2.1", "a:b/c@0.2.2"], wanted: "a:b/c@0.2", match: "a:b/c@0.2.2"),
        Lookup(offered: ["a:b/c@0.2"], wanted: "a:b/c@0.2.4", match: "a:b/c@0.2"),
        Lookup(offered: ["a:b/c@1.4.0"], wanted: "a:b/c@1", match: "a:b/c@1.4.0"),
        // Pre-releases and 0.0.x serve themselves only.
        Lookup(offered: ["a:b/c@0.2.0-rc"], wanted: "a:b/c@0.2.0", match: nil, nearest: "a:b/c@0.2.0-rc"),
        Lookup(offered: ["a:b/c@0.2.0"], wanted: "a:b/c@0.2.0-rc", match: nil, nearest: "a:b/c@0.2.0"),
        Lookup(offered: ["a:b/c@0.2.0-rc"], wanted: "a:b/c@0.2.0-rc", match: "a:b/c@0.2.0-rc"),
        Lookup(offered: ["a:b/c@0.0.2"], wanted: "a:b/c@0.0.1", match: nil, nearest: "a:b/c@0.0.2"),
        Lookup(offered: ["a:b/c@0.0.1"], wanted: "a:b/c@0.0.1", match: "a:b/c@0.0.1"),
        // Without a version, and plain names: by equality.
        Lookup(offered: ["a:b/c"], wanted: "a:b/c@1.0.0", match: nil, nearest: "a:b/c"),
        Lookup(offered: ["a:b/c@1.0.0"], wanted: "a:b/c", match: nil, nearest: "a:b/c@1.0.0"),
        Lookup(offered: ["run"], wanted: "run", match: "run"),
        Lookup(offered: ["a:b/d@1.0.0"], wanted: "a:b/c@1.0.0", match: nil, nearest: nil),
    ]

    @Test(arguments: lookups)
    func versionRule(_ lookup: Lookup) {
        let names = VersionedNames(lookup.offered)
        #expect(names.match(lookup.wanted).map { names.names[$0] } == lookup.match)
        if lookup.match == nil {
            #expect(names.nearest(lookup.wanted).map { names.names[$0] } == lookup.nearest)
        }
    }
}
