//! What users of the command see: the real binary on packages whose modules are written by hand, so that no guest has
//! to be compiled.

mod arguments;
mod cache;
mod change;
mod check;
mod eval;
mod explain;
mod fmt;
mod inspect;
mod package;
mod run;
mod size;
mod test;
mod test_reports;
