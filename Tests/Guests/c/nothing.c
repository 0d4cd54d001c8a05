// The smallest command: it imports nothing and does nothing, well.
#include "guest.h"

EXPORT_RUN int32_t run(void) { return 0; }
