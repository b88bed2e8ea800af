// Functions that compile for several kinds of x86 processors, of which a program takes its own when it starts.
#pragma once

// What such a function calls must be inlined into it.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
#define CCX_CLONES __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define CCX_CLONES
#endif
#define CCX_INLINE inline __attribute__((always_inline))
