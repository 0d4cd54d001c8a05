// The error of everything that reads a binary: a place, a class and a sentence.

package import WasmTypes

/// Why a binary was refused.
public struct BinaryError: Error, Hashable, Sendable {
    public enum Kind: Hashable, Sendable {
        /// The bytes do not follow the binary grammar.
        case malformed
        /// The bytes decode, but a validation rule is broken.
        case invalid
        /// The bytes are well formed but use something that is not switched on, or not built yet.
        case unsupported
        /// A limit of this implementation is exceeded.
        case limit
    }

    public var kind: Kind
    /// A sentence without a final stop. It begins with the specification's own wording where the suites compare it.
    public var message: String
    /// In bytes from the start of the outermost file.
    public var offset: Int

    public init(_ kind: Kind, _ message: String, at offset: Int) {
        self.kind = kind
        self.message = message
        self.offset = offset
    }
}

extension BinaryError {
    /// The error for a use of something whose feature is not switched on; it names the feature.
    package static func missing(_ feature: FeatureSet, for use: String, at offset: Int) -> BinaryError {
        BinaryError(.unsupported, "\(use): the feature '\(feature.names)' is not switched on", at: offset)
    }
}

extension BinaryError: CustomStringConvertible {
    public var description: String {
        "\(message) (at offset 0x\(String(offset, radix: 16)))"
    }
}
