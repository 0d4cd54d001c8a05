// Every number is handed out once, whatever the number of threads.

import InternalUtilities
import Synchronization
import Testing

@Suite struct ParallelTests {
    private final class Sum: Sendable {
        let value = Atomic(0)
    }

    @Test(arguments: [1, 2, 7]) func handsOutEachNumberOnce(threads: Int) {
        let counter = Parallel.Counter(count: 1000)
        let sum = Sum()
        Parallel.run(threads: threads) {
            while let number = counter.take() { sum.value.wrappingAdd(number, ordering: .relaxed) }
        }
        #expect(sum.value.load(ordering: .relaxed) == 999 * 1000 / 2)
        #expect(counter.take() == nil)
    }

    @Test func stops() {
        let counter = Parallel.Counter(count: 1000)
        #expect(counter.take() == 0)
        counter.stop()
        #expect(counter.take() == nil)
    }

    @Test func thereIsAProcessor() {
        #expect(Parallel.processorCount >= 1)
    }
}
