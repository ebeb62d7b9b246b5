#!/usr/bin/env bash
# What a call costs, as ratios between things in one run: the pricing template under the runtime, the same rule by hand in plain
# wasmtime, and natively; and ten thousand packages one after the other. With --extism also the same rule as a plugin of Extism. All in
# cargo's release profile: the engines take 10 to 20 minutes each to build the first time.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. scripts/setup.sh

with_extism=
case "$*" in
'') ;;
--extism) with_extism=1 ;;
*) fail "usage: scripts/measure-runtime.sh [--extism]" ;;
esac

need_rust
build_command
cargo traverse toolchain install >/dev/null

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
use_guest_rustc
cp -r benches/guests/serde-by-hand "$work/serde"
(cd "$work/serde" && CARGO_TARGET_DIR="$work/target" with_retries cargo build --quiet --release --target wasm32-wasip1)
if [ -n "$with_extism" ]; then
  cp -r benches/extism/guest "$work/plugin"
  (cd "$work/plugin" && CARGO_TARGET_DIR="$work/target" with_retries cargo build --quiet --locked --release --target wasm32-wasip1)
fi
unset RUSTC
(cd "$work" && cargo traverse new pricing --template pricing >/dev/null && cd pricing && CARGO_TARGET_DIR="$work/target" cargo traverse build >/dev/null 2>&1) ||
  fail "the pricing template does not build"
# As those have it who install it.
cargo build --quiet --locked --release --workspace --example measure --example packages --example warm
target/release/examples/measure "$work/pricing" "$work/target/wasm32-wasip1/release/serde-by-hand.wasm"
target/release/examples/packages 10000
if [ -n "$with_extism" ]; then
  with_retries cargo build --quiet --locked --release --manifest-path benches/extism/Cargo.toml
  benches/extism/target/release/traverse-bench-extism \
    "$work/target/wasm32-wasip1/release/pricing_plugin.wasm" target/release/examples/warm "$work/pricing"
fi
