# Sourced by ./demo.sh and ./test.sh: everything a fresh machine with Rust needs beyond Rust.
# Prints what it does; fails with the command to run by hand where it cannot do it.

say() { printf '\n==> %s\n' "$*"; }
fail() { printf 'error: %s\n' "$*" >&2; exit 1; }

# A step that talks to a registry: tried three times, then reported with what it was.
with_retries() {
  local attempt
  for attempt in 1 2 3; do
    "$@" && return 0
    printf 'attempt %s of 3 failed: %s\n' "$attempt" "$*" >&2
    sleep $((attempt * 5))
  done
  fail "a step that needs the network failed three times: $*"
}

need_rust() {
  command -v cargo >/dev/null || fail "cargo is not on PATH; install Rust with rustup, then run this again"
}

# Rust links with the system's C linker.
need_linker() {
  command -v cc >/dev/null && return 0
  [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null ||
    fail "no C linker (cc) on PATH; install one, for example: sudo apt-get install gcc libc6-dev"
  say "installing a C linker"
  with_retries apt-get update -qq
  with_retries apt-get install -y -qq --no-install-recommends gcc libc6-dev
}

# libFuzzer is C++.
need_cxx() {
  command -v c++ >/dev/null && return 0
  [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null ||
    fail "no C++ compiler (c++) on PATH; install one, for example: sudo apt-get install g++"
  say "installing a C++ compiler"
  with_retries apt-get update -qq
  with_retries apt-get install -y -qq --no-install-recommends g++
}

# node runs the guest in a second, independent WASI host. Tests say when they are left out for want of it.
want_node() {
  command -v node >/dev/null && return 0
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    say "installing node (a second WASI host for the tests)"
    with_retries apt-get update -qq
    with_retries apt-get install -y -qq --no-install-recommends nodejs
  else
    fail "node is not on PATH; install it, for example: sudo apt-get install nodejs"
  fi
}

# npm brings the compiler of AssemblyScript, for a guest of the tests.
want_npm() {
  command -v npm >/dev/null && return 0
  [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null ||
    fail "npm is not on PATH; install it, for example: sudo apt-get install npm"
  say "installing npm (the compiler of another language, for the tests)"
  with_retries apt-get update -qq
  with_retries apt-get install -y -qq --no-install-recommends npm
}

# clang compiles a guest from C for the tests, with wasi-libc.
want_c_guests() {
  command -v clang >/dev/null && command -v wasm-ld >/dev/null && [ -f /usr/lib/wasm32-wasi/libc.a ] &&
    [ -f "$(clang --target=wasm32-wasi -print-libgcc-file-name)" ] && return 0
  local packages=(clang lld wasi-libc libclang-rt-dev-wasm32)
  [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null ||
    fail "no clang for wasm32-wasi; install it, for example: sudo apt-get install ${packages[*]}"
  say "installing clang for wasm32-wasi (guests from C, for the tests)"
  with_retries apt-get update -qq
  with_retries apt-get install -y -qq --no-install-recommends "${packages[@]}"
}

build_command() {
  say "building cargo-traverse (the first time takes 5 to 10 minutes: it carries a WebAssembly engine)"
  with_retries cargo fetch --locked
  cargo build --locked -p cargo-traverse
  PATH="$(target_dir)/debug:$PATH"
  export PATH
}

# Has cargo compile with the compiler of the guest toolchain, where that is not the active one.
use_guest_rustc() {
  local sysroot
  sysroot=$(cargo traverse toolchain show --message-format json | sed -n 's/.*"sysroot":"\([^"]*\)".*/\1/p')
  if [ -x "$sysroot/bin/rustc" ]; then
    export RUSTC="$sysroot/bin/rustc"
  fi
}

target_dir() {
  cargo metadata --locked --no-deps --format-version 1 | sed -n 's/.*"target_directory":"\([^"]*\)".*/\1/p'
}
