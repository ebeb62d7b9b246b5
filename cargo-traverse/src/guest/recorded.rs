//! What the manifest has recorded of the last build, held against this one (spec `PKG-47` and `PKG-48`).

use super::make::Module;
use crate::error::CommandError;
use crate::toolchain::{GuestToolchain, Progress};
use traverse_contract::package::Manifest;
use traverse_contract::spec::Text;

/// Says that another toolchain than the recorded one compiles.
///
/// # Errors
///
/// `toolchain-changed` where the build is `locked`.
pub(crate) fn check_toolchain(
    manifest: &Manifest,
    toolchain: &GuestToolchain,
    locked: bool,
    progress: &dyn Progress,
) -> Result<(), CommandError> {
    let Some(recorded) = &manifest.toolchain else { return Ok(()) };
    let differences: Vec<String> = [
        ("rustc", &recorded.rustc, &toolchain.rustc_version),
        ("the standard library", &recorded.target_std, &toolchain.target_std),
    ]
    .into_iter()
    .filter_map(|(what, recorded, now)| difference(what, recorded.as_ref(), now))
    .collect();
    if differences.is_empty() {
        return Ok(());
    }
    let words = differences.join("; ");
    if !locked {
        progress.warn(&format!(
            "another toolchain than the one that the manifest records: {words}; the module's digest will change"
        ));
        return Ok(());
    }
    Err(CommandError::new("toolchain-changed", "the toolchain is not the one that the manifest records")
        .note(words)
        .help("use the recorded toolchain, or build without `--locked` to record this one"))
}

fn difference(what: &str, recorded: Option<&Text>, now: &str) -> Option<String> {
    let recorded = recorded?;
    (recorded.value != now).then(|| format!("{what} was {}, is {now}", recorded.value))
}

/// A locked build must come to the recorded digests.
///
/// # Errors
///
/// `digest-changed`, with what else is not as it is recorded.
pub(crate) fn check_digests(manifest: &Manifest, module: &Module) -> Result<(), CommandError> {
    let recorded = |text: &Option<Text>| text.as_ref().map(|text| text.value.clone());
    let words = |what: &str, recorded: Option<String>, now: &str| match recorded {
        Some(recorded) if recorded == now => None,
        Some(recorded) => Some(format!("{what} was {recorded}, is {now}")),
        None => Some(format!("{what} is not recorded, is {now}")),
    };
    let reference = &manifest.capability_ref;
    let mut notes: Vec<String> = [
        words("the contract", recorded(&reference.contract_digest), &module.contract_digest),
        words("the module", recorded(&manifest.binary.digest), &module.digest),
    ]
    .into_iter()
    .flatten()
    .collect();
    if notes.is_empty() {
        return Ok(());
    }
    let sdk = manifest.toolchain.as_ref().and_then(|toolchain| toolchain.sdk.as_ref());
    notes.extend(difference("the SDK", sdk, &module.made.sdk));
    let mut error =
        CommandError::new("digest-changed", "this build is not the one that the manifest records");
    error.notes = notes;
    Err(error.help("`cargo traverse build` without `--locked` records it"))
}
