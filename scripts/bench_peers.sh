#!/usr/bin/env bash
# Compares ccx with its peers in one run on this machine (docs/performance.md): scripts/bench_peers.sh BUILD_DIR [OPTION...]
#
# OPTION is one of scripts/bench_peers/compare.py: --threads N, --rounds N, --repetitions N, --only WORD,WORD, --docs.
# The peers are Python packages, installed once into .deps/peers. One that cannot be had is left out, and the table says why.
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/versions.sh
source scripts/say.sh
build=$1
shift
peers=.deps/peers
python=$peers/python/bin/python
mkdir -p $peers
if [ ! -x $python ]; then
  .deps/python/bin/python -m venv $peers/python
  # What is in .deps/python, PyTorch first of all, is not installed twice.
  where='import sysconfig; print(sysconfig.get_path("purelib"))'
  .deps/python/bin/python -c "$where" >"$($python -c "$where")/ccx.pth"
fi

left_out=()
# leave_out PEER PACKAGES: after a failed installation, whose words are in the log.
log=$peers/install.log
leave_out() {
  say "could not install $2 (see $log)"
  left_out+=(--without "$1" "$2 could not be installed: $({ grep -i error $log || echo "see $log"; } | tail -1)")
}
installed() { # PACKAGE==VERSION...
  $python - "$@" 2>/dev/null <<'PYTHON'
import importlib.metadata, sys
for wanted in sys.argv[1:]:
    name, version = wanted.split("==")
    if importlib.metadata.version(name).partition("+")[0] != version:
        sys.exit(1)
PYTHON
}
pip() { nice -n 10 $python -m pip --disable-pip-version-check "$@" >>$log 2>&1; }

# install PEER PACKAGE==VERSION...: the packages, or PEER is left out.
install() {
  local peer=$1
  shift
  if installed "$@"; then return; fi
  say "installing $*"
  : >$log
  pip install "$@" || leave_out "$peer" "$*"
}

# llama.cpp comes as source. It is built in a folder that stays, so that a build that was interrupted goes on.
install_llama() {
  local name=llama-cpp-python-$LLAMA_CPP_PYTHON_VERSION
  local package=llama-cpp-python==$LLAMA_CPP_PYTHON_VERSION source=$peers/$name
  if installed "$package"; then return; fi
  say "building $package, once: minutes, a quarter of an hour on two cores (what is done: $log)"
  : >$log
  if [ ! -d "$source" ]; then
    rm -rf $peers/sdist
    pip download --no-deps --no-binary llama-cpp-python -d $peers/sdist "$package" || return 1
    rm -rf "$source.part"
    mkdir "$source.part"
    tar -xzf $peers/sdist/*.tar.gz -C "$source.part" --strip-components=1 || return 1
    mv "$source.part" "$source"
    rm -r $peers/sdist
  fi
  CMAKE_BUILD_PARALLEL_LEVEL=${CMAKE_BUILD_PARALLEL_LEVEL:-$(nproc)} \
    CMAKE_ARGS="-DLLAVA_BUILD=OFF '-DCMAKE_PROJECT_llama_cpp_INCLUDE=$PWD/scripts/bench_peers/llama_only.cmake'" \
    pip install -v --config-settings "build-dir=$PWD/$peers/llama-build" "$PWD/$source"
}

install "LLaVA-OneVision" "torch==$TORCH_VERSION" "transformers==$TRANSFORMERS_VERSION"
install "ONNX Runtime" "onnxruntime==$ONNXRUNTIME_VERSION" "tokenizers==$TOKENIZERS_VERSION" "pillow==$PILLOW_VERSION"
install "llama.cpp" "gguf==$GGUF_VERSION"
install_llama || leave_out "llama.cpp" "llama-cpp-python==$LLAMA_CPP_PYTHON_VERSION"

$python scripts/bench_peers/compare.py --ccx "$build/ccx" --cache $peers/gguf --json "$build/bench_peers.json" \
  ${left_out[@]+"${left_out[@]}"} "$@"
