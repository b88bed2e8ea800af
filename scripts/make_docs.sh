#!/usr/bin/env bash
# Writes the sections of docs/cli.md anew from the declarations of a build: scripts/make_docs.sh BUILD_DIR
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/say.sh
fresh=$("$1/ccx" help --markdown)
intro=$(sed '/^<!-- ccx /,$d' docs/cli.md)
printf '%s\n\n%s\n' "$intro" "$fresh" >docs/cli.md
say "docs/cli.md holds $(grep -c '^<!-- ccx ' docs/cli.md) commands"
