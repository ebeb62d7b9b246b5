//! What a project has so that editors complete and check its two files: their JSON Schemas, and a note for Taplo (the
//! language server of TOML) of which file goes with which.

use traverse_contract::package::{MANIFEST_FILE, SPEC_FILE};

/// Of `traverse.spec.toml`.
pub(crate) const SPEC_SCHEMA: &str = include_str!("../../specs/json-schema/traverse.spec.schema.json");
/// Of `traverse.package.toml`.
pub(crate) const PACKAGE_SCHEMA: &str = include_str!("../../specs/json-schema/traverse.package.schema.json");

/// The files, by their path in the project.
pub(crate) fn files() -> [(String, Vec<u8>); 3] {
    let schema = |name: &str| format!(".traverse/{name}");
    let (spec, package) = (schema("spec.schema.json"), schema("package.schema.json"));
    let taplo = format!(
        "# Editors that use Taplo complete and check the contract and the manifest.\n\n\
         [[rule]]\ninclude = [\"**/{SPEC_FILE}\"]\n\n[rule.schema]\npath    = \"{spec}\"\nenabled = true\n\n\
         [[rule]]\ninclude = [\"**/{MANIFEST_FILE}\"]\n\n[rule.schema]\npath    = \"{package}\"\nenabled = true\n"
    );
    [
        (".taplo.toml".to_owned(), taplo.into_bytes()),
        (spec, SPEC_SCHEMA.as_bytes().to_vec()),
        (package, PACKAGE_SCHEMA.as_bytes().to_vec()),
    ]
}
