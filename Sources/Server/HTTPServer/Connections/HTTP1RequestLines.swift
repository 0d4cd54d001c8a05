// What the lines of a request say (RFC 9112, sections 3, 5 and 7.1). Whatever two implementations could understand in two
// ways is refused: a request that a proxy in front has understood as one must not be two here.

import WASIHTTP

/// Reads lines that have come as a whole, each with its end.
enum HTTP1RequestLines {
    /// A head, and what it says about the connection.
    struct Head {
        var head: RequestHead
        var isChunked: Bool
        var persists: Bool
    }

    /// - Parameter bytes: from the first line to the empty one.
    static func head(_ bytes: Span<UInt8>, _ connectionScheme: RequestScheme) throws(Refusal) -> Head {
        var position = 0
        let first = nextLine(bytes, &position)
        guard let methodEnd = methodEnd(in: bytes.extracting(first)), methodEnd < first.count else {
            throw Refusal(400, "request line")
        }
        guard let method = HTTPRequestMethod(bytes.extracting(first: methodEnd)) else { throw Refusal(400, "method") }
        var targetEnd = methodEnd + 1
        while targetEnd < first.count, bytes[targetEnd] != HTTP1Byte.space { targetEnd += 1 }
        let version = try version(bytes.extracting(min(targetEnd + 1, first.count)..<first.count))
        let target = bytes.extracting(methodEnd + 1..<targetEnd)
        guard FieldSyntax.isTarget(target), let target = target.text else { throw Refusal(400, "target") }

        var obeyed = ObeyedFields()
        let fields = try fields(bytes, &position) { (name, value) throws(Refusal) in try obeyed.look(at: name, value) }
        let isOld = version == .http10
        guard obeyed.hostCount <= 1 else { throw Refusal(400, "more than one host field") }
        guard isOld || obeyed.hostCount == 1 else { throw Refusal(400, "no host field") }
        if let host = obeyed.host, !host.isEmpty, !RequestHead.isAuthority(host) { throw Refusal(400, "host field") }
        if obeyed.isChunked {
            guard obeyed.lengthCount == 0 else { throw Refusal(400, "both content-length and transfer-encoding") }
            guard !isOld else { throw Refusal(400, "transfer-encoding in HTTP/1.0") }
        }
        var head = RequestHead(
            version: version, method: method, scheme: connectionScheme == .https ? .https : .http,
            authority: obeyed.host, target: nil, fields: fields, contentLength: obeyed.length,
            hasBody: obeyed.isChunked || (obeyed.length ?? 0) > 0)
        try head.setTarget(target)
        if let expectation = obeyed.expectation, !isOld {
            guard expectation.lowercased() == "100-continue" else {
                throw Refusal(417, "expectation", closesConnection: false)
            }
            head.expectsContinue = head.hasBody
        }
        return Head(
            head: head, isChunked: obeyed.isChunked, persists: isOld ? obeyed.says.keepAlive : !obeyed.says.close)
    }

    /// What came behind the last chunk. Nothing in there is obeyed; a guest sees it as it came.
    static func trailers(_ bytes: Span<UInt8>) throws(Refusal) -> HTTPMessageFields? {
        var position = 0
        let fields = try fields(bytes, &position) { (_, _) throws(Refusal) in true }
        return fields.isEmpty ? nil : fields
    }

    /// The hexadecimal number that a chunk's line begins with. What follows it, behind a semicolon, means nothing here.
    static func chunkSize(_ bytes: Span<UInt8>) throws(Refusal) -> UInt64 {
        var position = 0
        let line = nextLine(bytes, &position)
        var size: UInt64 = 0
        var index = 0
        while index < line.count, let digit = Self.hexDigit(bytes[index]) {
            guard size >> 60 == 0 else { throw Refusal(400, "size of a chunk") }
            size = size << 4 | UInt64(digit)
            index += 1
        }
        guard index > 0 else { throw Refusal(400, "size of a chunk") }
        var extensions = index
        while extensions < line.count, isBlank(bytes[extensions]) { extensions += 1 }
        if extensions < line.count, bytes[extensions] == HTTP1Byte.semicolon {
            guard FieldSyntax.isValue(bytes.extracting(extensions..<line.count)) else { throw Refusal(400, "chunk extension") }
        } else if index < line.count {
            throw Refusal(400, "size of a chunk")
        }
        return size
    }

    /// Where the method ends at the beginning of `bytes`, which is all of it where there is no blank; nil if that is no token.
    static func methodEnd(in bytes: borrowing Span<UInt8>) -> Int? {
        let end = FieldSyntax.tokenCount(bytes)
        guard end > 0, end == bytes.count || bytes[end] == HTTP1Byte.space else { return nil }
        return end
    }

    private static func version(_ bytes: Span<UInt8>) throws(Refusal) -> HTTPVersion {
        // `HTTP/`, a digit, a point, a digit.
        guard bytes.count == 8, bytes.extracting(first: 5).isText("HTTP/"), bytes[6] == UInt8(ascii: "."),
            let major = decimalDigit(bytes[5]), let minor = decimalDigit(bytes[7])
        else { throw Refusal(400, "request line") }
        switch (major, minor) {
        case (1, 1): return .http11
        case (1, 0): return .http10
        default: throw Refusal(505, "version \(major).\(minor)")
        }
    }

    /// The fields up to the empty line.
    ///
    /// - Parameter isKept: told of each; whether it belongs to those that are returned.
    private static func fields(
        _ bytes: Span<UInt8>, _ position: inout Int,
        _ isKept: (_ name: Span<UInt8>, _ value: Span<UInt8>) throws(Refusal) -> Bool
    ) throws(Refusal) -> HTTPMessageFields {
        var list: [HTTPMessageField] = []
        while true {
            let line = nextLine(bytes, &position)
            if line.isEmpty { return HTTPMessageFields(list) }
            // Neither a blank before the colon nor a folded line gets through this.
            let colon = line.lowerBound + FieldSyntax.tokenCount(bytes.extracting(line))
            guard colon > line.lowerBound, colon < line.upperBound, bytes[colon] == HTTP1Byte.colon else {
                throw Refusal(400, "field name")
            }
            var start = colon + 1
            var end = line.upperBound
            while start < end, isBlank(bytes[start]) { start += 1 }
            while end > start, isBlank(bytes[end - 1]) { end -= 1 }
            let name = bytes.extracting(line.lowerBound..<colon)
            let value = bytes.extracting(start..<end)
            guard FieldSyntax.isValue(value) else { throw Refusal(400, "value of field \(name.repairedText)") }
            if try isKept(name, value) { list.append(HTTPMessageField(name: name.repairedText, value: value.array)) }
        }
    }

    /// The next line without its end. There is one: the caller has found the empty line.
    private static func nextLine(_ bytes: borrowing Span<UInt8>, _ position: inout Int) -> Range<Int> {
        let start = position
        let end = bytes.firstIndex(of: HTTP1Byte.lf, from: start) ?? bytes.count
        position = min(end + 1, bytes.count)
        // Before the line feed stands a carriage return.
        return start..<max(start, end - 1)
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == HTTP1Byte.space || byte == HTTP1Byte.tab }

    private static func decimalDigit(_ byte: UInt8) -> UInt8? {
        byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") ? byte - UInt8(ascii: "0") : nil
    }

    private static func hexDigit(_ byte: UInt8) -> UInt8? {
        if let digit = decimalDigit(byte) { return digit }
        let letter = byte | 0x20
        return letter >= UInt8(ascii: "a") && letter <= UInt8(ascii: "f") ? letter - UInt8(ascii: "a") + 10 : nil
    }
}

/// The fields that say where a request ends, and the others that this server itself obeys.
private struct ObeyedFields {
    var hostCount = 0
    var host: String?
    var lengthCount = 0
    var length: UInt64?
    var isChunked = false
    var expectation: String?
    /// What `connection` has asked for.
    var says = (close: false, keepAlive: false)

    /// Whether the field is of interest to others too. The host is not: it is the request's authority.
    mutating func look(at name: Span<UInt8>, _ value: Span<UInt8>) throws(Refusal) -> Bool {
        // By length first: most fields are none of these.
        switch name.count {
        case 4 where FieldSyntax.isSame(name, "host"):
            hostCount += 1
            host = value.repairedText
            return false
        case 6 where FieldSyntax.isSame(name, "expect"): expectation = value.repairedText
        case 10 where FieldSyntax.isSame(name, "connection"): lookAtConnection(value.repairedText)
        case 14 where FieldSyntax.isSame(name, "content-length"):
            lengthCount += 1
            guard lengthCount == 1, let length = FieldSyntax.contentLength(value.array) else {
                throw Refusal(400, "content-length")
            }
            self.length = length
        case 17 where FieldSyntax.isSame(name, "transfer-encoding"):
            guard !isChunked, FieldSyntax.isSame(value, "chunked") else {
                throw Refusal(isChunked ? 400 : 501, "transfer-encoding")
            }
            isChunked = true
        default: break
        }
        return true
    }

    private mutating func lookAtConnection(_ options: String) {
        for option in options.split(separator: ",") {
            let option = option.drop { $0 == " " || $0 == "\t" }.prefix { $0 != " " && $0 != "\t" }
            if FieldSyntax.isSame(String(option), "close") { says.close = true }
            if FieldSyntax.isSame(String(option), "keep-alive") { says.keepAlive = true }
        }
    }
}

extension HTTPRequestMethod {
    /// Most requests are of few methods, which need no comparing of names.
    fileprivate init?(_ bytes: Span<UInt8>) {
        if bytes.isText("GET") {
            self = .get
        } else if bytes.isText("POST") {
            self = .post
        } else {
            guard let name = bytes.text else { return nil }
            self.init(name: name)
        }
    }
}

extension Span where Element == UInt8 {
    /// Nil if it is not UTF-8.
    fileprivate var text: String? {
        guard let text = try? UTF8Span(validating: self) else { return nil }
        return String(copying: text)
    }

    /// What is not UTF-8 is replaced by U+FFFD.
    fileprivate var repairedText: String { text ?? String(decoding: array, as: UTF8.self) }

    fileprivate var array: [UInt8] {
        unsafe withUnsafeBufferPointer { unsafe Array($0) }
    }

    fileprivate func isText(_ text: StaticString) -> Bool {
        text.withUTF8Buffer { text in
            guard text.count == count else { return false }
            for index in 0..<count where unsafe text[index] != self[index] { return false }
            return true
        }
    }
}
