// Packages of WIT (WIT.md): what a component's world is shown as. Interfaces, worlds, types and packages refer to each
// other by their positions in the document.

/// The packages that a component or an encoded package speaks of.
public struct WITDocument: Sendable {
    public internal(set) var worlds: [WITWorld] = []
    public internal(set) var interfaces: [WITInterface] = []
    public internal(set) var types: [WITTypeDefinition] = []
    /// Each after those that it needs.
    public internal(set) var packages: [WITPackage] = []
    /// The package that the document is about.
    public internal(set) var main = 0
}

/// Things by name, in order.
struct NamedList<Element: Sendable>: Sendable {
    private(set) var names: [String] = []
    private var elements: [String: Element] = [:]

    subscript(name: String) -> Element? {
        get { elements[name] }
        set {
            guard let newValue else { return }
            if elements.updateValue(newValue, forKey: name) == nil { names.append(name) }
        }
    }

    var isEmpty: Bool { names.isEmpty }

    var pairs: [(name: String, element: Element)] {
        names.compactMap { name in elements[name].map { (name, $0) } }
    }
}

public struct WITPackageName: Hashable, Sendable, CustomStringConvertible {
    public var namespace: String
    public var name: String
    public var version: String?

    public var description: String {
        "\(namespace):\(name)" + (version.map { "@\($0)" } ?? "")
    }
}

public struct WITPackage: Sendable {
    public var name: WITPackageName
    public internal(set) var documentation: String?
    var interfaces = NamedList<Int>()
    var worlds = NamedList<Int>()
}

/// Since when something is there, or that it is not settled.
enum WITStability: Sendable, Equatable {
    case unknown
    case stable(since: String, deprecated: String?)
    case unstable(feature: String, deprecated: String?)
}

/// The comment and annotations of an item.
struct WITAnnotations: Sendable {
    var documentation: String?
    var stability = WITStability.unknown
    var externalID: String?
}

public struct WITWorld: Sendable {
    public var name: String
    var imports: [WITWorldItem] = []
    var exports: [WITWorldItem] = []
    var package: Int?
    var annotations = WITAnnotations()
}

/// An import or export of a world.
struct WITWorldItem: Sendable {
    enum Key: Hashable, Sendable {
        case name(String)
        case interface(Int)
    }

    enum Kind: Sendable {
        case interface(Int)
        case function(WITFunction)
        case type(Int)
    }

    var key: Key
    var kind: Kind
    /// Of the statement, where it is one of an interface; functions and types have their own.
    var annotations = WITAnnotations()
}

public struct WITInterface: Sendable {
    /// nil for an interface that stands within a world.
    public var name: String?
    var types = NamedList<Int>()
    var functions = NamedList<WITFunction>()
    var package: Int?
    var annotations = WITAnnotations()
}

struct WITFunction: Sendable {
    enum Kind: Sendable {
        case freestanding
        case method(Int)
        case `static`(Int)
        case constructor(Int)

        var resource: Int? {
            switch self {
            case .freestanding: nil
            case .method(let resource), .static(let resource), .constructor(let resource): resource
            }
        }
    }

    /// With what the binary puts before it, such as `[method]stream.read`.
    var name: String
    /// The name in WIT.
    var itemName: String
    var kind: Kind
    var isAsync: Bool
    var parameters: [WITField]
    var result: WITType?
    var annotations = WITAnnotations()
}

/// A type where it is used.
enum WITType: Sendable {
    case primitive(String)
    case definition(Int)
}

/// A name and a type: of a field, a parameter, or a case.
struct WITField: Sendable {
    var name: String
    var type: WITType
    var documentation: String?
}

struct WITCase: Sendable {
    var name: String
    var type: WITType?
    var documentation: String?
}

enum WITOwner: Hashable, Sendable {
    case none
    case world(Int)
    case interface(Int)
}

public struct WITTypeDefinition: Sendable {
    var name: String?
    var kind: WITTypeKind
    var owner: WITOwner
    var annotations = WITAnnotations()
}

enum WITTypeKind: Sendable {
    case record([WITField])
    case resource
    case own(Int)
    case borrow(Int)
    /// Flags and enumerations are cases without payloads.
    case flags([WITCase])
    case enumeration([WITCase])
    case variant([WITCase])
    case tuple([WITType])
    case option(WITType)
    case result(success: WITType?, failure: WITType?)
    case list(WITType)
    case fixedLengthList(WITType, length: UInt32)
    case map(key: WITType, value: WITType)
    case future(WITType?)
    case stream(WITType?)
    /// Another name of a type.
    case alias(WITType)
}

/// Why there is no WIT for a file.
public struct WITError: Error, Hashable, Sendable, CustomStringConvertible {
    /// A sentence without a final stop.
    public var message: String

    init(_ message: String) {
        self.message = message
    }

    public var description: String { message }
}
