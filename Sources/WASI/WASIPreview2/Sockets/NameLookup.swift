// `wasi:sockets/ip-name-lookup`, without a grant of it: a stream of addresses is never made.

import WASIHost
import ComponentRuntime

/// `resolve-address-stream`: there is none.
final class NameLookup {
    private init() {}

    static let interface = HostInterface(wasi: "sockets/ip-name-lookup") { interface in
        interface.declarePollable()
        interface.declareNetwork()
        interface.resource("resolve-address-stream", of: NameLookup.self)
        interface.function("resolve-addresses") {
            (context: inout HostContext, network: Borrowed<Network>, name: String) throws
                -> Result<Owned<NameLookup>, Network.ErrorCode> in
            .failure(.accessDenied)
        }
        interface.function("[method]resolve-address-stream.resolve-next-address") {
            (context: inout HostContext, stream: Borrowed<NameLookup>) throws
                -> Result<Network.Address?, Network.ErrorCode> in
            .failure(.accessDenied)
        }
        interface.function("[method]resolve-address-stream.subscribe") {
            (context: inout HostContext, stream: Borrowed<NameLookup>) throws -> Owned<PollableResource> in
            Owned(PollableResource(.condition(.ready)))
        }
    }
}
