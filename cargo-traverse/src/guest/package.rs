//! What a module says about itself: the sections `traverse.contract` and `traverse.package` (spec `PKG-25`).

use traverse_contract::canonical;
use traverse_contract::package::{CONTRACT_SECTION, PACKAGE_SECTION};

/// What made a module; with id and version, the section `traverse.package`.
#[derive(Debug, Clone)]
pub(crate) struct Made {
    /// Version of `traverse-sdk` in the package's lock file.
    pub(crate) sdk: String,
    /// `1.96.0 (ac68faa20 2026-05-25)`.
    pub(crate) rustc: String,
    /// Digest of the standard library that was linked: `sha256:…`.
    pub(crate) target_std: String,
    /// Digest of the crates that were compiled, their versions and features: `sha256:…`.
    pub(crate) crates: String,
}

/// The JSON of the section `traverse.package`, canonical: no digest of itself, no path, no time.
pub(crate) fn package_json(id: &str, version: &str, made: &Made) -> String {
    canonical::canonical(&serde_json::json!({
        "id": id,
        "version": version,
        "sdk": made.sdk,
        "rustc": made.rustc,
        "target_std": made.target_std,
        "crates": made.crates,
        "built_by": concat!("cargo-traverse ", env!("CARGO_PKG_VERSION")),
    }))
}

/// Appends the two sections to a module.
pub(crate) fn append_sections(module: &mut Vec<u8>, contract_json: &str, package_json: &str) {
    append_section(module, CONTRACT_SECTION, contract_json.as_bytes());
    append_section(module, PACKAGE_SECTION, package_json.as_bytes());
}

/// A custom section: id 0, size, name with its length, payload.
fn append_section(module: &mut Vec<u8>, name: &str, payload: &[u8]) {
    let mut body = Vec::with_capacity(name.len() + payload.len() + 2);
    append_leb128(&mut body, name.len());
    body.extend_from_slice(name.as_bytes());
    body.extend_from_slice(payload);
    module.push(0);
    append_leb128(module, body.len());
    module.extend_from_slice(&body);
}

/// An unsigned number in the binary format's variable length.
fn append_leb128(bytes: &mut Vec<u8>, mut number: usize) {
    loop {
        let low = (number & 0x7f) as u8;
        number >>= 7;
        if number == 0 {
            bytes.push(low);
            return;
        }
        bytes.push(low | 0x80);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sections_of_any_length_are_read_back() {
        // spec: PKG-25
        for length in [0, 1, 127, 128, 20_000] {
            let mut module = wat::parse_str("(module)").unwrap();
            let contract = "x".repeat(length);
            append_sections(&mut module, &contract, "{}");
            let sections: Vec<(String, Vec<u8>)> = wasmparser::Parser::new(0)
                .parse_all(&module)
                .filter_map(|payload| match payload.unwrap() {
                    wasmparser::Payload::CustomSection(section) => {
                        Some((section.name().to_owned(), section.data().to_vec()))
                    }
                    _ => None,
                })
                .collect();
            assert_eq!(
                sections,
                [
                    ("traverse.contract".to_owned(), contract.into_bytes()),
                    ("traverse.package".to_owned(), b"{}".to_vec())
                ]
            );
        }
    }
}
