//! What a `.wasm` file says of itself, read from its bytes alone. The module is never compiled and never run.

use crate::engine::{EMPTY_FUNCTIONS, WASI_FUNCTIONS, WASI_MODULE};
use crate::error::Error;
use crate::runtime::read_artifact;
use serde::{Deserialize, Serialize};
use std::path::Path;
use traverse_contract::canonical;
use traverse_contract::package::{
    CONTRACT_SECTION, MAX_CONTRACT_BYTES, MAX_PACKAGE_SECTION_BYTES, PACKAGE_SECTION,
};
use wasmparser::{Encoding, Parser, Payload, TypeRef, Validator, WasmFeatures};

/// The facts of a module, from its bytes alone.
///
/// ```json
/// {
///   "digest": "sha256:9f86…", "bytes": 23014,
///   "imports": ["wasi_snapshot_preview1.fd_read"],
///   "exports": ["memory", "_start"],
///   "functions": 61, "code_bytes": 17320, "data_bytes": 2210,
///   "memories": [{"initial_bytes": 262144, "maximum_bytes": null}],
///   "custom_sections": [{"name": "traverse.contract", "bytes": 911}],
///   "contract_json": "{\"capability\":…}",
///   "package": {"id": "pricing.eligibility-check", "version": "1.2.0", …}
/// }
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ModuleFacts {
    /// `sha256:` and 64 hexadecimal digits, of the whole file.
    pub digest: String,
    /// Size of the file.
    pub bytes: u64,
    /// Every import as `module.name`, sorted.
    pub imports: Vec<String>,
    /// Those of [`imports`](Self::imports) that a capability may not have, sorted. A module with any is not run, but for one without
    /// a contract of its own that only asks what there is besides (spec RUN-21).
    pub forbidden_imports: Vec<String>,
    /// The names of the exports, in the module's order.
    pub exports: Vec<String>,
    /// Functions with a body.
    pub functions: u32,
    /// Size of the code section.
    pub code_bytes: u64,
    /// Size of the data section.
    pub data_bytes: u64,
    /// The module's own memories.
    pub memories: Vec<MemoryFacts>,
    /// Every custom section, in the module's order.
    pub custom_sections: Vec<CustomSection>,
    /// The text of the section `traverse.contract`; canonical JSON if `build` wrote it.
    pub contract_json: Option<String>,
    /// What the section `traverse.package` says.
    pub package: Option<PackageFacts>,
}

/// The size of a memory.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MemoryFacts {
    /// Bytes at the start.
    pub initial_bytes: u64,
    /// Bytes that it may grow to, if the module says so.
    pub maximum_bytes: Option<u64>,
}

/// A custom section.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CustomSection {
    /// Its name.
    pub name: String,
    /// Size of its content, in bytes.
    pub bytes: u64,
}

/// The section `traverse.package`: what was built, and with what. No digest of itself, no path, no time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PackageFacts {
    /// The capability's id.
    pub id: String,
    /// The capability's version.
    pub version: String,
    /// Version of the SDK.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sdk: Option<String>,
    /// Version of the compiler.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rustc: Option<String>,
    /// Digest of the target's standard library.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target_std: Option<String>,
    /// Digest of the crates that were compiled, their versions and features.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub crates: Option<String>,
    /// The command that built it, and its version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub built_by: Option<String>,
}

/// Reads the facts of a module.
///
/// The order and shape of every section is checked, the bodies of functions are not: that is left to the compiler.
///
/// # Errors
///
/// [`Error::ArtifactNotWasm`] if the bytes are not a whole core module; [`Error::ContractInvalid`] if one of the
/// sections `traverse.contract` and `traverse.package` is there twice, is too large or is not text (spec RUN-4). A module that carries
/// neither is no error here.
///
/// # Examples
///
/// ```
/// let empty = b"\0asm\x01\0\0\0";
/// let facts = traverse_runtime::module::inspect(empty)?;
/// assert_eq!(facts.bytes, 8);
/// assert_eq!(facts.contract_json, None);
/// # Ok::<(), traverse_runtime::Error>(())
/// ```
pub fn inspect(bytes: &[u8]) -> Result<ModuleFacts, Error> {
    check_magic(bytes)?;
    let mut facts = ModuleFacts {
        digest: canonical::sha256(bytes),
        bytes: bytes.len() as u64,
        imports: Vec::new(),
        forbidden_imports: Vec::new(),
        exports: Vec::new(),
        functions: 0,
        code_bytes: 0,
        data_bytes: 0,
        memories: Vec::new(),
        custom_sections: Vec::new(),
        contract_json: None,
        package: None,
    };
    let mut validator = Validator::new_with_features(WasmFeatures::all());
    for payload in Parser::new(0).parse_all(bytes) {
        let payload = payload.map_err(not_wasm)?;
        validator.payload(&payload).map_err(not_wasm)?;
        read_payload(&mut facts, payload)?;
    }
    facts.imports.sort_unstable();
    facts.forbidden_imports.sort_unstable();
    Ok(facts)
}

/// Reads the facts of the module in a file. Its errors name the file.
///
/// # Errors
///
/// [`Error::ArtifactMissing`] and [`Error::ArtifactUnreadable`], which is also every path to what is not a regular file;
/// and those of [`inspect`].
pub fn inspect_file(path: &Path) -> Result<ModuleFacts, Error> {
    inspect(&read_artifact(path)?).map_err(|error| error.in_file(path))
}

/// Tells the commonest mistakes apart, which a parser would call `bad magic number`.
fn check_magic(bytes: &[u8]) -> Result<(), Error> {
    let reason = if bytes.is_empty() {
        "the file is empty"
    } else if !b"\0asm".starts_with(&bytes[..bytes.len().min(4)]) {
        "it does not start with `\\0asm`"
    } else if bytes.len() < 8 {
        "it is cut short in its first 8 bytes"
    } else if Parser::is_component(bytes) {
        "it is a component, and a capability is a core module"
    } else {
        return Ok(());
    };
    Err(Error::ArtifactNotWasm { path: None, reason: reason.into() })
}

fn not_wasm(error: wasmparser::BinaryReaderError) -> Error {
    Error::ArtifactNotWasm { path: None, reason: format!("{} at byte {}", error.message(), error.offset()) }
}

fn read_payload(facts: &mut ModuleFacts, payload: Payload<'_>) -> Result<(), Error> {
    match payload {
        Payload::Version { encoding: Encoding::Component, .. } => {
            return Err(Error::ArtifactNotWasm { path: None, reason: "it is a component".into() });
        }
        Payload::ImportSection(section) => {
            for import in section.into_imports() {
                let import = import.map_err(not_wasm)?;
                let name = format!("{}.{}", import.module, import.name);
                if !may_import(import.module, import.name, &import.ty) {
                    facts.forbidden_imports.push(name.clone());
                }
                facts.imports.push(name);
            }
        }
        Payload::ExportSection(section) => {
            for export in section {
                facts.exports.push(export.map_err(not_wasm)?.name.to_owned());
            }
        }
        Payload::MemorySection(section) => {
            for memory in section {
                let memory = memory.map_err(not_wasm)?;
                let page_bytes = 1u64.checked_shl(memory.page_size_log2.unwrap_or(16)).unwrap_or(u64::MAX);
                facts.memories.push(MemoryFacts {
                    initial_bytes: memory.initial.saturating_mul(page_bytes),
                    maximum_bytes: memory.maximum.map(|pages| pages.saturating_mul(page_bytes)),
                });
            }
        }
        Payload::CodeSectionStart { count, size, .. } => {
            facts.functions = count;
            facts.code_bytes = u64::from(size);
        }
        Payload::DataSection(section) => facts.data_bytes = section.range().len() as u64,
        Payload::CustomSection(section) => {
            let data = section.data();
            facts
                .custom_sections
                .push(CustomSection { name: section.name().to_owned(), bytes: data.len() as u64 });
            match section.name() {
                CONTRACT_SECTION => {
                    let json = section_text(
                        CONTRACT_SECTION,
                        facts.contract_json.is_some(),
                        data,
                        MAX_CONTRACT_BYTES,
                    )?;
                    facts.contract_json = Some(json.to_owned());
                }
                PACKAGE_SECTION => {
                    let json = section_text(
                        PACKAGE_SECTION,
                        facts.package.is_some(),
                        data,
                        MAX_PACKAGE_SECTION_BYTES,
                    )?;
                    let package = serde_json::from_str(json).map_err(|error| Error::ContractInvalid {
                        path: None,
                        reason: format!("custom section `{PACKAGE_SECTION}`: {error}"),
                    })?;
                    facts.package = Some(package);
                }
                _ => {}
            }
        }
        _ => {}
    }
    Ok(())
}

/// Whether a module of another tool may have this import, `module.name`, though a capability may not (spec RUN-21).
pub(crate) fn may_be_foreign(import: &str) -> bool {
    let function = import.strip_prefix(WASI_MODULE).and_then(|rest| rest.strip_prefix('.'));
    function.is_some_and(|function| EMPTY_FUNCTIONS.contains(&function))
}

fn may_import(module: &str, name: &str, ty: &TypeRef) -> bool {
    module == WASI_MODULE && WASI_FUNCTIONS.contains(&name) && matches!(ty, TypeRef::Func(_))
}

/// Two sections of one name would let two readers see two contracts. The size is checked before anything is parsed.
fn section_text<'a>(section: &str, seen: bool, data: &'a [u8], max_bytes: usize) -> Result<&'a str, Error> {
    if data.len() > max_bytes {
        return Err(Error::ContractInvalid {
            path: None,
            reason: format!("custom section `{section}` has {} bytes, and may have {max_bytes}", data.len()),
        });
    }
    if seen {
        return Err(Error::ContractInvalid {
            path: None,
            reason: format!("custom section `{section}` is there twice"),
        });
    }
    std::str::from_utf8(data).map_err(|error| Error::ContractInvalid {
        path: None,
        reason: format!("custom section `{section}` is not UTF-8 at byte {}", error.valid_up_to()),
    })
}

#[cfg(test)]
mod tests;
