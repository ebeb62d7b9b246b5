#!/usr/bin/env bash
# Runs each fuzz target for a while on the stable compiler. Usage: scripts/fuzz.sh [SECONDS [TARGET...]]
# Those of the runtime (module, package, input) only where they are named: they bring the engine, minutes of building.
# `cargo fuzz run TARGET` does the same with a nightly one. What is found lies in fuzz/artifacts/TARGET.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. scripts/setup.sh

seconds=${1:-60}
shift || true
targets=("$@")
[ ${#targets[@]} -gt 0 ] || targets=(rule spec evaluate json)

with_engine=
for target in "${targets[@]}"; do
  case $target in module | package | input) with_engine=1 ;; esac
done

need_rust
need_cxx

# The instrumentation that libFuzzer steers by; the sanitizers need a nightly compiler, overflow checks and assertions do not.
flags="--cfg fuzzing -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4"
flags="$flags -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table"
flags="$flags -Cllvm-args=-sanitizer-coverage-trace-compares -Ccodegen-units=1"
host=$(rustc -vV | sed -n 's/^host: //p')

say "building the fuzz targets"
with_retries cargo fetch --locked --manifest-path fuzz/Cargo.toml
# With a target named, the flags reach the targets and not the build scripts.
RUSTFLAGS="$flags" cargo build --quiet --release --locked --manifest-path fuzz/Cargo.toml --target "$host"
engine_target=${CARGO_TARGET_DIR:-fuzz/runtime/target}
if [ -n "$with_engine" ]; then
  say "building the fuzz targets of the runtime (the first time takes 10 minutes or more: they carry a WebAssembly engine)"
  with_retries cargo fetch --locked --manifest-path fuzz/runtime/Cargo.toml
  TRAVERSE_FUZZ_FLAGS="$flags" RUSTC_WRAPPER="$PWD/fuzz/runtime/instrument.sh" \
    cargo build --quiet --release --locked --manifest-path fuzz/runtime/Cargo.toml --target "$host"
fi

# What the project has of each kind, one file each, to begin with.
seeds=$(mktemp -d)
trap 'rm -rf "$seeds"' EXIT
mkdir -p "$seeds"/{rule,spec,evaluate,json}
number=0
while IFS= read -r rule; do
  number=$((number + 1))
  printf '%s' "$rule" >"$seeds/rule/$number"
  printf '%s\n%s' "$rule" "$(cat fuzz/every-type.json)" >"$seeds/evaluate/$number"
done < <(sed -n 's/^ *"pick == [0-9]* implies (\(.*\))",\{0,1\}$/\1/p' traverse-sdk/tests/specs/expressions.spec.toml)
[ "$number" -gt 50 ] || fail "the rules of traverse-sdk/tests/specs/expressions.spec.toml were not found"
for file in templates/*/traverse.spec.toml traverse-sdk/tests/specs/*.toml fuzz/every-type.spec.toml; do
  cp "$file" "$seeds/spec/$(printf '%s' "$file" | tr / -)"
done
if [ -n "$with_engine" ]; then
  TRAVERSE_FUZZ_SEEDS="$seeds" "$engine_target/$host/release/module"
  cp templates/pricing/cases/*.json "$seeds/input/"
  printf '%s' '{"customer":{"tier":"enterprise"},"cart":{"total":120.0}}' >"$seeds/input/good"
  if [[ " ${targets[*]} " == *" input "* ]]; then
    build_command
    cargo traverse toolchain install >/dev/null
    (cd "$seeds" && cargo traverse new pricing --template pricing >/dev/null && cd pricing &&
      CARGO_TARGET_DIR="$seeds/target" cargo traverse build >/dev/null 2>&1) || fail "the pricing template does not build"
    export TRAVERSE_FUZZ_PACKAGE="$seeds/pricing"
  fi
fi
for file in templates/*/cases/*.json; do cp "$file" "$seeds/json/$(printf '%s' "$file" | tr / -)"; done

for target in "${targets[@]}"; do
  say "fuzzing $target for $seconds s"
  mkdir -p "fuzz/corpus/$target" "fuzz/artifacts/$target"
  folder=${CARGO_TARGET_DIR:-fuzz/target}
  case $target in module | package | input) folder=$engine_target ;; esac
  "$folder/$host/release/$target" "fuzz/corpus/$target" "$seeds/$target" \
    -dict=fuzz/rule.dict -artifact_prefix="fuzz/artifacts/$target/" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 \
    -print_final_stats=1 -verbosity=0 2>&1 | sed '/# Uses: [0-9]*$/d; /NEW_FUNC/d; /^###### /d'
done
say "no target found anything"
