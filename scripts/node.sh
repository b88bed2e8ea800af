# Which Node the scripts use: the system's where it is new enough, else the one in .deps/python. Sourced after
# versions.sh, in the project's root.
node_is_new_enough() {
  command -v node >/dev/null && command -v npm >/dev/null &&
    [ "$(printf '%s\n' "$NODE_LEAST" "$(node --version | tr -d v)" | sort -V | head -n 1)" = "$NODE_LEAST" ]
}
use_own_node() {
  if [ -x .deps/python/bin/node ]; then PATH="$PWD/.deps/python/bin:$PATH"; fi
}
if ! node_is_new_enough; then use_own_node; fi
