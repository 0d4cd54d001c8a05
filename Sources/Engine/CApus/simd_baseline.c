// The vector handlers for every processor of the machine.
#define APUS_AVX2 0
#include "simd_memory.h"
#include "simd_lanes.h"

#include "simd_integers.h"
#undef COMPARISONS
#undef EXTREMES
#include "simd_floats.h"
