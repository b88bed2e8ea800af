# How the scripts speak: one line on stderr with the time since the script began. Sourced.
SECONDS=0
elapsed() { printf '%d:%02d' $((SECONDS / 60)) $((SECONDS % 60)); }
say() { printf '[ccx %s] %s\n' "$(elapsed)" "$*" >&2; }
fail() {
  printf '[ccx] %s\n' "$*" >&2
  exit 1
}
