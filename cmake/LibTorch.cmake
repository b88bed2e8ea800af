# Finds LibTorch and declares the imported target ccx::libtorch.
#
# The libraries are linked directly instead of through find_package(Torch), whose CUDA build asks for a CUDA toolkit
# that a program using only ATen's generic interface does not need.

set(_hint "${CCX_LIBTORCH}")
if(NOT _hint AND EXISTS "${CMAKE_SOURCE_DIR}/.deps/libtorch")
  set(_hint "${CMAKE_SOURCE_DIR}/.deps/libtorch")
endif()
if(NOT EXISTS "${_hint}/include/ATen/ATen.h")
  message(FATAL_ERROR "LibTorch was not found in '${_hint}'. Run scripts/setup.sh, or name one with "
                      "-DCCX_LIBTORCH=DIR, the folder that holds include/ATen/ATen.h and lib/libtorch_cpu.so.")
endif()
file(REAL_PATH "${_hint}" CCX_LIBTORCH_DIR)

set(_version_header "${CCX_LIBTORCH_DIR}/include/torch/headeronly/version.h")
if(NOT EXISTS "${_version_header}")
  set(_version_header "${CCX_LIBTORCH_DIR}/include/torch/csrc/api/include/torch/version.h")
endif()
file(STRINGS "${_version_header}" _lines REGEX "define TORCH_VERSION_(MAJOR|MINOR) [0-9]+")
string(REGEX REPLACE ".*MAJOR ([0-9]+).*" "\\1" _major "${_lines}")
string(REGEX REPLACE ".*MINOR ([0-9]+).*" "\\1" _minor "${_lines}")
set(CCX_LIBTORCH_VERSION "${_major}.${_minor}")
if(CCX_LIBTORCH_VERSION VERSION_LESS 2.11)
  message(FATAL_ERROR "LibTorch ${CCX_LIBTORCH_VERSION} in ${CCX_LIBTORCH_DIR} is older than 2.11.")
endif()

add_library(ccx_libtorch INTERFACE)
target_include_directories(ccx_libtorch SYSTEM INTERFACE
  "${CCX_LIBTORCH_DIR}/include" "${CCX_LIBTORCH_DIR}/include/torch/csrc/api/include")
target_link_directories(ccx_libtorch INTERFACE "${CCX_LIBTORCH_DIR}/lib")
# --no-as-needed: the CUDA libraries register their kernels when loaded, although no symbol of theirs is named.
set(_libraries -Wl,--no-as-needed -ltorch -ltorch_cpu -lc10)
set(CCX_HAVE_CUDA OFF)
if(EXISTS "${CCX_LIBTORCH_DIR}/lib/libtorch_cuda.so")
  set(CCX_HAVE_CUDA ON)
  list(APPEND _libraries -ltorch_cuda -lc10_cuda)
endif()
list(APPEND _libraries -Wl,--as-needed)
target_link_libraries(ccx_libtorch INTERFACE ${_libraries})
# Programs find LibTorch where it lies, in the build tree and once installed.
set(CMAKE_BUILD_RPATH "${CCX_LIBTORCH_DIR}/lib")
set(CMAKE_INSTALL_RPATH "${CCX_LIBTORCH_DIR}/lib")
# at::parallel_for is a header: without OpenMP switched on, loops of ours would run on one thread. The runtime must be the
# one LibTorch itself loads, or two pools of threads fight for the cores.
target_compile_options(ccx_libtorch INTERFACE $<$<COMPILE_LANGUAGE:CXX>:-fopenmp>)
file(GLOB _openmp "${CCX_LIBTORCH_DIR}/lib/libgomp*.so*" "${CCX_LIBTORCH_DIR}/../torch.libs/libgomp*.so*")
if(_openmp)
  list(GET _openmp 0 _openmp)
  target_link_libraries(ccx_libtorch INTERFACE "${_openmp}")
else()
  target_link_options(ccx_libtorch INTERFACE -fopenmp)
endif()
message(STATUS "LibTorch ${CCX_LIBTORCH_VERSION} in ${CCX_LIBTORCH_DIR} (CUDA: ${CCX_HAVE_CUDA})")
