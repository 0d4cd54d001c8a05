// The configuration file of `apus serve`.

extension ServeRequest {
    init(configurationFile path: String) throws(Diagnostic) {
        throw Diagnostic(.badCommandLine, "\(path): configuration files are not supported yet")
    }
}
