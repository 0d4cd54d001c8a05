// Names to addresses, by the system's resolver, which waits: it has threads of its own. Each client has its own, so that
// names which nobody answers for hold up the guests of one application and no others.

import NIOCore
import NIOPosix
import Synchronization
import WASIHTTP

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Asks the system's resolver.
enum NameResolver {
    /// How many addresses of a name are tried.
    private static let most = 16

    /// The addresses of a name, in the order in which they are to be tried. Waits.
    static func addresses(of name: String) -> Result<[NetworkAddress], HTTPErrorCode> {
        var hints = unsafe addrinfo()
        unsafe hints.ai_family = AF_UNSPEC
        #if canImport(Glibc)
            unsafe hints.ai_socktype = CInt(SOCK_STREAM.rawValue)
        #else
            unsafe hints.ai_socktype = SOCK_STREAM
        #endif
        var list: UnsafeMutablePointer<addrinfo>?
        let code = unsafe getaddrinfo(name, nil, &hints, &list)
        if code != 0 { return .failure(error(code)) }
        defer { if let list = unsafe list { unsafe freeaddrinfo(list) } }
        var addresses: [NetworkAddress] = []
        var next = unsafe list
        while let entry = unsafe next, addresses.count < most {
            if let address = unsafe address(entry.pointee), !addresses.contains(address) { addresses.append(address) }
            unsafe next = entry.pointee.ai_next
        }
        return addresses.isEmpty ? .failure(.destinationNotFound) : .success(addresses)
    }

    private static func address(_ entry: addrinfo) -> NetworkAddress? {
        guard let address = unsafe entry.ai_addr else { return nil }
        // Family and port come first, and with IPv6 the flow.
        let (offset, count): (Int, Int)
        switch unsafe entry.ai_family {
        case AF_INET: (offset, count) = (4, 4)
        case AF_INET6: (offset, count) = (8, 16)
        default: return nil
        }
        guard unsafe Int(entry.ai_addrlen) >= offset + count else { return nil }
        let bytes = unsafe UnsafeRawBufferPointer(start: UnsafeRawPointer(address) + offset, count: count)
        return NetworkAddress(bytes: unsafe Array(bytes))
    }

    private static func error(_ code: CInt) -> HTTPErrorCode {
        switch code {
        case EAI_NONAME: return .dnsError(.init(rcode: "NXDOMAIN"))
        case EAI_FAIL: return .dnsError(.init(rcode: "SERVFAIL"))
        default:
            #if canImport(Glibc)
                // EAI_NODATA: the name exists and has no address.
                if code == -5 { return .destinationNotFound }
            #endif
            return .dnsError(.init())
        }
    }
}

/// Threads for what waits, made when they are first needed.
final class WaitingThreads: Sendable {
    private let pool = Mutex<NIOThreadPool?>(nil)
    private static let count = 2

    deinit { stop() }

    /// Runs `body` on one of the threads.
    func run<Value: Sendable>(
        for eventLoop: any EventLoop, _ body: @escaping @Sendable () throws -> Value
    ) -> EventLoopFuture<Value> {
        let threads = pool.withLock { pool in
            if let pool { return pool }
            let made = NIOThreadPool(numberOfThreads: Self.count)
            made.start()
            pool = made
            return made
        }
        return threads.runIfActive(eventLoop: eventLoop, body)
    }

    func stop() {
        let threads = pool.withLock { pool in
            defer { pool = nil }
            return pool
        }
        threads?.shutdownGracefully { _ in }
    }
}

extension NetworkAddress {
    func socketAddress(port: UInt16) throws -> SocketAddress {
        try SocketAddress(packedIPAddress: ByteBuffer(bytes: bytes), port: Int(port))
    }
}
