// `--dir HOST[::GUEST][:ro]`: a directory of the host, the path that the guest finds it at, and what it may do there.

import WASIHost

enum DirectoryOption {
    static func parse(_ text: String) throws(OptionError) -> DirectoryGrant {
        var rest = Substring(text)
        var rights = DirectoryGrant.Rights.readWrite
        if rest.hasSuffix(":ro") {
            rest.removeLast(3)
            rights = .readOnly
        } else if rest.hasSuffix(":rw") {
            // Only so that a directory whose name ends in ":ro" can be granted too.
            rest.removeLast(3)
        }
        let (host, guest) = split(rest)
        guard !host.isEmpty else { throw OptionError("the directory of the host is missing: HOST, HOST::GUEST or HOST::GUEST:ro") }
        guard let guest else { return DirectoryGrant(hostPath: String(host), guestPath: String(host), rights: rights) }
        guard !guest.isEmpty else { throw OptionError("the guest's path is missing behind '::'") }
        return DirectoryGrant(hostPath: String(host), guestPath: String(guest), rights: rights)
    }

    private static func split(_ text: Substring) -> (host: Substring, guest: Substring?) {
        var position = text.startIndex
        while position < text.endIndex {
            let next = text.index(after: position)
            if text[position] == ":", next < text.endIndex, text[next] == ":" {
                return (text[..<position], text[text.index(after: next)...])
            }
            position = next
        }
        return (text, nil)
    }
}
