#!/usr/bin/env bash
# Sets everything up and runs every test. Usage: ./test.sh [arguments for cargo test]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
. scripts/setup.sh

need_rust
need_linker
want_node
want_npm
want_c_guests
build_command

say "the guest toolchain"
cargo traverse doctor || true
cargo traverse toolchain install

say "every test"
cargo test --locked --workspace "$@"
