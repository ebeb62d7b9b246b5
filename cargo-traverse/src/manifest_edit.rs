//! Writing into `traverse.package.toml`: only the values that `build` owns, every comment and the order kept (spec
//! `PKG-27`).

use toml_edit::{DocumentMut, Item, Table, TableLike, Value};

/// What `build` writes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct BuildFacts<'a> {
    /// `[capability_ref] contract_digest`
    pub(crate) contract_digest: &'a str,
    /// `[source] digest`
    pub(crate) source_digest: &'a str,
    /// `[binary] digest`
    pub(crate) digest: &'a str,
    /// `[binary] bytes`
    pub(crate) bytes: usize,
    /// `[toolchain] rustc`
    pub(crate) rustc: &'a str,
    /// `[toolchain] target_std`
    pub(crate) target_std: &'a str,
    /// `[toolchain] sdk`
    pub(crate) sdk: &'a str,
}

/// The manifest with the values of a build; the same text where they stand in it already.
///
/// # Errors
///
/// What is wrong, where the text is not TOML or a section is no table.
pub(crate) fn with_build_facts(manifest: &str, facts: &BuildFacts<'_>) -> Result<String, String> {
    edit(manifest, |document| {
        set(document, "capability_ref", "contract_digest", facts.contract_digest.into())?;
        set(document, "source", "digest", facts.source_digest.into())?;
        set(document, "binary", "digest", facts.digest.into())?;
        let bytes = i64::try_from(facts.bytes).map_err(|_| "the artifact is too large".to_owned())?;
        set(document, "binary", "bytes", bytes.into())?;
        set(document, "toolchain", "rustc", facts.rustc.into())?;
        set(document, "toolchain", "target_std", facts.target_std.into())?;
        set(document, "toolchain", "sdk", facts.sdk.into())
    })
}

/// The manifest of a template, for a project of another name: where its artifact goes.
///
/// # Errors
///
/// As [`with_build_facts`].
pub(crate) fn with_artifact(manifest: &str, path: &str) -> Result<String, String> {
    edit(manifest, |document| set(document, "binary", "path", path.into()))
}

fn edit(
    manifest: &str,
    change: impl FnOnce(&mut DocumentMut) -> Result<(), String>,
) -> Result<String, String> {
    let mut document: DocumentMut =
        manifest.parse().map_err(|error: toml_edit::TomlError| error.to_string())?;
    change(&mut document)?;
    Ok(document.to_string())
}

/// Sets `[section] key`, made where it is missing; a comment behind the old value stays.
fn set(document: &mut DocumentMut, section: &str, key: &str, mut value: Value) -> Result<(), String> {
    let table = section_mut(document, section)?;
    match table.get_mut(key).and_then(Item::as_value_mut) {
        Some(old) => {
            if !same(old, &value) {
                *value.decor_mut() = old.decor().clone();
                *old = value;
            }
        }
        None => {
            let width = aligned_width(table);
            table.insert(key, Item::Value(value));
            if let (Some(width), Some(mut key)) = (width, table.key_mut(key))
                && key.get().len() < width
            {
                let space = " ".repeat(width - key.get().len() + 1);
                key.leaf_decor_mut().set_suffix(space);
            }
        }
    }
    Ok(())
}

fn section_mut<'a>(document: &'a mut DocumentMut, section: &str) -> Result<&'a mut dyn TableLike, String> {
    let last = document.iter().filter_map(|(_, item)| item.as_table().and_then(Table::position)).max();
    let item = document.entry(section).or_insert_with(|| {
        let mut table = Table::new();
        table.decor_mut().set_prefix("\n");
        // Behind every section that is there.
        table.set_position(last.map(|position| position + 1));
        Item::Table(table)
    });
    item.as_table_like_mut().ok_or_else(|| format!("`{section}` is not a table"))
}

/// Where the author lined up the equals signs of a section, the width of its keys.
fn aligned_width(table: &dyn TableLike) -> Option<usize> {
    let mut widths = table.iter().filter_map(|(name, _)| {
        let suffix = table.key(name)?.leaf_decor().suffix()?.as_str()?;
        Some((name.len() + suffix.len(), suffix.len()))
    });
    let (first, mut widest_suffix) = widths.next()?;
    for (width, suffix) in widths {
        if width != first {
            return None;
        }
        widest_suffix = widest_suffix.max(suffix);
    }
    (widest_suffix > 1).then(|| first - 1)
}

fn same(old: &Value, new: &Value) -> bool {
    match (old, new) {
        (Value::String(old), Value::String(new)) => old.value() == new.value(),
        (Value::Integer(old), Value::Integer(new)) => old.value() == new.value(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FACTS: BuildFacts<'_> = BuildFacts {
        contract_digest: "sha256:c0",
        source_digest: "sha256:50",
        digest: "sha256:d1",
        bytes: 23014,
        rustc: "1.96.0 (ac68faa20 2026-05-25)",
        target_std: "sha256:e2",
        sdk: "0.1.0",
    };

    const AUTHORED: &str = "\
# the package
package_id = \"pricing.eligibility-check\"   # never changes

[capability_ref]            # exactly one approved contract
id            = \"pricing.eligibility-check\"
contract_path = \"traverse.spec.toml\"

[source]
entry = \"check\"

[binary]
path   = \"artifacts/eligibility.wasm\"
digest = 'sha256:old'       # written by build
format = \"wasm32-wasip1\"

[constraints] # nothing
host_api_access = \"none\"
# the end
";

    /// spec: PKG-27
    #[test]
    fn comments_order_and_alignment_stay() {
        let written = with_build_facts(AUTHORED, &FACTS).unwrap();
        assert_eq!(
            written,
            "\
# the package
package_id = \"pricing.eligibility-check\"   # never changes

[capability_ref]            # exactly one approved contract
id            = \"pricing.eligibility-check\"
contract_path = \"traverse.spec.toml\"
contract_digest = \"sha256:c0\"

[source]
entry = \"check\"
digest = \"sha256:50\"

[binary]
path   = \"artifacts/eligibility.wasm\"
digest = \"sha256:d1\"       # written by build
format = \"wasm32-wasip1\"
bytes  = 23014

[constraints] # nothing
host_api_access = \"none\"

[toolchain]
rustc = \"1.96.0 (ac68faa20 2026-05-25)\"
target_std = \"sha256:e2\"
sdk = \"0.1.0\"
# the end
"
        );
    }

    /// spec: PKG-27
    #[test]
    fn a_second_write_of_the_same_facts_changes_nothing() {
        let once = with_build_facts(AUTHORED, &FACTS).unwrap();
        assert_eq!(with_build_facts(&once, &FACTS).unwrap(), once);
        // An author's own spelling of the same value is left alone.
        let literal = once.replace("\"sha256:d1\"", "'sha256:d1'").replace("23014", "23_014");
        assert_eq!(with_build_facts(&literal, &FACTS).unwrap(), literal);
    }

    #[test]
    fn what_is_no_table_is_an_error() {
        assert_eq!(with_build_facts("binary = 3\n", &FACTS).unwrap_err(), "`binary` is not a table");
        assert!(with_build_facts("[binary\n", &FACTS).is_err());
    }

    #[test]
    fn the_artifact_follows_the_name() {
        let written = with_artifact(AUTHORED, "artifacts/other.wasm").unwrap();
        assert_eq!(written, AUTHORED.replace("artifacts/eligibility.wasm", "artifacts/other.wasm"));
    }
}
