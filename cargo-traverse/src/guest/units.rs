//! The crates that cargo compiled for a module: what they are known by, and where they lie.

use super::TARGET;
use super::compile::CargoPackage;
use crate::toolchain::Progress;
use cargo_metadata::{Artifact, TargetKind};
use std::collections::BTreeSet;
use std::path::PathBuf;
use traverse_contract::canonical;

/// A crate with its version and features.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Unit {
    /// The crate's name.
    pub(crate) name: String,
    /// The package's name.
    pub(crate) package: String,
    /// `1.2.3`
    pub(crate) version: String,
    /// Sorted.
    pub(crate) features: Vec<String>,
    /// Whether it is compiled for the module, and not for the host.
    pub(crate) is_of_module: bool,
    /// Whether it runs during the build: a build script or a crate of macros.
    pub(crate) runs_in_build: bool,
}

/// The digest of what was compiled: a line `NAME VERSION FEATURE,…` for each crate, sorted.
pub(crate) fn units_digest(units: &[Unit]) -> String {
    let mut lines: Vec<String> = units
        .iter()
        // What runs during the build is another on every host.
        .filter(|unit| unit.is_of_module)
        .map(|unit| format!("{} {} {}\n", unit.name, unit.version, unit.features.join(",")))
        .collect();
    lines.sort();
    lines.dedup();
    canonical::sha256(lines.concat().as_bytes())
}

pub(super) fn unit_of(artifact: &Artifact, package: &CargoPackage) -> Unit {
    let for_module = package.target_folder.join(TARGET);
    // `registry+https://…#name@1.2.3`, or `path+file:///…/name#1.2.3`.
    let id = &artifact.package_id.repr;
    let after = id.rsplit_once('#').map_or("", |(_, after)| after);
    let (name, version) = match after.rsplit_once('@') {
        Some((name, version)) => (name, version),
        None => (id.rsplit_once('#').and_then(|(path, _)| path.rsplit('/').next()).unwrap_or(""), after),
    };
    let mut features = artifact.features.clone();
    features.sort();
    Unit {
        name: artifact.target.name.clone(),
        package: name.to_owned(),
        version: version.to_owned(),
        features,
        is_of_module: artifact.filenames.iter().any(|file| file.as_std_path().starts_with(&for_module)),
        runs_in_build: artifact
            .target
            .kind
            .iter()
            .any(|kind| matches!(kind, TargetKind::ProcMacro | TargetKind::CustomBuild)),
    }
}

/// Says once of each dependency by path that whoever has the package alone does not have it.
pub(super) fn warn_of_outside(
    artifact: &Artifact,
    package: &CargoPackage,
    told: &mut BTreeSet<PathBuf>,
    progress: &dyn Progress,
) {
    let manifest = artifact.manifest_path.as_std_path();
    let is_path = artifact.package_id.repr.starts_with("path+");
    if is_path && !manifest.starts_with(&package.workspace_root) && told.insert(manifest.to_owned()) {
        progress.warn(&format!(
            "the dependency `{}` lies outside of the package ({}): nobody can rebuild the module from the package alone",
            artifact.target.name,
            manifest.parent().unwrap_or(manifest).display()
        ));
    }
}
