// The version of ccx, as the build has it.
#pragma once

#ifndef CCX_VERSION
#define CCX_VERSION "unknown"
#endif

namespace ccx::cli {

inline constexpr const char* kVersion = CCX_VERSION;

}  // namespace ccx::cli
