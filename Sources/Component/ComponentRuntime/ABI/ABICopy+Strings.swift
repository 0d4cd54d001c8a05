// Strings from one memory into another, transcoded on the way (CanonicalABI.md, "Storing": store_string).
//
// How often and for how much the target's `realloc` is called is laid down by the specification, down to the guess that
// a string is ASCII or Latin-1 and the second allocation where it is not.

import ComponentBinary
import Execution

extension ABICopy {
    /// Copies a string whose range has been checked.
    ///
    /// - Returns: its address, and its length as the target's encoding counts it.
    static func copy(
        _ range: StringRange, _ source: inout HostContext, _ target: inout HostContext
    ) throws(Trap) -> (pointer: Int, length: UInt64) {
        switch (target.options.encoding, range.form) {
        case (.utf8, .utf8), (.utf16, .utf16): return try copyUnchanged(range, &source, &target)
        case (.utf8, .utf16): return try transcodeToUTF8(range, worstFactor: 3, &source, &target)
        case (.utf8, .latin1): return try transcodeToUTF8(range, worstFactor: 2, &source, &target)
        case (.utf16, .utf8): return try transcodeUTF8ToUTF16(range, &source, &target)
        case (.utf16, .latin1): return try widenLatin1(range, &source, &target)
        case (.latin1OrUTF16, .latin1): return try copyUnchanged(range, &source, &target)
        case (.latin1OrUTF16, .utf16) where source.options.encoding == .latin1OrUTF16:
            return try narrowProbablyUTF16(range, &source, &target)
        case (.latin1OrUTF16, _): return try transcodeToLatin1OrUTF16(range, &source, &target)
        }
    }

    private typealias Stored = (pointer: Int, length: UInt64)

    private static func stored(_ address: Int, _ length: Int) -> Stored {
        (address, UInt64(length))
    }

    private static func cursor(_ range: StringRange, _ source: borrowing HostContext, at position: Int = 0) -> ScalarCursor {
        unsafe ScalarCursor(
            UnsafeRawBufferPointer(source.bytes(range.address, range.byteCount)), form: range.form, position: position,
            pausing: source.store)
    }

    private static func copyUnchanged(
        _ range: StringRange, _ source: inout HostContext, _ target: inout HostContext
    ) throws(Trap) -> Stored {
        let address = try target.allocate(range.byteCount, alignment: target.options.encoding == .utf8 ? 1 : 2)
        // What is checked is copied at once, as far as that goes.
        var rest = range
        let bytes = unsafe source.bytes(range.address, range.byteCount)
        let room = unsafe target.bytes(address, range.byteCount)
        if let from = bytes.baseAddress, let to = room.baseAddress {
            var done = 0
            while done < range.byteCount, range.form != .latin1 {
                let length = min(range.byteCount - done, ScalarCursor.pieceLength)
                let count = unsafe range.form == .utf8
                    ? CharacterRuns.copyASCII(from + done, length, to: to + done)
                    : 2 * CharacterRuns.copyWithoutSurrogates(from + done, length / 2, to: to + done)
                done += count
                if count < length { break }
                if done < range.byteCount { try source.passInterrupt() }
            }
            rest.address += done
            rest.byteCount -= done
            try source.validate(rest, from: done)
            try copyBytes(from: range.address + done, &source, to: address + done, &target, count: rest.byteCount)
        }
        return stored(address, range.form == .utf16 ? range.byteCount / 2 : range.byteCount)
    }

    private static func transcodeToUTF8(
        _ range: StringRange, worstFactor: Int, _ source: inout HostContext, _ target: inout HostContext
    ) throws(Trap) -> Stored {
        let unitCount = range.form == .utf16 ? range.byteCount / 2 : range.byteCount
        var address = try target.allocate(unitCount, alignment: 1)
        var cursor = cursor(range, source)
        var written = 0
        var room = unitCount
        while true {
            // The room is for as many characters as there are units left, at least.
            if let base = unsafe target.bytes(address, room).baseAddress {
                let isWide = range.form == .utf16
                written += unsafe cursor.skip { from, count in
                    unsafe isWide
                        ? CharacterRuns.narrow(from, min(count, room - written), below: 0x80, to: base + written)
                        : CharacterRuns.copyASCII(from, min(count, room - written), to: base + written)
                }
            }
            let before = cursor.position
            guard let scalar = try cursor.next() else { break }
            if scalar >= 0x80, room == unitCount {
                let worst = unitCount * worstFactor
                address = try target.reallocate(address, unitCount, alignment: 1, to: worst)
                room = worst
                cursor = Self.cursor(range, source, at: before)
                _ = try cursor.next()
            }
            unsafe UTF8Writer.write(scalar, to: target.bytes(address, room), at: &written)
        }
        if room > unitCount, room > written { address = try target.reallocate(address, room, alignment: 1, to: written) }
        return stored(address, written)
    }

    private static func transcodeUTF8ToUTF16(
        _ range: StringRange, _ source: inout HostContext, _ target: inout HostContext
    ) throws(Trap) -> Stored {
        let worst = 2 * range.byteCount
        var address = try target.allocate(worst, alignment: 2)
        let room = unsafe target.bytes(address, worst)
        var cursor = cursor(range, source)
        var written = 0
        while true {
            if let base = room.baseAddress {
                unsafe written += 2 * cursor.skip { from, count in
                    unsafe CharacterRuns.widenASCII(from, min(count, (worst - written) / 2), to: base + written)
                }
            }
            guard let scalar = try cursor.next() else { break }
            unsafe UTF16Writer.write(scalar, to: room, at: &written)
        }
        if written < worst { address = try target.reallocate(address, worst, alignment: 2, to: written) }
        return stored(address, written / 2)
    }

    private static func widenLatin1(
        _ range: StringRange, _ source: inout HostContext, _ target: inout HostContext
    ) throws(Trap) -> Stored {
        let address = try target.allocate(2 * range.byteCount, alignment: 2)
        let room = unsafe target.bytes(address, 2 * range.byteCount)
        var cursor = cursor(range, source)
        var written = 0
        while true {
            if let base = room.baseAddress {
                written += unsafe 2 * cursor.skip { from, count in
                    unsafe CharacterRuns.widen(from, count, to: base + written)
                }
            }
            guard let scalar = try cursor.next() else { break }
            unsafe UTF16Writer.write(scalar, to: room, at: &written)
        }
        return stored(address, range.byteCount)
    }

    private static func transcodeToLatin1OrUTF16(
        _ range: StringRange, _ source: inout HostContext, _ target: inout HostContext
    ) throws(Trap) -> Stored {
        let unitCount = range.form == .utf16 ? range.byteCount / 2 : range.byteCount
        var address = try target.allocate(unitCount, alignment: 2)
        var cursor = cursor(range, source)
        var written = 0
        while true {
            if let base = unsafe target.bytes(address, unitCount).baseAddress {
                let isWide = range.form == .utf16
                written += unsafe cursor.skip { from, count in
                    unsafe isWide
                        ? CharacterRuns.narrow(from, min(count, unitCount - written), below: 0x100, to: base + written)
                        : CharacterRuns.copyASCII(from, min(count, unitCount - written), to: base + written)
                }
            }
            let before = cursor.position
            guard let scalar = try cursor.next() else { break }
            if scalar >= 0x100 {
                return try widenAndGoOn(
                    range, from: before, address: address, written: written, unitCount: unitCount, &source, &target)
            }
            unsafe target.bytes(address, unitCount).storeBytes(
                of: UInt8(truncatingIfNeeded: scalar), toByteOffset: written, as: UInt8.self)
            written += 1
        }
        if written < unitCount { address = try target.reallocate(address, unitCount, alignment: 2, to: written) }
        return stored(address, written)
    }

    /// Goes on in UTF-16 with a string of which `written` characters have been stored in Latin-1.
    private static func widenAndGoOn(
        _ range: StringRange, from position: Int, address: Int, written: Int, unitCount: Int,
        _ source: inout HostContext, _ target: inout HostContext
    ) throws(Trap) -> Stored {
        let worst = 2 * unitCount
        var address = try target.reallocate(address, unitCount, alignment: 2, to: worst)
        let room = unsafe target.bytes(address, worst)
        for index in stride(from: written - 1, through: 0, by: -1) {
            let unit = unsafe UInt16(room[index])
            unsafe room.storeBytes(of: unit, toByteOffset: 2 * index, as: UInt16.self)
        }
        var end = 2 * written
        var cursor = cursor(range, source, at: position)
        let isUTF8 = range.form == .utf8
        while true {
            if isUTF8, let base = room.baseAddress {
                unsafe end += 2 * cursor.skip { from, count in
                    unsafe CharacterRuns.widenASCII(from, min(count, (worst - end) / 2), to: base + end)
                }
            }
            guard let scalar = try cursor.next() else { break }
            unsafe UTF16Writer.write(scalar, to: room, at: &end)
        }
        if worst > end { address = try target.reallocate(address, worst, alignment: 2, to: end) }
        return (address, UInt64(end / 2) | target.utf16Tag)
    }

    private static func narrowProbablyUTF16(
        _ range: StringRange, _ source: inout HostContext, _ target: inout HostContext
    ) throws(Trap) -> Stored {
        var address = try target.allocate(range.byteCount, alignment: 2)
        let room = unsafe target.bytes(address, range.byteCount)
        let unitCount = range.byteCount / 2
        guard let base = room.baseAddress else {
            address = try target.reallocate(address, 0, alignment: 1, to: 0)
            return stored(address, 0)
        }
        var cursor = cursor(range, source)
        var written = 0
        while true {
            written += unsafe cursor.skip { from, count in
                unsafe CharacterRuns.narrow(from, count, below: 0x100, to: base + written)
            }
            guard let scalar = try cursor.next() else { break }
            guard scalar < 0x100 else {
                // UTF-16 after all.
                try source.validate(range)
                try copyBytes(from: range.address, &source, to: address, &target, count: range.byteCount)
                return (address, UInt64(unitCount) | target.utf16Tag)
            }
            unsafe room[written] = UInt8(truncatingIfNeeded: scalar)
            written += 1
        }
        address = try target.reallocate(address, range.byteCount, alignment: 1, to: unitCount)
        return stored(address, unitCount)
    }
}
