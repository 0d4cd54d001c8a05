// Validation of a module (core specification, section 3.5): its own rules first, in the sections' order, then the
// bodies, which depend on nothing but those and can be validated on all cores.

package import WasmBinary
package import WasmTypes

/// Validates decoded modules.
///
/// Errors are of kind `invalid` where a rule of validation is broken, `malformed` where the bytes of a body do not decode,
/// and `unsupported` where a feature is not switched on.
package struct ModuleValidator {
    let module: BinaryModule
    let features: FeatureSet
    var declaredFunctions: [Bool] = []

    private init(_ module: BinaryModule, features: FeatureSet) {
        self.module = module
        self.features = features
    }

    /// Validates everything, bodies on up to `threads` threads.
    ///
    /// Of several errors in bodies, the one with the lowest offset is thrown, whatever the number of threads.
    package static func validate(
        _ module: BinaryModule, features: FeatureSet = .supported, threads: Int = 1
    ) throws(BinaryError) {
        let context = try context(of: module, features: features)
        try validateBodies(in: context, threads: threads)
    }

    /// Validates everything but the bodies, and gives what validating them takes.
    package static func context(
        of module: BinaryModule, features: FeatureSet = .supported
    ) throws(BinaryError) -> ModuleContext {
        var validator = ModuleValidator(module, features: features)
        return try validator.validateModule()
    }

    private mutating func validateModule() throws(BinaryError) -> ModuleContext {
        declaredFunctions = [Bool](repeating: false, count: module.functions.count)
        try validateTypes()
        let types = TypeTable(module, canonicalTypes: CanonicalTypes.indices(of: module, features: features))
        try validateSubtypes(in: types)
        try validateImports()
        try validateFunctions()
        try validateTables()
        try validateMemories()
        try validateTags()
        try validateTableInitializers(in: types)
        try validateGlobals(in: types)
        try validateExports()
        try validateStart()
        try validateElements(in: types)
        try validateData(in: types)
        return ModuleContext(module, features: features, types: types, declaredFunctions: declaredFunctions)
    }

    /// Marks a function as one that `ref.func` in a body may name.
    mutating func declare(_ function: FunctionIndex, at offset: Int) throws(BinaryError) {
        guard function.position < declaredFunctions.count else { throw unknown("function", function.rawValue, at: offset) }
        declaredFunctions[function.position] = true
    }

    func unknown(_ what: String, _ index: UInt32, at offset: Int) -> BinaryError {
        BinaryError(.invalid, "unknown \(what) \(index)", at: offset)
    }

    func invalid(_ message: String, at offset: Int) -> BinaryError {
        BinaryError(.invalid, message, at: offset)
    }

    func require(_ feature: FeatureSet, for use: String, at offset: Int) throws(BinaryError) {
        guard features.contains(feature) else { throw BinaryError.missing(feature, for: use, at: offset) }
    }
}
