// One import for an embedder: what the floors below offer in public, under the name of this module.

@_exported public import ComponentRuntime
@_exported public import ComponentTypes
@_exported public import Execution
@_exported public import WASIHTTP
@_exported public import WASIHost
@_exported public import WASIPreview2
@_exported public import WasmEngine
@_exported public import WasmTypes

// Of these, the embedder needs only one type each: where binaries come from, and why one was refused.
@_exported public import class InternalUtilities.ByteSource
@_exported public import struct WasmBinary.BinaryError
