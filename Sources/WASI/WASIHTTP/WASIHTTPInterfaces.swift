// The imports of the world `wasi:http/proxy`, WASI 0.2.0 to 0.2.12.

public import ComponentRuntime
import WASIPreview2

/// The interfaces of `wasi:http`. They are values that all stores and threads may share; what differs from guest to guest
/// is given to its store with `Store.setHTTP(_:)`.
public enum WASIHTTPInterfaces {
    /// The version of the declarations. Guests built for 0.2.0 and all that followed are served by it.
    public static let version = "0.2.12"

    /// `wasi:http/types` and `wasi:http/outgoing-handler`: what a component of any world needs beside the rest of WASI.
    public static func http(features: HTTPFeatures = []) -> [HostInterface] {
        [features.contains(.informationalOutboundResponses) ? HTTPTypes.unstable : HTTPTypes.stable, OutgoingHandler.interface]
    }

    /// All that the world `wasi:http/proxy` imports: no files, no sockets, no environment.
    public static func proxy(features: HTTPFeatures = []) -> [HostInterface] {
        WASIInterfaces.proxyBase + http(features: features)
    }
}

extension HostInterface {
    /// Makes an interface of `wasi:http`; it is evaluated when a component imports it.
    init(http name: String, _ declare: @escaping @Sendable (inout HostInterface) -> Void) {
        self.init("wasi:http/\(name)", version: WASIHTTPInterfaces.version, declare: declare)
    }
}

extension ComponentLinker {
    /// One that offers what the world `wasi:http/proxy` imports, and no more.
    public static func wasiHTTPProxy(features: HTTPFeatures = []) -> ComponentLinker {
        var linker = ComponentLinker()
        linker.define(WASIHTTPInterfaces.proxy(features: features))
        return linker
    }

    /// One that offers what the worlds `wasi:cli/command` and `wasi:http/proxy` import. What a guest may do with it is
    /// still a matter of what it is granted: a `HostConfiguration` grants no file and no environment by itself.
    public static func wasiCommandWithHTTP(features: HTTPFeatures = []) -> ComponentLinker {
        var linker = ComponentLinker.wasiCommand
        linker.define(WASIHTTPInterfaces.http(features: features))
        return linker
    }
}
