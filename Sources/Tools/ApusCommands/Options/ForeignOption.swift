// Answers to options that are not ours: what an option of another runtime is called here, or that there is none yet.

enum ForeignOption {
    static func diagnostic(for argument: String, name: String) -> Diagnostic {
        var details: [String] = []
        if let hint = hint(for: name) {
            details.append(hint)
        } else if let near = Suggestion.nearest(to: name, among: RunArguments.valueOptions + RunArguments.flags) {
            details.append("did you mean \(near)?")
        }
        details.append("options stand before the file; what stands behind it is passed to the guest")
        details.append("see 'apus help run'")
        return Diagnostic(.badCommandLine, "unknown option '\(argument)'", details: details)
    }

    private static func hint(for name: String) -> String? {
        for (names, hint) in hints where names.contains(name) { return hint }
        // -Wmax-memory-size=… and its like, written without a space.
        for (names, hint) in hints where names.contains(where: { $0.count == 2 && !name.hasPrefix("--") && name.hasPrefix($0) }) {
            return hint
        }
        return nil
    }

    private static let hints: [(names: Set<String>, hint: String)] = [
        (["-W", "--wasm"], "limits have options of their own: --max-memory, --max-stack, --timeout"),
        (["-S", "--wasi"], "WASI 0.2 is always there; what a guest may use is granted by --dir, --env, --inherit-env and --allow-http"),
        (["-C", "--codegen", "-O", "--optimize"], "nothing is compiled ahead of time, so there is nothing to choose"),
        (["-D", "--debug", "-g", "--gdbstub"], "debugging options are not supported yet"),
        (["--mapdir"], "use --dir HOST::GUEST"),
        (["--volume", "-v", "--mount"], "use --dir HOST::GUEST, or --dir HOST::GUEST:ro"),
        (["-e"], "use --env NAME=VALUE"),
        (["-d"], "use --dir HOST::GUEST"),
        (["--wasm-timeout"], "use --timeout"),
        (["--max-memory-size", "--memory"], "use --max-memory"),
        (["--max-wasm-stack", "--stack-size"], "use --max-stack"),
        (["--env-inherit", "--inherit-environment"], "use --inherit-env"),
        (["--workdir", "-w", "--chdir"], "use --cwd"),
        (["--link"], "use --preload NAME=FILE for core modules; components are composed"),
        (["--profile"], "profiling is not supported yet"),
        (["--allow-net", "--http", "--wasi-http", "--http-allow"], "use --allow-http HOST[:PORT], or --allow-http-all"),
        (["--cacert", "--ca-cert", "--cafile"], "use --ca FILE"),
        (["--cert"], "use --client-cert FILE and --client-key FILE"),
        (["--tcplisten", "--listenfd", "--net", "--tcp", "--udp", "--inherit-network"], "network grants are not supported yet"),
        (["--entrypoint", "--function"], "use --invoke NAME"),
        (["-V"], "use --version"),
    ]
}
