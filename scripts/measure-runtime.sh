#!/usr/bin/env bash
# What a call costs, as ratios between things in one run: the pricing template under the runtime, the same rule by hand in plain
# wasmtime, and natively.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. scripts/setup.sh

need_rust
build_command
cargo traverse toolchain install >/dev/null

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
use_guest_rustc
cp -r benches/guests/serde-by-hand "$work/serde"
(cd "$work/serde" && CARGO_TARGET_DIR="$work/target" with_retries cargo build --quiet --release --target wasm32-wasip1)
unset RUSTC
(cd "$work" && cargo traverse new pricing --template pricing >/dev/null && cd pricing && CARGO_TARGET_DIR="$work/target" cargo traverse build >/dev/null 2>&1) ||
  fail "the pricing template does not build"
cargo build --quiet --locked --workspace --example measure
target/debug/examples/measure "$work/pricing" "$work/target/wasm32-wasip1/release/serde-by-hand.wasm"
