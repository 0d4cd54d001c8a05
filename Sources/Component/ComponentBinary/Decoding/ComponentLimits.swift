// What this implementation takes at most in a component. Where other engines have such a limit, it is the same one.

enum ComponentLimits {
    /// In bytes, of a core module.
    static let moduleSize = 1 << 30
    /// Components within components, and types within types.
    static let nestingDepth = 100
    /// Core modules, components, instances and core instances, each, in one component.
    static let modules = 1_000
    static let components = 1_000
    static let instances = 1_000
    static let types = 1_000_000
    static let functions = 1_000_000
    static let coreItems = 1_000_000
    static let imports = 100_000
    static let exports = 100_000
    static let moduleTypeDeclarations = 100_000
    static let typeDeclarations = 100_000
    static let recordFields = 10_000
    static let variantCases = 10_000
    static let tupleElements = 10_000
    static let enumLabels = 10_000
    static let flagLabels = 1_000
    static let parameters = 1_000
    static let instantiationArguments = 100_000
    static let canonicalOptions = 10
    /// In bytes, of a name.
    static let nameSize = 100_000
    /// Modules in all components of a file together.
    static let totalModules = 10_000
    static let totalComponents = 10_000
}
