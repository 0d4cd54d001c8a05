// `wasi:clocks/wall-clock` and the unstable `wasi:clocks/timezone`.

import ComponentRuntime
import WASIHost

/// `datetime`
struct Datetime {
    /// Since 1970-01-01T00:00:00Z.
    var seconds: UInt64

    /// Below 1,000,000,000 where the host gives it. A guest may give anything.
    var nanoseconds: UInt32
}

extension Datetime: ComponentRecord {
    static let fields = RecordFields(
        Datetime.init(seconds:nanoseconds:), RecordField("seconds", \.seconds),
        RecordField("nanoseconds", \.nanoseconds))

    /// Nil before 1970, which a `datetime` cannot say.
    init?(_ time: Timestamp) {
        guard let seconds = UInt64(exactly: time.seconds) else { return nil }
        self.init(seconds: seconds, nanoseconds: time.nanoseconds)
    }

    static let epoch = Datetime(seconds: 0, nanoseconds: 0)
}

enum WallClockInterface {
    static let interface = HostInterface(wasi: "clocks/wall-clock") { interface in
        interface.function("now") { (context: inout HostContext) throws -> Datetime in
            Datetime(try context.wasi.configuration.wallClock.now) ?? .epoch
        }
        interface.function("resolution") { (context: inout HostContext) throws -> Datetime in
            Datetime(try context.wasi.configuration.wallClock.resolution) ?? .epoch
        }
    }
}

/// The zone of the host is not told, so it is UTC as the interface has it for that case.
enum Timezone {
    struct Display: ComponentRecord {
        var utcOffset: Int32
        var name: String
        var isInDaylightSavingTime: Bool

        static let fields = RecordFields(
            Display.init(utcOffset:name:isInDaylightSavingTime:), RecordField("utc-offset", \.utcOffset),
            RecordField("name", \.name), RecordField("in-daylight-saving-time", \.isInDaylightSavingTime))
    }

    static let interface = HostInterface(wasi: "clocks/timezone") { interface in
        interface.function("display") { (context: inout HostContext, when: Datetime) throws -> Display in
            Display(utcOffset: 0, name: "UTC", isInDaylightSavingTime: false)
        }
        interface.function("utc-offset") { (context: inout HostContext, when: Datetime) throws -> Int32 in 0 }
    }
}
