//! The manifest, `traverse.package.toml` (spec `PKG`), and the names of the sections that a module carries.
//!
//! Reading only: `build` rewrites the values that it owns and keeps the rest as the author wrote it.

/// Custom section with the canonical JSON of the contract.
pub const CONTRACT_SECTION: &str = "traverse.contract";
/// Custom section with id, version and toolchain as JSON.
pub const PACKAGE_SECTION: &str = "traverse.package";
/// The spec's file name in a package.
pub const SPEC_FILE: &str = "traverse.spec.toml";
/// The manifest's file name in a package.
pub const MANIFEST_FILE: &str = "traverse.package.toml";
