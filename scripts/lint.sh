#!/usr/bin/env bash
# Checks layout with clang-format and the code with clang-tidy: scripts/lint.sh BUILD_DIR [FILE...]
# Without files, everything that needs no LibTorch (whose headers take clang-tidy a minute a file).
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/versions.sh
source scripts/say.sh
source scripts/packages.sh
install_packages "${LINT_APT_PACKAGES[@]}"
build=$1
shift
if [ $# -gt 0 ]; then files=("$@"); else
  mapfile -t files < <(git ls-files 'core/*.cpp' 'cli/*.cpp' 'core/scenes/*.cpp' | grep -v -E '^core/torch/|^cli/(caption|inspect|bench|train)')
fi
say "clang-format"
git ls-files '*.cpp' '*.h' | xargs clang-format --dry-run -Werror
say "clang-tidy on ${#files[@]} files"
printf '%s\n' "${files[@]}" | xargs -P "$(nproc)" -n 4 clang-tidy -p "$build" --quiet --extra-arg=-Wno-unknown-warning-option
say "clean"
