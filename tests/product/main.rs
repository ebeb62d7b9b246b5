//! The whole product as a user meets it: new → build → test → run, on real WebAssembly.

mod author_errors;
mod belong;
mod change_control;
mod closed;
mod debug;
mod determinism;
mod documents;
mod faults;
mod foreign;
mod hostile_guest;
mod input;
mod native;
mod origin;
mod other_hosts;
mod package_errors;
mod small;
mod templates;
mod testing;
mod verify;
mod warnings;
mod whole_way;
