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
