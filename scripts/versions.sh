# What the set-up installs, by name and version. Sourced by the other scripts.

# Any LibTorch from 2.11 on works (CCX_LIBTORCH=DIR names another); this is the one that is tested.
TORCH_VERSION=2.13.0

# Debian and Ubuntu packages: tools to build, and the libraries that CMakeLists.txt looks for.
APT_PACKAGES=(
  build-essential cmake ninja-build pkg-config
  python3 python3-venv python3-pip
  libopencv-dev libjpeg-dev libgdal-dev libcli11-dev nlohmann-json3-dev catch2
  libyaml-cpp-dev libgloo-dev libssl-dev zlib1g-dev libdeflate-dev libutf8proc-dev libstemmer-dev libprotozero-dev
)
# Tests try completion and the man page with them.
TEST_APT_PACKAGES=(zsh fish groff-base)

# For the browser page (scripts/setup_web.sh). What npm installs is pinned in web/package-lock.json.
WEB_APT_PACKAGES=(emscripten nlohmann-json3-dev chromium)
# The page's tests run it in this browser too, where the distribution has it (Ubuntu has no such package).
FIREFOX_APT_PACKAGE=firefox-esr
# Vite needs 20.19 or newer. Where the system's Node is older, this one comes from PyPI into .deps/python.
NODE_LEAST=20.19.0
NODE_PYPI_VERSION=22.20.0

# For `make lint`.
LINT_APT_PACKAGES=(clang-format clang-tidy libomp-dev)

# For `make bench-peers`, from PyPI into .deps/peers (scripts/bench_peers.sh); PyTorch is the one above.
TRANSFORMERS_VERSION=5.24.0
TOKENIZERS_VERSION=0.23.3
PILLOW_VERSION=13.0.0
ONNXRUNTIME_VERSION=1.32.0
GGUF_VERSION=0.19.0
LLAMA_CPP_PYTHON_VERSION=0.3.36
