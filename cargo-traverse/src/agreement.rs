//! Whether a manifest names the contract that lies beside it: `[capability_ref]` is exactly one approved contract.

use crate::guest::source;
use traverse_contract::package::Manifest;
use traverse_contract::{Contract, Diagnostic};

/// Where the manifest names another function than the one under `#[capability]` in its source; nothing where the source
/// cannot tell (spec `PKG-28`).
pub(crate) fn entry_disagreement(manifest: &Manifest, source: &str) -> Option<Diagnostic> {
    let functions = source::capabilities(source)?;
    let function = functions.first()?;
    (!functions.contains(&manifest.source.entry.value)).then(|| bad_entry(manifest, function))
}

/// The manifest names another function than the one under `#[capability]`.
pub(crate) fn bad_entry(manifest: &Manifest, function: &str) -> Diagnostic {
    let (path, entry) = (&manifest.source.path.value, &manifest.source.entry);
    let message = format!(
        "`source.entry` is `{}`, but the function under `#[capability]` in `{path}` is `{function}`",
        entry.value
    );
    let error = Diagnostic::error("manifest-bad-entry", message).at(entry.span, "");
    error.help(format!("write `entry = \"{function}\"`"))
}

/// Where the manifest names another contract than this one; places are in the manifest (spec `PKG-28`).
pub(crate) fn disagreements(manifest: &Manifest, contract: &Contract) -> Vec<Diagnostic> {
    let reference = &manifest.capability_ref;
    let capability = &contract.spec.capability;
    [
        ("manifest-id-mismatch", "id", "package_id", &manifest.package_id, &capability.id),
        ("manifest-id-mismatch", "id", "capability_ref.id", &reference.id, &capability.id),
        (
            "manifest-version-mismatch",
            "version",
            "capability_ref.version",
            &reference.version,
            &capability.version,
        ),
    ]
    .into_iter()
    .filter(|(_, _, _, named, approved)| named.value != approved.value)
    .map(|(code, what, key, named, approved)| {
        Diagnostic::error(
            code,
            format!("`{key}` is `{}`, but the contract's {} is `{}`", named.value, what, approved.value),
        )
        .at(named.span, "")
        .help(format!(
            "write `{} = \"{}\"`, or correct the contract",
            key.rsplit('.').next().unwrap_or(key),
            approved.value
        ))
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use traverse_contract::Source;

    fn source(name: &str, text: &str) -> Source {
        Source { name: name.to_owned(), text: text.to_owned() }
    }

    fn manifest(id: &str, version: &str) -> Source {
        source(
            "traverse.package.toml",
            &format!(
                "package_id = \"a.b\"\nversion = \"1.0.0\"\n[capability_ref]\nid = \"{id}\"\nversion = \"{version}\"\n\
                 contract_path = \"traverse.spec.toml\"\n[source]\npath = \"src/main.rs\"\nlanguage = \"rust\"\n\
                 entry = \"f\"\n[binary]\npath = \"artifacts/a.wasm\"\nformat = \"wasm32-wasip1\"\n"
            ),
        )
    }

    fn contract() -> Contract {
        let spec = source(
            "traverse.spec.toml",
            "[capability]\nid = \"a.b\"\nversion = \"1.0.0\"\nruntime = \"wasm32-wasip1\"\n\
             [contract]\npreconditions = [\"x > 0\"]\npostconditions = [\"result.y is bool\"]\n",
        );
        Contract::from_toml(&spec).unwrap()
    }

    fn disagreeing(id: &str, version: &str) -> Vec<String> {
        let manifest = manifest(id, version);
        let diagnostics = disagreements(&Manifest::from_toml(&manifest).unwrap(), &contract());
        diagnostics.iter().map(|diagnostic| diagnostic.render(&manifest)).collect()
    }

    /// spec: PKG-28
    #[test]
    fn the_manifest_names_the_contract_beside_it() {
        assert!(disagreeing("a.b", "1.0.0").is_empty());
        let both = disagreeing("a.c", "1.0.1");
        assert_eq!(both.len(), 2);
        assert!(
            both[0].contains("`capability_ref.id` is `a.c`, but the contract's id is `a.b`"),
            "{}",
            both[0]
        );
        assert!(both[0].contains("traverse.package.toml:4:6"), "{}", both[0]);
        assert!(both[1].contains("write `version = \"1.0.0\"`"), "{}", both[1]);
    }

    /// spec: PKG-28
    #[test]
    fn the_package_has_the_contracts_id_and_the_entry_is_the_capability() {
        let manifest = manifest("a.b", "1.0.0");
        let text = manifest.text.replacen("a.b", "a.c", 1);
        let spoiled = Source { text, ..manifest.clone() };
        let found = disagreements(&Manifest::from_toml(&spoiled).unwrap(), &contract());
        let shown: Vec<String> = found.iter().map(|diagnostic| diagnostic.render(&spoiled)).collect();
        assert_eq!(shown.len(), 1, "{shown:?}");
        assert!(shown[0].contains("`package_id` is `a.c`, but the contract's id is `a.b`"), "{}", shown[0]);
        assert!(shown[0].contains("traverse.package.toml:1:14"), "{}", shown[0]);

        let parsed = Manifest::from_toml(&manifest).unwrap();
        assert_eq!(entry_disagreement(&parsed, "#[capability] fn f() {}"), None);
        assert_eq!(entry_disagreement(&parsed, "fn main() {}"), None);
        let shown = entry_disagreement(&parsed, "#[capability] fn g() {}").unwrap().render(&manifest);
        assert!(shown.contains("`source.entry` is `f`, but the function under `#[capability]`"), "{shown}");
        assert!(shown.contains("traverse.package.toml:10:9") && shown.contains("`entry = \"g\"`"), "{shown}");
    }
}
