#!/bin/sh
# Compiles as cargo asks, and what is the project's own with the flags of the fuzzer (`TRAVERSE_FUZZ_FLAGS`): what steers it is
# which of the project's code ran, and the engine and its compiler take half as long to build and to run without.
case " $* " in
*" --crate-name traverse_"* | *" fuzz_targets/"*) exec "$@" $TRAVERSE_FUZZ_FLAGS ;;
*) exec "$@" ;;
esac
