# Compiler flags shared by every target, and ccx_layer(), which declares a library out of a folder.

add_library(ccx_options INTERFACE)
target_include_directories(ccx_options INTERFACE "${CMAKE_SOURCE_DIR}")
target_compile_options(ccx_options INTERFACE -Wall -Wextra -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # GCC 12 sees overlapping copies inside std::string where there are none (GCC bug 105651).
  target_compile_options(ccx_options INTERFACE -Wno-restrict)
endif()
if(CCX_WERROR)
  target_compile_options(ccx_options INTERFACE -Werror)
endif()
if(CCX_SANITIZE)
  # A report needs functions and lines; names of types and variables would multiply what is written and linked.
  add_compile_options(-fsanitize=address,undefined -fno-omit-frame-pointer -g1)
  add_link_options(-fsanitize=address,undefined)
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # What the sanitizers put in between hides from GCC 12 that the standard library's regular expressions are initialised.
    add_compile_options(-Wno-maybe-uninitialized)
  endif()
endif()
if(CCX_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link)
  add_link_options(-fsanitize=fuzzer-no-link)
endif()
# No -march=native: a build must run on another machine. Hot loops pick their instruction set at run time.

find_program(CCX_CCACHE ccache)
if(CCX_CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER "${CCX_CCACHE}")
endif()

include(Precompiled)
include(Layers)

# How much work the compiler puts into a release: all of it where pixels, numbers and words are computed; EVEN where files
# are read and compared by the million; QUICK where what is compiled runs a few times a run and is most of the code, which
# the sanitizers' build (RelWithDebInfo) compiles as quickly.
set(CCX_EVEN $<$<CONFIG:Release>:-O2>)
set(CCX_QUICK $<$<CONFIG:Release,RelWithDebInfo>:-O1>)

# ccx_layer(name [EVEN | QUICK] FOLDERS... SOURCES... LINKS... PRECOMPILED NAME): a static library of one layer. Sources are
# listed by the layer's own CMakeLists.txt, or found in its folders; the first of them says whose it is in
# cmake/layers.txt, which has to allow the links. NAME: the headers that it shares (Precompiled.cmake).
function(ccx_layer name)
  cmake_parse_arguments(ARG "EVEN;QUICK" "PRECOMPILED" "FOLDERS;SOURCES;LINKS" ${ARGN})
  foreach(folder IN LISTS ARG_FOLDERS)
    file(GLOB found CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/${folder}/*.cpp")
    list(APPEND ARG_SOURCES ${found})
  endforeach()
  add_library(${name} STATIC ${ARG_SOURCES})
  target_link_libraries(${name} PUBLIC ccx_options ${ARG_LINKS})
  ccx_precompile(${name} ${ARG_PRECOMPILED})
  if(ARG_QUICK)
    target_compile_options(${name} PRIVATE ${CCX_QUICK})
  elseif(ARG_EVEN)
    target_compile_options(${name} PRIVATE ${CCX_EVEN})
  endif()
  list(APPEND ARG_FOLDERS .)
  list(GET ARG_FOLDERS 0 folder)
  get_filename_component(folder "${folder}" ABSOLUTE)
  ccx_stands_in(${name} "${folder}" ${ARG_LINKS})
endfunction()
