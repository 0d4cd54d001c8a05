// How addresses and trace contexts are read.
import HTTPServer
import Testing

@Suite struct AddressTests {
    @Test func wellFormed() {
        #expect(ListenAddress("127.0.0.1:80") == .internet(host: "127.0.0.1", port: 80))
        #expect(ListenAddress("[::1]:0") == .internet(host: "::1", port: 0))
        #expect(ListenAddress(":8080") == .internet(host: "0.0.0.0", port: 8080))
        #expect(ListenAddress("8080") == .internet(host: "127.0.0.1", port: 8080))
        #expect(ListenAddress("localhost:1") == .internet(host: "localhost", port: 1))
        #expect(ListenAddress("unix:/run/a.sock") == .unix(path: "/run/a.sock"))
        #expect(ListenAddress("systemd") == .systemd(name: nil))
        #expect(ListenAddress("systemd:web") == .systemd(name: "web"))
    }

    @Test(arguments: ["", "host", "::1:80", "a:b", "a:65536", "a:-1", "a: 1", "unix:", "[::1]"])
    func malformed(_ text: String) {
        #expect(ListenAddress(text) == nil)
    }
}
