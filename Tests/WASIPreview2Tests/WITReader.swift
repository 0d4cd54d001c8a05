// Reads as much of WIT as the packages of WASI need to compare their functions with ours: interfaces, the types they
// define or use, and the functions with their types written out.

import Foundation

/// A type as text, with names replaced by what they stand for. Resources are the exception: `own<name>`, `borrow<name>`.
struct WITFunction: Hashable {
    var name: String
    var type: String
    var since: String?
    var isUnstable: Bool
}

/// The interfaces of one package and of those that it uses, by names such as `wasi:io/streams`.
struct WITReader {
    struct Interface {
        var functions: [WITFunction] = []
        var resources: [String] = []
        var types: [String: String] = [:]
    }

    /// What stands in a source file of an interface, not looked at yet.
    private struct Source {
        var package: String
        var tokens: [String]
    }

    private var sources: [String: Source] = [:]
    private(set) var interfaces: [String: Interface] = [:]

    init(folder: URL, packages: [String]) throws {
        for package in packages {
            let names = try FileManager.default.contentsOfDirectory(atPath: folder.appending(path: package).path)
            for name in names.sorted() where name.hasSuffix(".wit") {
                let text = try String(contentsOf: folder.appending(path: "\(package)/\(name)"), encoding: .utf8)
                collect(Self.tokens(of: text), package: "wasi:\(package)")
            }
        }
        for name in sources.keys.sorted() { try read(name) }
    }

    // MARK: Tokens

    static func tokens(of text: String) -> [String] {
        var tokens: [String] = []
        var word = ""
        func flush() {
            if !word.isEmpty { tokens.append(word) }
            word = ""
        }
        for line in text.split(separator: "\n") {
            var characters = Array(line)[...]
            while let character = characters.first {
                if character == "/", characters.dropFirst().first == "/" { break }
                characters.removeFirst()
                if character == "-", characters.first == ">" {
                    flush()
                    characters.removeFirst()
                    tokens.append("->")
                } else if character.isWhitespace {
                    flush()
                } else if "{}()<>,;=".contains(character) || (character == ":" && !isPartOfName(word, characters)) {
                    flush()
                    tokens.append(String(character))
                } else {
                    word.append(character)
                }
            }
            flush()
        }
        return tokens
    }

    /// A colon within `wasi:io`.
    private static func isPartOfName(_ word: String, _ rest: ArraySlice<Character>) -> Bool {
        word == "wasi" && rest.first?.isLetter == true
    }

    private mutating func collect(_ tokens: [String], package: String) {
        var rest = tokens[...]
        while let token = rest.popFirst() {
            guard token == "interface", let name = rest.popFirst(), rest.popFirst() == "{" else { continue }
            var depth = 1
            var body: [String] = []
            while depth > 0, let token = rest.popFirst() {
                if token == "{" { depth += 1 }
                if token == "}" { depth -= 1 }
                if depth > 0 { body.append(token) }
            }
            sources["\(package)/\(name)"] = Source(package: package, tokens: body)
        }
    }

    // MARK: Reading

    struct Malformed: Error {
        var interface: String
        var at: [String]
    }

    private mutating func read(_ name: String) throws {
        guard interfaces[name] == nil, let source = sources[name] else { return }
        interfaces[name] = Interface()
        // Types may be used before they are defined, so uses and definitions come first.
        var body = Body(name: name, rest: source.tokens[...])
        var statements: [Body.Statement] = []
        while !body.rest.isEmpty { statements.append(try body.statement()) }
        var interface = Interface()
        for statement in statements {
            guard case .use(let from, let names) = statement else { continue }
            let path = from.contains(":") ? String(from.prefix { $0 != "@" }) : "\(source.package)/\(from)"
            try read(path)
            for used in names {
                interface.types[used] = interfaces[path]?.types[used] ?? "?\(path).\(used)"
                if interface.types[used] == "own<\(used)>" { interface.resources.append(used) }
            }
        }
        for case .resource(let resource, _, _, _) in statements {
            interface.types[resource] = "own<\(resource)>"
            interface.resources.append(resource)
        }
        var left = statements
        // A definition is resolved when all that it names is; each round resolves one at least.
        var definitions: [(String, [String])] = left.compactMap {
            if case .type(let name, let tokens) = $0 { (name, tokens) } else { nil }
        }
        while !definitions.isEmpty {
            let names = Set(definitions.map(\.0))
            guard let ready = definitions.firstIndex(where: { item in
                !Body.typeWords(item.1).contains { names.contains($0) }
            }) else { throw Malformed(interface: name, at: definitions.map(\.0)) }
            let (defined, tokens) = definitions.remove(at: ready)
            interface.types[defined] = try text(tokens, interface)
        }
        left.removeAll { if case .type = $0 { true } else { false } }
        for statement in left {
            switch statement {
            case .function(let name, let tokens, let since, let isUnstable):
                interface.functions.append(
                    WITFunction(
                        name: name, type: try function(tokens, interface, receiver: nil), since: since,
                        isUnstable: isUnstable))
            case .resource(let resource, let methods, _, _):
                for case .function(let name, let tokens, let since, let isUnstable) in methods {
                    interface.functions.append(
                        WITFunction(
                            name: "[method]\(resource).\(name)",
                            type: try function(tokens, interface, receiver: resource), since: since,
                            isUnstable: isUnstable))
                }
            default: break
            }
        }
        interfaces[name] = interface
    }

    /// `( name: type, … ) -> type`
    private func function(_ tokens: [String], _ interface: Interface, receiver: String?) throws -> String {
        var body = Body(name: "func", rest: tokens[...])
        var parameters = receiver.map { ["borrow<\($0)>"] } ?? []
        try body.expect("(")
        while body.rest.first != ")" {
            _ = body.rest.popFirst()
            try body.expect(":")
            parameters.append(try text(body.type(), interface))
            if body.rest.first == "," { body.rest.removeFirst() }
        }
        try body.expect(")")
        var result = ""
        if body.rest.first == "->" {
            body.rest.removeFirst()
            result = " -> \(try text(body.type(), interface))"
        }
        return "func(\(parameters.joined(separator: ", ")))\(result)"
    }

    /// A type, or a definition's body that begins with its keyword, with all names resolved.
    private func text(_ tokens: [String], _ interface: Interface) throws -> String {
        var body = Body(name: "type", rest: tokens[...])
        guard let head = body.rest.popFirst() else { throw Malformed(interface: "type", at: tokens) }
        switch head {
        case "record", "variant", "enum", "flags":
            try body.expect("{")
            var parts: [String] = []
            while let label = body.rest.popFirst(), label != "}" {
                if label == "," { continue }
                var part = label.hasPrefix("%") ? String(label.dropFirst()) : label
                if head == "record" {
                    try body.expect(":")
                    part += ": " + (try text(body.type(), interface))
                } else if body.rest.first == "(" {
                    try body.expect("(")
                    part += "(" + (try text(body.type(), interface)) + ")"
                    try body.expect(")")
                }
                parts.append(part)
            }
            return "\(head) { \(parts.joined(separator: ", ")) }"
        default:
            var arguments: [String] = []
            if body.rest.first == "<" {
                body.rest.removeFirst()
                while body.rest.first != ">" {
                    if body.rest.first == "," { body.rest.removeFirst() }
                    if head == "borrow" || head == "own" {
                        arguments.append(body.rest.popFirst() ?? "")
                    } else {
                        arguments.append(try text(body.type(), interface))
                    }
                }
                return "\(head)<\(arguments.joined(separator: ", "))>"
            }
            return interface.types[head] ?? head
        }
    }

    /// What stands between the braces of an interface.
    private struct Body {
        indirect enum Statement {
            case use(from: String, names: [String])
            case type(name: String, tokens: [String])
            case resource(name: String, methods: [Statement], since: String?, isUnstable: Bool)
            case function(name: String, tokens: [String], since: String?, isUnstable: Bool)
        }

        let name: String
        var rest: ArraySlice<String>

        mutating func expect(_ token: String) throws {
            guard rest.popFirst() == token else { throw Malformed(interface: name, at: ["expected \(token)"] + rest.prefix(5)) }
        }

        /// The words of a definition that may be names of types.
        static func typeWords(_ tokens: [String]) -> Set<String> {
            guard let head = tokens.first, ["enum", "flags"].contains(head) else { return Set(tokens) }
            return []
        }

        mutating func statement() throws -> Statement {
            var since: String?
            var isUnstable = false
            while rest.first?.hasPrefix("@") == true {
                isUnstable = isUnstable || rest.first == "@unstable"
                while let token = rest.popFirst(), token != ")" {
                    if token.first?.isNumber == true { since = token }
                }
            }
            guard let word = rest.popFirst() else { throw Malformed(interface: name, at: []) }
            switch word {
            case "use":
                var from = ""
                while let token = rest.popFirst(), token != "{" { from += token }
                if from.hasSuffix(".") { from.removeLast() }
                let names = until("}").filter { $0 != "," }
                try expect(";")
                return .use(from: from, names: names)
            case "type":
                let defined = rest.popFirst() ?? ""
                try expect("=")
                return .type(name: defined, tokens: until(";"))
            case "record", "variant", "enum", "flags":
                let defined = rest.popFirst() ?? ""
                return .type(name: defined, tokens: [word] + until("}") + ["}"])
            case "resource":
                let defined = rest.popFirst() ?? ""
                if rest.popFirst() == ";" {
                    return .resource(name: defined, methods: [], since: since, isUnstable: isUnstable)
                }
                var methods: [Statement] = []
                while rest.first != "}" { methods.append(try statement()) }
                rest.removeFirst()
                return .resource(name: defined, methods: methods, since: since, isUnstable: isUnstable)
            default:
                let defined = word.hasPrefix("%") ? String(word.dropFirst()) : word
                try expect(":")
                try expect("func")
                return .function(name: defined, tokens: until(";"), since: since, isUnstable: isUnstable)
            }
        }

        mutating func until(_ end: String) -> [String] {
            var tokens: [String] = []
            while let token = rest.popFirst(), token != end { tokens.append(token) }
            return tokens
        }

        /// The tokens of one type.
        mutating func type() -> [String] {
            var tokens: [String] = []
            if let head = rest.popFirst() { tokens.append(head) }
            guard rest.first == "<" else { return tokens }
            var depth = 0
            repeat {
                guard let token = rest.popFirst() else { break }
                if token == "<" { depth += 1 }
                if token == ">" { depth -= 1 }
                tokens.append(token)
            } while depth > 0
            return tokens
        }
    }
}
