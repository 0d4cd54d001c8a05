// Writes packages as WIT text (WIT.md), in the form that other tools print: two spaces, a package's own items first,
// other packages behind it in braces.

extension WITDocument {
    /// The document as WIT text, with a newline at the end.
    ///
    /// Throws where a type, spelled out, would be larger than anybody reads.
    public func text() throws(WITError) -> String {
        var printer = WITPrinter(document: self)
        guard packages.indices.contains(main) else { return "" }
        try printer.write(package: packages[main], isMain: true)
        var isFirst = true
        for position in packages.indices where position != main {
            if !isFirst {
                printer.output.endLine()
                printer.output.endLine()
            }
            isFirst = false
            try printer.write(package: packages[position], isMain: false)
        }
        return printer.output.text
    }
}

struct WITPrinter {
    /// In bytes.
    private static let sizeLimit = 64 << 20

    let document: WITDocument
    var output = IndentedText()
    /// Whether the block that is being written has items already, from which the next is set off by an empty line.
    var hasItems = false

    init(document: WITDocument) {
        self.document = document
    }

    func checkSize() throws(WITError) {
        guard output.text.utf8.count <= Self.sizeLimit else { throw WITError("its types, written out, are too large") }
    }

    // MARK: - Packages

    mutating func write(package: WITPackage, isMain: Bool) throws(WITError) {
        write(documentation: package.documentation)
        output.write("package \(Self.escaped(package.name.namespace)):\(Self.escaped(package.name.name))")
        if let version = package.name.version { output.write("@\(version)") }
        if isMain {
            output.endStatement()
            output.endLine()
        } else {
            output.openBlock()
        }
        for (name, id) in package.interfaces.pairs {
            write(document.interfaces[id].annotations)
            output.write("interface \(Self.escaped(name))")
            output.openBlock()
            try write(interface: id)
            output.closeBlock()
            if isMain { output.endLine() }
        }
        for (name, id) in package.worlds.pairs {
            write(document.worlds[id].annotations)
            output.write("world \(Self.escaped(name))")
            output.openBlock()
            try write(world: id)
            output.closeBlock()
        }
        if !isMain { output.closeBlock() }
    }

    /// Sets an item off from the one before it.
    mutating func beginItem() throws(WITError) {
        if hasItems { output.endLine() }
        hasItems = true
        try checkSize()
    }

    mutating func write(interface id: Int) throws(WITError) {
        let outer = hasItems
        hasItems = false
        let interface = document.interfaces[id]
        var members: [Int: [WITFunction]] = [:]
        var freestanding: [WITFunction] = []
        for (_, function) in interface.functions.pairs {
            if let resource = function.kind.resource {
                members[resource, default: []].append(function)
            } else {
                freestanding.append(function)
            }
        }
        try write(types: interface.types.pairs.map { ($0.name, $0.element) }, of: .interface(id), members)
        for function in freestanding {
            try beginItem()
            write(function.annotations)
            output.write("\(Self.escaped(function.itemName)): ")
            try write(function)
            output.endStatement()
        }
        hasItems = outer
    }

    // MARK: - Worlds

    mutating func write(world id: Int) throws(WITError) {
        let outer = hasItems
        hasItems = false
        let world = document.worlds[id]
        var types: [(String, Int)] = []
        var members: [Int: [WITFunction]] = [:]
        var functions: [WITWorldItem] = []
        for item in world.imports {
            switch (item.kind, item.key) {
            case (.type(let type), .name(let name)): types.append((name, type))
            case (.function(let function), _):
                if let resource = function.kind.resource {
                    members[resource, default: []].append(function)
                } else {
                    functions.append(item)
                }
            default:
                try write(item, "import", in: world.package)
                hasItems = true
            }
        }
        try write(types: types, of: .world(id), members)
        for item in functions {
            try write(item, "import", in: world.package)
            hasItems = true
        }
        if !world.exports.isEmpty { try beginItem() }
        for item in world.exports { try write(item, "export", in: world.package) }
        hasItems = outer
    }

    private mutating func write(_ item: WITWorldItem, _ keyword: String, in package: Int?) throws(WITError) {
        try checkSize()
        var annotations = item.annotations
        switch item.kind {
        case .interface(let id):
            if annotations.documentation == nil, case .name = item.key {
                annotations.documentation = document.interfaces[id].annotations.documentation
            }
        case .function(let function): annotations = function.annotations
        case .type: return
        }
        write(annotations)
        output.write("\(keyword) ")
        switch (item.kind, item.key) {
        case (.interface(let id), .name(let name)):
            output.write("\(Self.escaped(name)): ")
            if document.interfaces[id].name == nil {
                output.write("interface")
                output.openBlock()
                try write(interface: id)
                output.closeBlock()
            } else {
                output.write(path(toInterface: id, from: package))
                output.endStatement()
            }
        case (.interface(let id), .interface):
            output.write(path(toInterface: id, from: package))
            output.endStatement()
        case (.function(let function), _):
            output.write("\(Self.escaped(function.name)): ")
            try write(function)
            output.endStatement()
        case (.type, _): break
        }
    }

    func path(toInterface id: Int, from package: Int?) -> String {
        let path = document.path(toInterface: id, from: package)
        return document.interfaces[id].package == package ? Self.escaped(path) : path
    }

    // MARK: - Annotations and names

    mutating func write(_ annotations: WITAnnotations) {
        write(documentation: annotations.documentation)
        write(annotations.stability)
        if let id = annotations.externalID {
            output.write("@external-id(\"\(Self.quoted(id))\")")
            output.endLine()
        }
    }

    mutating func write(_ stability: WITStability) {
        let deprecation: String?
        switch stability {
        case .unknown: return
        case .stable(let since, let deprecated):
            output.write("@since(version = \(since))")
            deprecation = deprecated
        case .unstable(let feature, let deprecated):
            output.write("@unstable(feature = \(feature))")
            deprecation = deprecated
        }
        output.endLine()
        if let deprecation {
            output.write("@deprecated(version = \(deprecation))")
            output.endLine()
        }
    }

    mutating func write(documentation: String?) {
        guard let documentation, !documentation.isEmpty else { return }
        var lines = documentation.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        // A newline ends a line, it does not begin another.
        if lines.last == "" { lines.removeLast() }
        for line in lines {
            output.write("///")
            if !line.isEmpty { output.write(" " + line) }
            output.endLine()
        }
    }

    /// A name, with a `%` where it would be a keyword.
    static func escaped(_ name: String) -> String {
        keywords.contains(name) ? "%" + name : name
    }

    private static let keywords: Set<String> = [
        "use", "type", "func", "u8", "u16", "u32", "u64", "s8", "s16", "s32", "s64", "f32", "f64", "float32", "float64",
        "char", "resource", "record", "flags", "variant", "enum", "bool", "string", "option", "result", "future", "stream",
        "list", "own", "borrow", "_", "as", "from", "static", "interface", "tuple", "world", "import", "export", "package",
        "with", "include", "constructor", "error-context", "async", "map",
    ]

    private static func quoted(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "a"..."z", "A"..."Z", "0"..."9", "-", "_", ".", "/", ":", " ": result.unicodeScalars.append(scalar)
            case "\\": result += "\\\\"
            case "\"": result += "\\\""
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            default: result += "\\u{\(String(scalar.value, radix: 16))}"
            }
        }
        return result
    }
}

/// Text in blocks, each indented by two spaces.
struct IndentedText {
    private(set) var text = ""
    private var depth = 0
    private var isAtLineStart = true

    mutating func write(_ words: String) {
        if isAtLineStart { text += String(repeating: "  ", count: depth) }
        isAtLineStart = false
        text += words
    }

    mutating func endLine() {
        text += "\n"
        isAtLineStart = true
    }

    mutating func endStatement() {
        write(";")
        endLine()
    }

    mutating func openBlock() {
        text += " {"
        depth += 1
        endLine()
    }

    mutating func closeBlock() {
        depth -= 1
        write("}")
        endLine()
    }
}
