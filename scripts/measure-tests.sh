#!/usr/bin/env bash
# What `cargo traverse test` costs: 10,000 drawn inputs for pricing, all ways, in seconds of one core; and its cases again when
# nothing changed, process start included, beside a process that only says its version. One run, the best of several.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. scripts/setup.sh

need_rust
build_command
cargo traverse toolchain install >/dev/null

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export CARGO_TARGET_DIR="$work/target"
(cd "$work" && cargo traverse new pricing --template pricing >/dev/null)
cd "$work/pricing"
cargo traverse test --budget 0 >/dev/null 2>&1 || fail "the template does not pass its tests"

seconds_of_cpu() { # COMMAND...: of the process and all that it starts
  { TIMEFORMAT='%U %S'; time "$@" >/dev/null 2>&1; } 2>&1 | awk '{ print $1 + $2 }'
}
milliseconds() { # COMMAND...
  local started
  started=$(date +%s%N)
  "$@" >/dev/null 2>&1
  echo $((($(date +%s%N) - started) / 1000000))
}
best() { # HOW COMMAND...
  local how=$1
  shift
  for _ in 1 2 3 4 5 6 7; do "$how" "$@"; done | sort -n | head -1
}

say "10,000 drawn inputs, all ways, and the cases alone"
drawn=$(best seconds_of_cpu cargo traverse test --budget 600 --inputs 10000 --seed 1)
cases=$(best seconds_of_cpu cargo traverse test --budget 0)
awk -v a="$drawn" -v b="$cases" 'BEGIN { printf "%.2f s of CPU, %.2f s of them without inputs (goal: at most 2 s for the inputs)\n", a, b }'

say "the cases again, nothing changed"
again=$(best milliseconds cargo traverse test --budget 0)
version=$(best milliseconds cargo traverse --version)
awk -v a="$again" -v b="$version" 'BEGIN { printf "%d ms, beside %d ms for a process that says its version (goal: at most 150 ms)\n", a, b }'
