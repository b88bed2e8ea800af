# Precompiled headers: what many files include is read once; a file of LibTorch's callers then compiles in 3 s instead of 9.
# Sets are small on purpose: GCC takes a second to load LibTorch's, and .7 s for all of nlohmann/json and twenty more. A
# compiler cache finds nothing again that was built with them, so where there is one it decides.
if(EMSCRIPTEN OR CCX_CCACHE)
  set(_precompile OFF)
else()
  set(_precompile ON)
endif()
option(CCX_PCH "Precompile the headers that many files include" ${_precompile})
if(CCX_PCH AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # GCC 12's warnings of copies inside std::string, where there are none, are heard from precompiled system headers.
  target_compile_options(ccx_options INTERFACE -Wno-stringop-overflow -Wno-stringop-overread -Wno-array-bounds)
endif()

# ccx_exact(TARGET), ccx_exact_files(SOURCES...): the same numbers on every machine, so no fused multiply-add, which rounds
# once where two operations round twice. And no precompiled headers: with them GCC 12 forgets -ffp-contract=off from
# `#pragma GCC target` on.
function(ccx_exact target)
  target_compile_options(${target} PRIVATE -ffp-contract=off)
  set_target_properties(${target} PROPERTIES DISABLE_PRECOMPILE_HEADERS ON)
endfunction()
function(ccx_exact_files)
  set_source_files_properties(${ARGN} PROPERTIES COMPILE_OPTIONS -ffp-contract=off SKIP_PRECOMPILE_HEADERS ON)
endfunction()

set(CCX_COMMON_HEADERS <algorithm> <filesystem> <functional> <map> <memory> <optional> <string> <string_view> <vector>)

# ccx_precompiled(NAME HEADERS... LINKS...): a set of headers that targets of the same compiler options share.
function(ccx_precompiled name)
  if(NOT CCX_PCH)
    return()
  endif()
  cmake_parse_arguments(ARG "" "" "HEADERS;LINKS" ${ARGN})
  set(source "${CMAKE_BINARY_DIR}/${name}.cpp")
  if(NOT EXISTS "${source}")
    file(WRITE "${source}" "// Headers are precompiled for a target that has a source.\n")
  endif()
  add_library(${name} STATIC "${source}")
  target_link_libraries(${name} PRIVATE ccx_options ${ARG_LINKS})
  target_precompile_headers(${name} PRIVATE ${CCX_COMMON_HEADERS} ${ARG_HEADERS})
endfunction()

# ccx_precompile(TARGET [NAME]): TARGET takes the headers of NAME, by default those that all have in common; `none` where its
# compiler options are not those of others.
function(ccx_precompile target)
  set(name ccx_common_headers)
  if(ARGC GREATER 1)
    set(name "${ARGV1}")
  endif()
  if(CCX_PCH AND NOT name STREQUAL "none")
    target_precompile_headers(${target} REUSE_FROM ${name})
  endif()
endfunction()
