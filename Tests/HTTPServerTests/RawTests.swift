// Requests byte for byte: what must be refused, and what must be answered how.
import Foundation
import Testing

@Suite(.enabled(if: TestServer.isThere, "the guests are not built: Tests/Guests/build"))
struct RawTests {
    @Test(arguments: RawCase.load("refused"))
    func refused(_ given: RawCase) throws {
        try run(given)
    }

    @Test(arguments: RawCase.load("answered"))
    func answered(_ given: RawCase) throws {
        try run(given)
    }

    /// Where a read ends must make no difference.
    @Test(arguments: (RawCase.load("refused") + RawCase.load("answered")).filter { $0.pause == nil && $0.hasty == nil })
    func byteByByte(_ given: RawCase) throws {
        let bytes = given.send.flatMap(\.bytes)
        guard bytes.count < 400 else { return }
        var pieces = given
        pieces.send = bytes.map { .raw([$0]) }
        try run(pieces, heads: heads(in: given), sendsAtOnce: true)
    }

    private func run(_ given: RawCase) throws {
        try run(given, heads: heads(in: given))
    }

    /// - Parameter sendsAtOnce: whether each piece goes out by itself.
    private func run(_ given: RawCase, heads: [Bool], sendsAtOnce: Bool = false) throws {
        let server = try (given.hasty ?? false ? TestServer.hasty : TestServer.shared).get()
        let connection = try RawConnection(port: server.port)
        if sendsAtOnce { connection.sendsAtOnce() }
        for (index, piece) in given.send.enumerated() {
            if index > 0, let pause = given.pause { usleep(UInt32(pause) * 1000) }
            connection.send(piece.bytes)
        }
        if given.shutDown ?? false { connection.shutDownOutput() }
        let expected = given.responses ?? given.statuses.count
        connection.receive {
            // One that stays open is not waited for once everything has come.
            !given.closes && connection.responses(toHeads: heads).count >= expected
                && (given.contains ?? []).allSatisfy { connection.text.contains($0) }
        }
        let responses = connection.responses(toHeads: heads)
        let statuses = responses.map(\.status)
        if given.anyStatus ?? false {
        } else if given.anyOf ?? false {
            #expect(statuses.count == 1)
            #expect(statuses.allSatisfy(given.statuses.contains), "\(statuses)")
        } else if let count = given.responses {
            #expect(statuses.count == count)
            #expect(statuses.allSatisfy { $0 == given.statuses.first })
        } else {
            #expect(statuses == given.statuses, "\(connection.text.prefix(2000))")
        }
        for text in given.contains ?? [] { #expect(connection.text.contains(text), "\(connection.text.prefix(2000))") }
        if let bytes = given.containsBytes { #expect(connection.received.firstRange(of: bytes) != nil, "\(connection.text.prefix(2000))") }
        for text in given.lacks ?? [] { #expect(!connection.text.contains(text), "\(connection.text.prefix(2000))") }
        if let length = given.bodyLength { #expect(responses.first?.body.count == length) }
        #expect(connection.isClosed == given.closes)
    }

    /// Which requests ask for the head only.
    private func heads(in given: RawCase) -> [Bool] {
        let text = given.send.map { String(decoding: $0.bytes.prefix(10_000), as: UTF8.self) }.joined()
        return text.components(separatedBy: "HTTP/1.1\r\n").dropLast().map { $0.hasSuffix("HEAD /hello ") || $0.hasSuffix("HEAD /length ") }
    }
}
