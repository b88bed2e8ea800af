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
  add_compile_options(-fsanitize=address,undefined -fno-omit-frame-pointer)
  add_link_options(-fsanitize=address,undefined)
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

include(Layers)

# ccx_layer(name FOLDERS... SOURCES... LINKS...): a static library of one layer. Sources are listed by the layer's own
# CMakeLists.txt, or found in its folders; the first of them says whose it is in cmake/layers.txt, which has to allow the
# links.
function(ccx_layer name)
  cmake_parse_arguments(ARG "" "" "FOLDERS;SOURCES;LINKS" ${ARGN})
  foreach(folder IN LISTS ARG_FOLDERS)
    file(GLOB found CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/${folder}/*.cpp")
    list(APPEND ARG_SOURCES ${found})
  endforeach()
  add_library(${name} STATIC ${ARG_SOURCES})
  target_link_libraries(${name} PUBLIC ccx_options ${ARG_LINKS})
  list(APPEND ARG_FOLDERS .)
  list(GET ARG_FOLDERS 0 folder)
  get_filename_component(folder "${folder}" ABSOLUTE)
  ccx_stands_in(${name} "${folder}" ${ARG_LINKS})
endfunction()
