# Included by llama-cpp-python's project (CMAKE_PROJECT_llama_cpp_INCLUDE): no helpers of llama.cpp's own programs, which are
# more than a third of the build and which nothing here calls.
set(LLAMA_BUILD_COMMON OFF)
