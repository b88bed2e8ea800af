#!/usr/bin/env bash
# Checks layout with clang-format and the code with clang-tidy: scripts/lint.sh BUILD_DIR [all | FILE...]
# Without files, everything that includes no LibTorch (whose headers take clang-tidy half a minute a file); `all` takes
# those too.
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/versions.sh
source scripts/say.sh
source scripts/packages.sh
install_packages "${LINT_APT_PACKAGES[@]}"
build=$1
shift
# Sources of the product, as the build compiles them.
chosen() {
  python3 - "$build" "$1" <<'PYTHON'
import json, os, sys
build, which = sys.argv[1:]
rooms = ("core/", "train/", "cli/")
for entry in json.load(open(os.path.join(build, "compile_commands.json"))):
    path = os.path.relpath(os.path.join(entry["directory"], entry["file"]))
    torch = "/torch/csrc/" in entry["command"]
    if path.startswith(rooms) and os.path.exists(path) and (which == "all" or not torch): print(path)
PYTHON
}
case "${1:-}" in
  "" | all) mapfile -t files < <(chosen "${1:-}" | sort -u) ;;
  *) files=("$@") ;;
esac
say "clang-format"
git ls-files '*.cpp' '*.h' | xargs clang-format --dry-run -Werror
say "clang-tidy on ${#files[@]} files"
printf '%s\n' "${files[@]}" | xargs -P "$(nproc)" -n 4 clang-tidy -p "$build" --quiet --extra-arg=-Wno-unknown-warning-option
say "clean"
