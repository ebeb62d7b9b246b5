//! Whether a manifest names the contract that lies beside it: `[capability_ref]` is exactly one approved contract.

use traverse_contract::package::Manifest;
use traverse_contract::{Contract, Diagnostic};

/// Where the manifest names another contract than this one; places are in the manifest (spec `PKG-28`).
pub(crate) fn disagreements(manifest: &Manifest, contract: &Contract) -> Vec<Diagnostic> {
    let reference = &manifest.capability_ref;
    let capability = &contract.spec.capability;
    [
        ("manifest-id-mismatch", "id", &reference.id, &capability.id),
        ("manifest-version-mismatch", "version", &reference.version, &capability.version),
    ]
    .into_iter()
    .filter(|(_, _, named, approved)| named.value != approved.value)
    .map(|(code, key, named, approved)| {
        Diagnostic::error(
            code,
            format!(
                "`capability_ref.{key}` is `{}`, but the contract's is `{}`",
                named.value, approved.value
            ),
        )
        .at(named.span, "")
        .help(format!("write `{key} = \"{}\"`, or correct the contract", approved.value))
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

    fn disagreeing(id: &str, version: &str) -> Vec<String> {
        let manifest = source(
            "traverse.package.toml",
            &format!(
                "package_id = \"a.b\"\nversion = \"1.0.0\"\n[capability_ref]\nid = \"{id}\"\nversion = \"{version}\"\n\
                 contract_path = \"traverse.spec.toml\"\n[source]\npath = \"src/main.rs\"\nlanguage = \"rust\"\n\
                 entry = \"f\"\n[binary]\npath = \"artifacts/a.wasm\"\nformat = \"wasm32-wasip1\"\n"
            ),
        );
        let spec = source(
            "traverse.spec.toml",
            "[capability]\nid = \"a.b\"\nversion = \"1.0.0\"\nruntime = \"wasm32-wasip1\"\n\
             [contract]\npreconditions = [\"x > 0\"]\npostconditions = [\"result.y is bool\"]\n",
        );
        let contract = Contract::from_toml(&spec).unwrap();
        let diagnostics = disagreements(&Manifest::from_toml(&manifest).unwrap(), &contract);
        diagnostics.iter().map(|diagnostic| diagnostic.render(&manifest)).collect()
    }

    /// spec: PKG-28
    #[test]
    fn the_manifest_names_the_contract_beside_it() {
        assert!(disagreeing("a.b", "1.0.0").is_empty());
        let both = disagreeing("a.c", "1.0.1");
        assert_eq!(both.len(), 2);
        assert!(both[0].contains("`capability_ref.id` is `a.c`, but the contract's is `a.b`"), "{}", both[0]);
        assert!(both[0].contains("traverse.package.toml:4:6"), "{}", both[0]);
        assert!(both[1].contains("write `version = \"1.0.0\"`"), "{}", both[1]);
    }
}
