// The imports of the `wasi:cli/command` world, WASI 0.2.0 to 0.2.12: one set of declarations serves them all, for a
// later version of an interface offers all that an earlier one does.

public import ComponentRuntime

/// The interfaces of WASI 0.2. They are values that all stores and threads may share; what differs from guest to guest
/// is in the `WASIState` of its store.
public enum WASIInterfaces {
    /// The version of the declarations. Guests built for 0.2.0 and all that followed are served by it.
    public static let version = "0.2.12"

    /// All that the world `wasi:cli/command` imports.
    public static let command: [HostInterface] = cli + clocks + random + io + filesystem + sockets

    /// What the world `wasi:http/proxy` imports beside `wasi:http`: streams, clocks and randomness, and neither files nor
    /// sockets nor an environment.
    public static let proxyBase: [HostInterface] =
        io + [
            MonotonicClockInterface.interface, WallClockInterface.interface, RandomBytes.secure, StandardStreams.input,
            StandardStreams.output, StandardStreams.error,
        ]

    /// `wasi:cli`, without `run`, which is the guest's.
    static let cli = [
        Environment.interface, Exit.interface, StandardStreams.input, StandardStreams.output, StandardStreams.error,
        Terminals.inputType, Terminals.outputType, Terminals.input, Terminals.output, Terminals.error,
    ]

    /// `wasi:clocks`, with the unstable `timezone`.
    static let clocks = [MonotonicClockInterface.interface, WallClockInterface.interface, Timezone.interface]

    /// `wasi:random`.
    static let random = [RandomBytes.secure, RandomBytes.insecure, RandomBytes.insecureSeed]

    /// `wasi:io`.
    static let io = [ErrorResource.interface, PollableResource.interface, Streams.interface]

    /// `wasi:filesystem`.
    static let filesystem = [FilesystemTypes.interface, Preopens.interface]

    /// `wasi:sockets`.
    static let sockets = [
        Network.interface, Network.instanceInterface, NameLookup.interface, TCPSocket.interface,
        TCPSocket.creationInterface, UDPSocket.interface, UDPSocket.creationInterface,
    ]
}

extension HostInterface {
    /// An interface of a package of WASI, such as `io/streams`.
    init(wasi name: String) {
        self.init("wasi:\(name)", version: WASIInterfaces.version)
    }

    /// Makes an interface in one expression; it is evaluated when a component imports the interface.
    init(wasi name: String, _ declare: @escaping @Sendable (inout HostInterface) -> Void) {
        self.init("wasi:\(name)", version: WASIInterfaces.version, declare: declare)
    }
}

extension ComponentLinker {
    /// One that offers all that the world `wasi:cli/command` imports. Linkers are values: one that offers more starts as
    /// a copy of it.
    public static let wasiCommand: ComponentLinker = {
        var linker = ComponentLinker()
        linker.define(WASIInterfaces.command)
        return linker
    }()
}
