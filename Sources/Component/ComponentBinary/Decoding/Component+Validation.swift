// Decodes a component with the decoder and the validator of core modules plugged in.

package import InternalUtilities
package import WasmBinary
package import WasmTypes
import WasmValidation

extension Component {
    /// Decodes and validates a component and all modules in it, bodies included.
    ///
    /// - Parameter threads: on how many threads bodies may be validated.
    package static func decode(
        source: ByteSource, features: FeatureSet = .supported, threads: Int = 1
    ) throws(BinaryError) -> Component {
        try decode(
            source: source, features: features,
            decodeModule: { source, extent throws(BinaryError) in
                try BinaryModule.decode(source: source, extent: extent, features: features)
            },
            validateModules: { modules throws(BinaryError) in
                for module in modules {
                    try ModuleValidator.validate(module, features: features, threads: threads)
                }
            })
    }
}
