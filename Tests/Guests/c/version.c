// Says which version of the WASI interfaces it was built for.
#include "wasi.h"

bool run(void) {
    say("built for %s\n", WASI_VERSION);
    return true;
}
