// A test script as the reference interpreter's README describes it ("Scripts"): commands in order, each with its line.

/// The commands of a `.wast` file.
package struct Script: Sendable {
    package var commands: [ScriptCommand]

    package init(commands: [ScriptCommand]) {
        self.commands = commands
    }
}

/// One command of a script.
package struct ScriptCommand: Sendable {
    package enum Kind: Sendable {
        /// Defines a module and instantiates it; it is the current instance from then on.
        case module(ScriptModule, name: String?)
        /// Defines a module without instantiating it.
        case moduleDefinition(ScriptModule, name: String?)
        /// Instantiates the definition of this name, or the last one; a component's, where it says so.
        case moduleInstance(name: String?, definition: String?, isComponent: Bool)
        /// Makes an instance's exports importable under the module name `as`.
        case register(name: String?, as: String)
        case action(ScriptAction)
        case assertReturn(ScriptAction, [ExpectedValue])
        case assertTrap(ScriptAction, message: String)
        case assertExhaustion(ScriptAction, message: String)
        case assertException(ScriptAction)
        case assertInvalid(ScriptModule, message: String)
        case assertMalformed(ScriptModule, message: String)
        /// The module is refused for a custom section or annotation, by whoever knows that.
        case assertCustomRefused(ScriptModule, message: String)
        case assertUnlinkable(ScriptModule, message: String)
        case assertUninstantiable(ScriptModule, message: String)
        /// A command that this parser does not know.
        case unknown(String)
    }

    /// Counts from 1.
    package var line: Int
    package var kind: Kind

    package init(line: Int, kind: Kind) {
        self.line = line
        self.kind = kind
    }
}

/// A module or a component in a script.
package struct ScriptModule: Sendable {
    package enum Contents: Sendable {
        /// The bytes of a binary, written as such or made from text.
        case binary([UInt8])
        /// Text that stands in quotes, and which may well not be a module.
        case quoted([UInt8])
        /// Text that is no module, and why.
        case malformed(TextError)
    }

    package var contents: Contents
    package var isComponent: Bool

    package init(_ contents: Contents, isComponent: Bool = false) {
        self.contents = contents
        self.isComponent = isComponent
    }
}

/// Something that is done to an instance; `module` names it, nil means the current one.
package enum ScriptAction: Sendable {
    case invoke(module: String?, name: String, arguments: [ScriptValue])
    case get(module: String?, name: String)
}

/// An argument.
package enum ScriptValue: Hashable, Sendable {
    /// An i32, i64, f32 or f64 by its bits; the narrow ones in the lower half.
    case number(UInt64)
    case vector(low: UInt64, high: UInt64)
    case null
    /// The host's reference of this number.
    case externReference(UInt32)
    /// What only a component can take.
    case component(ScriptComponentValue)
}

/// A value in the notation that scripts have for components: `(record.const (field "a" (u32.const 1)))`.
package indirect enum ScriptComponentValue: Hashable, Sendable {
    case bool(Bool)
    /// An integer by its lowest bits, sign extended or not as its type is.
    case integer(ScriptIntegerType, UInt64)
    case f32(UInt32)
    case f64(UInt64)
    case char(Unicode.Scalar)
    case string(String)
    case list([ScriptComponentValue])
    case record([ScriptComponentField])
    case tuple([ScriptComponentValue])
    case variant(String, ScriptComponentValue?)
    case enumeration(String)
    case option(ScriptComponentValue?)
    case success(ScriptComponentValue?)
    case failure(ScriptComponentValue?)
    case flags([String])
}

/// A field of a record in a script.
package struct ScriptComponentField: Hashable, Sendable {
    package var name: String
    package var value: ScriptComponentValue
}

package enum ScriptIntegerType: String, Hashable, Sendable {
    case s8, u8, s16, u16, s32, u32, s64, u64

    /// In bits.
    var width: Int {
        switch self {
        case .s8, .u8: 8
        case .s16, .u16: 16
        case .s32, .u32: 32
        case .s64, .u64: 64
        }
    }
}

/// What a number must be.
package enum NumberPattern: Hashable, Sendable {
    case bits(UInt64)
    /// Either canonical NaN, whatever its sign.
    case canonicalNaN
    /// Any NaN whose payload has its highest bit set.
    case arithmeticNaN
}

/// What a reference that is not null must refer to.
package enum ReferencePattern: Hashable, Sendable {
    /// Whatever its type refers to.
    case anything
    /// Something in the hierarchy of `any`.
    case any
    case eq
    case i31
    case structure
    case array
}

/// What a result must be.
package indirect enum ExpectedValue: Hashable, Sendable {
    /// A number of 32 or 64 bits.
    case number(NumberPattern, bits: Int)
    /// A vector's lanes, the lowest first, each of so many bits.
    case vector([NumberPattern], bits: Int)
    case null
    /// Any reference but null, of a kind if one is said.
    case reference(ReferencePattern)
    /// The host's reference of this number.
    case externReference(UInt32)
    case either([ExpectedValue])
    /// What only a component can return.
    case component(ScriptComponentValue)
}
