// The small owners of memory: stacks and arrays of plain values, names as keys.

import InternalUtilities
import Testing

@Suite struct PlainStackTests {
    @Test func growsAndShrinks() {
        var stack = PlainStack<UInt32>(capacity: 1)
        for value in 0..<1000 { stack.push(UInt32(value)) }
        #expect(stack.count == 1000)
        #expect(stack.last == 999)
        #expect(stack[500] == 500)
        stack[500] = 7
        stack.truncate(to: 501)
        #expect(stack.pop() == 7)
        stack.truncate(to: 900)
        #expect(stack.count == 500)
        stack.truncate(to: 0)
        #expect(stack.pop() == nil)
        #expect(stack.last == nil)
    }
}

@Suite struct FixedArrayTests {
    @Test func holdsItsElements() {
        let array = FixedArray<UInt32>([3, 5, 8])
        #expect(array.count == 3)
        #expect(array[2] == 8)
        #expect(array.at(1) == 5)
        #expect(array.at(3) == nil)
        #expect(array.at(.max) == nil)
    }

    @Test func mayBeEmpty() {
        let array = FixedArray<UInt64>([])
        #expect(array.count == 0)
        #expect(array.at(0) == nil)
    }
}

@Suite struct ExactStringTests {
    @Test func canonicallyEquivalentNamesDiffer() {
        let composed = "\u{C5}"
        let decomposed = "A\u{30A}"
        #expect(composed == decomposed)
        #expect(ExactString(composed) != ExactString(decomposed))
        #expect(Set([ExactString(composed), ExactString(decomposed), ExactString(composed)]).count == 2)
    }
}
