// `wasi:filesystem/preopens`: the directories that the guest was granted. Each call gives descriptors of its own.

import ComponentRuntime
import WASIHost

enum Preopens {
    static let interface = HostInterface(wasi: "filesystem/preopens") { interface in
        interface.declareDescriptor()
        interface.function("get-directories") {
            (context: inout HostContext) throws -> [Tuple<Owned<Descriptor>, String>] in
            let state = try context.wasi
            return try state.configuration.openPreopens(budget: state.budget).map {
                Tuple(Owned($0.descriptor), $0.guestPath)
            }
        }
    }
}
