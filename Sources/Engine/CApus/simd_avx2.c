// The vector handlers for x86-64 processors with AVX2 and FMA, and the choice between them and the baseline's.
#include "dispatch.h"

#if defined(__x86_64__)

#define APUS_AVX2 1
#include "simd_memory.h"
#include "simd_lanes.h"

#include "simd_integers.h"
#undef COMPARISONS
#undef EXTREMES
#include "simd_floats.h"

apus_handler_type apus_vector_handler(apus_instruction instruction) {
    static const apus_handler_type handlers[] = {
#define APUS_ROW(name) apus_avx2_##name,
        APUS_VECTOR_INSTRUCTIONS(APUS_ROW)
#undef APUS_ROW
    };
    uint32_t row = (uint32_t)instruction - (uint32_t)APUS_v128_load;
    if (row >= sizeof handlers / sizeof handlers[0]) return NULL;
    __builtin_cpu_init();
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") ? handlers[row] : NULL;
}

#else

apus_handler_type apus_vector_handler(apus_instruction instruction) {
    (void)instruction;
    return NULL;
}

#endif
