#!/usr/bin/env bash
# Sets everything up and runs the main job: the pricing rule from contract to running capability, step by step.
# Usage: ./demo.sh [FOLDER]    the project is written to FOLDER/eligibility (a temporary folder by default)
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
. scripts/setup.sh

step() { printf '\n$ %s\n' "$1"; }

need_rust
need_linker
build_command

folder=${1:-$(mktemp -d)}
mkdir -p "$folder"
cd "$folder"

step "cargo traverse new eligibility --template pricing"
cargo traverse new eligibility --template pricing
cd eligibility
step "cat traverse.spec.toml"
cat traverse.spec.toml
step "cargo traverse build"
cargo traverse build
step "cargo traverse test"
cargo traverse test
input='{"customer":{"tier":"enterprise"},"cart":{"total":120.0}}'
step "echo '$input' | cargo traverse run"
echo "$input" | cargo traverse run
input='{"customer":{"tier":"enterprise"},"cart":{"total":-5}}'
step "echo '$input' | cargo traverse run"
code=0
echo "$input" | cargo traverse run || code=$?
printf '(exit code %s: a precondition does not hold)\n' "$code"
[ "$code" = 21 ] || fail "expected exit code 21, got $code"
printf '\nThe project is in %s/eligibility\n' "$(cd .. && pwd)"
