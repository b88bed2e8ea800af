// Memory that is read from one end to the other, in pages as large as the system has.
#pragma once

#include <cstdint>

namespace ccx::torch_backend {

// Asks the system to put what lies there into large pages where it can: a weight is read from one end to the other, and
// with small ones every 4 KB ask for a translation. A step of the 0.5B size took 0.75 of its CPU time. A wish: an older
// system, or one without free large pages, does nothing.
void use_large_pages(void* data, int64_t bytes);

}  // namespace ccx::torch_backend
