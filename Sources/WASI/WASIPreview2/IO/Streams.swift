// `wasi:io/streams`

import ComponentRuntime

enum Streams {
    static let interface = HostInterface(wasi: "io/streams") { interface in
        interface.declareError()
        interface.declarePollable()
        interface.declareInputStream()
        interface.declareOutputStream()
        InputStreamResource.declareMethods(in: &interface)
        OutputStreamResource.declareWriting(in: &interface)
        OutputStreamResource.declareFlushing(in: &interface)
        OutputStreamResource.declareSplicing(in: &interface)
    }
}
