// Durations, counted by size, and their text for Prometheus (exposition format 0.0.4).

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

    /// The histogram as text, its help included.
    package func exposition(_ name: String, _ help: String) -> String {
        var text = "# HELP \(name) \(help)\n# TYPE \(name) histogram\n"
        var total: UInt64 = 0
        for (index, bound) in Self.bounds.enumerated() {
            total += counts[index].current
            text += "\(name)_bucket{le=\"\(Self.seconds(bound * 1000))\"} \(total)\n"
        }
        total += counts[Self.bounds.count].current
        return text + "\(name)_bucket{le=\"+Inf\"} \(total)\n\(name)_sum \(Self.seconds(sum.load(ordering: .relaxed)))\n"
            + "\(name)_count \(total)\n"
    }

    /// Nanoseconds as a decimal number of seconds.
    package static func seconds(_ nanoseconds: UInt64) -> Double { Double(nanoseconds) / 1e9 }
}
