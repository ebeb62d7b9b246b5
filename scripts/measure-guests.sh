#!/usr/bin/env bash
# What contracts cost a guest, as ratios between two things in one run:
# fuel of the pricing template beside the same checks by hand, and the time of a clean build beside serde by hand.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. scripts/setup.sh

need_rust
build_command
cargo traverse toolchain install >/dev/null

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
repository=$PWD
input='{"customer":{"tier":"enterprise"},"cart":{"total":120.0}}'

fuel() { # FOLDER
  (cd "$1" && printf '%s' "$input" | cargo traverse run --message-format json | sed -n 's/.*"fuel_used":\([0-9]*\).*/\1/p')
}

say "fuel: clauses of the contract beside the same checks by hand"
(cd "$work" && cargo traverse new clauses --template pricing >/dev/null && cargo traverse new checks --template pricing >/dev/null)
cp benches/guests/checks-by-hand/traverse.spec.toml "$work/checks/"
cp benches/guests/checks-by-hand/main.rs "$work/checks/src/main.rs"
rm -rf "$work/checks/cases"
export CARGO_TARGET_DIR="$work/target"
for project in clauses checks; do (cd "$work/$project" && cargo traverse build >/dev/null 2>&1) || fail "$project does not build"; done
clauses=$(fuel "$work/clauses")
checks=$(fuel "$work/checks")
awk -v a="$clauses" -v b="$checks" 'BEGIN { printf "clauses %d, by hand %d: %+.1f %% (goal: at most +10 %%)\n", a, b, (a / b - 1) * 100 }'

say "clean build: the macro beside serde derive by hand (each compiled three times with nothing there; the best counts)"
use_guest_rustc
cp -r benches/guests/serde-by-hand "$work/serde"
best() { # FOLDER
  local least='' started took
  (cd "$1" && with_retries cargo fetch >/dev/null 2>&1)
  for _ in 1 2 3; do
    rm -rf "$work/clean"
    started=$(date +%s%N)
    (cd "$1" && CARGO_TARGET_DIR="$work/clean" cargo build --quiet --release --offline --target wasm32-wasip1)
    took=$((($(date +%s%N) - started) / 1000000))
    if [ -z "$least" ] || [ "$took" -lt "$least" ]; then least=$took; fi
  done
  printf '%s' "$least"
}
traverse=$(best "$work/clauses")
serde=$(best "$work/serde")
awk -v a="$traverse" -v b="$serde" 'BEGIN { printf "with Traverse %d ms, serde by hand %d ms: %+d ms (goal: at most +500 ms)\n", a, b, a - b }'

say "bytes and fuel of a call, in wasmtime with nothing of Traverse around it"
cd "$repository"
(unset RUSTC CARGO_TARGET_DIR && cargo build --quiet --locked --workspace --example fuel)
by_hand="$work/clean/wasm32-wasip1/release/serde-by-hand.wasm"
[ -f "$by_hand" ] || (cd "$work/serde" && CARGO_TARGET_DIR="$work/clean" cargo build --quiet --release --offline --target wasm32-wasip1)
for template in minimal iban; do
  (cd "$work" && cargo traverse new "$template" --template "$template" >/dev/null && cd "$template" && cargo traverse build >/dev/null 2>&1) ||
    fail "$template does not build"
done
row() { # NAME FILE INPUT
  local bytes fuel
  bytes=$(stat -c %s "$2")
  fuel=$(printf '%s' "$3" | target/debug/examples/fuel "$2" | sed 's/ units.*//')
  printf '| %s | %s | %s |\n' "$1" "$bytes" "$fuel"
}
printf '| guest | bytes | fuel |\n|---|---|---|\n'
row 'pricing, serde_json and the checks by hand' "$by_hand" "$input"
row 'pricing, the template' "$(echo "$work"/clauses/artifacts/*.wasm)" "$input"
row 'minimal, the template' "$(echo "$work"/minimal/artifacts/*.wasm)" '{"cents":6000}'
row 'iban, the template' "$(echo "$work"/iban/artifacts/*.wasm)" '{"iban":"GB82 WEST 1234 5698 7654 32"}'
