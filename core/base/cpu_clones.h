// Marks a hot loop to be compiled for several instruction sets, the best one picked when the program starts.
#pragma once

// glibc resolves the choice before main; elsewhere (WebAssembly, macOS, other processors) the loop is compiled once.
// Sanitizers instrument the resolvers before they are set up, so sanitized builds go without.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && defined(__gnu_linux__) && \
    !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define CCX_CPU_CLONES __attribute__((target_clones("avx2", "default")))
#else
#define CCX_CPU_CLONES
#endif
