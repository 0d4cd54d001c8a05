// Arithmetic on 128 bits in two slots, the lower half first (the wide-arithmetic proposal). A result takes the slot of its
// instruction's destination and the next one.
#include "dispatch.h"

static inline unsigned __int128 joined(apus_slot low, apus_slot high) { return (unsigned __int128)high << 64 | low; }

#define RESULT(expression) \
    do { \
        unsigned __int128 result = (expression); \
        fp[APUS_U16(0)] = (apus_slot)result; \
        fp[APUS_U16(0) + 1] = (apus_slot)(result >> 64); \
    } while (0)

// Operands: left low, left high, right low in the operand word, right high in the third.
APUS_INSTRUCTION(i64_add128) {
    RESULT(joined(fp[APUS_U16(1)], fp[APUS_U16(2)]) + joined(fp[APUS_U16(3)], fp[(uint16_t)pc[2]]));
    APUS_NEXT(3);
}
APUS_INSTRUCTION(i64_sub128) {
    RESULT(joined(fp[APUS_U16(1)], fp[APUS_U16(2)]) - joined(fp[APUS_U16(3)], fp[(uint16_t)pc[2]]));
    APUS_NEXT(3);
}
APUS_INSTRUCTION(i64_mul_wide_s) {
    RESULT((unsigned __int128)((__int128)(int64_t)fp[APUS_U16(1)] * (int64_t)fp[APUS_U16(2)]));
    APUS_NEXT(2);
}
APUS_INSTRUCTION(i64_mul_wide_u) {
    RESULT((unsigned __int128)fp[APUS_U16(1)] * fp[APUS_U16(2)]);
    APUS_NEXT(2);
}
