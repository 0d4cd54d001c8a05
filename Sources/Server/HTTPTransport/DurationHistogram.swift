// What is counted by many threads: numbers, and durations by their size.

package import Synchronization

/// An atomic number with a place of its own.
package final class Counter: Sendable {
    package let value = Atomic<UInt64>(0)

    package init() {}

    package func count() { value.add(1, ordering: .relaxed) }

    package var current: UInt64 { value.load(ordering: .relaxed) }
}

/// How many durations were how long. Any thread may use it.
package final class DurationHistogram: Sendable {
    /// Upper bounds, in microseconds.
    private static let bounds: [UInt64] = [
        100, 250, 500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000, 2_500_000,
        5_000_000, 10_000_000, 30_000_000, 60_000_000,
    ]

    private let counts = (0..<19).map { _ in Counter() }
    private let sum = Atomic<UInt64>(0)

    package init() {}

    package func count(_ nanoseconds: UInt64) {
        let microseconds = nanoseconds / 1000
        let index = Self.bounds.firstIndex { microseconds <= $0 } ?? Self.bounds.count
        counts[index].count()
        sum.add(nanoseconds, ordering: .relaxed)
    }

    /// Adds the histogram as a family.
    package func write(_ name: String, _ help: String, into text: inout ExpositionText) {
        text.begin(name, .histogram, help)
        var total: UInt64 = 0
        for (index, bound) in Self.bounds.enumerated() {
            total += counts[index].current
            text.sample("\(name)_bucket", ["le": "\(Self.seconds(bound * 1000))"], total)
        }
        total += counts[Self.bounds.count].current
        text.sample("\(name)_bucket", ["le": "+Inf"], total)
        text.sample("\(name)_sum", Self.seconds(sum.load(ordering: .relaxed)))
        text.sample("\(name)_count", total)
    }

    /// Nanoseconds as a decimal number of seconds.
    package static func seconds(_ nanoseconds: UInt64) -> Double { Double(nanoseconds) / 1e9 }
}
