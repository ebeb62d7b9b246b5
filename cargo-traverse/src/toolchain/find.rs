//! Finding a guest toolchain. Nothing is changed and nothing is downloaded.

use super::data::DataFolder;
use super::{Choice, GuestToolchain, Origin, library};
use crate::error::CommandError;
use crate::guest::TARGET;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The toolchain that cargo uses in a folder, with or without the target.
#[derive(Debug)]
pub(crate) struct ActiveToolchain {
    /// The `cargo` to run.
    pub(crate) cargo: OsString,
    /// The `rustc` that answered.
    pub(crate) rustc: OsString,
    /// The compiler's root folder.
    pub(crate) sysroot: PathBuf,
    /// Where the standard library of the target is or would be.
    pub(crate) target_libdir: PathBuf,
}

impl ActiveToolchain {
    /// Whether it can compile guests.
    pub(crate) fn has_target(&self) -> bool {
        library::has_library(&self.target_libdir)
    }
}

/// The guest toolchain for packages in `folder`, if there is one.
///
/// # Errors
///
/// `toolchain-broken` where one is there but does not answer.
pub(crate) fn find(
    choice: Choice,
    data: &DataFolder,
    folder: &Path,
) -> Result<Option<GuestToolchain>, CommandError> {
    if choice != Choice::Debian
        && let Some(active) = find_active(folder)
        && active.has_target()
    {
        return describe_active(active, data).map(Some);
    }
    if choice == Choice::Rustup { Ok(None) } else { find_debian(data) }
}

/// The toolchain that cargo uses in `folder`; `None` where there is none that runs.
///
/// Where cargo started this command, that very cargo and the `rustc` beside it are taken.
pub(crate) fn find_active(folder: &Path) -> Option<ActiveToolchain> {
    let set = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
    let cargo = set("CARGO").unwrap_or_else(|| "cargo".into());
    let beside = Path::new(&cargo).with_file_name("rustc");
    let rustc = set("RUSTC").unwrap_or_else(|| {
        if beside.is_absolute() && beside.is_file() { beside.into_os_string() } else { "rustc".into() }
    });
    let output = Command::new(&rustc)
        .args(["--print", "sysroot", "--print", "target-libdir", "--target", TARGET])
        .current_dir(folder)
        .output()
        .ok()
        .filter(|output| output.status.success())?;
    let text = String::from_utf8(output.stdout).ok()?;
    let mut lines = text.lines().map(PathBuf::from);
    let (sysroot, target_libdir) = (lines.next()?, lines.next()?);
    Some(ActiveToolchain { cargo, rustc, sysroot, target_libdir })
}

pub(super) fn describe_active(
    active: ActiveToolchain,
    data: &DataFolder,
) -> Result<GuestToolchain, CommandError> {
    let own = active.sysroot.join("bin").join("rustc");
    let rustc = if own.is_file() { own.clone().into_os_string() } else { active.rustc.clone() };
    // A compiler that lies elsewhere is known by its library alone.
    let rustc_file = if own.is_file() { own } else { active.target_libdir.clone() };
    let facts = library::facts(data, &rustc, &rustc_file, &active.target_libdir)?;
    Ok(GuestToolchain {
        origin: Origin::Active,
        cargo: active.cargo,
        rustc: None,
        rustc_version: facts.rustc_version,
        rustc_commit: facts.rustc_commit,
        sysroot: active.sysroot,
        target_libdir: active.target_libdir,
        target_std: facts.target_std,
    })
}

/// The command's own toolchain. One whose compiler the system has since replaced does not count: its library would not
/// be read.
pub(crate) fn find_debian(data: &DataFolder) -> Result<Option<GuestToolchain>, CommandError> {
    let root = data.debian_toolchain();
    let target_libdir = root.join("lib/rustlib").join(TARGET).join("lib");
    let (rustc, cargo) = (root.join("bin/rustc"), root.join("bin/cargo"));
    let compiler = Path::new(super::debian::RUSTC);
    if !library::has_library(&target_libdir) || !rustc.is_file() || !cargo.is_file() || !compiler.is_file() {
        return Ok(None);
    }
    let facts = library::facts(data, rustc.as_os_str(), compiler, &target_libdir)?;
    let made_by = std::fs::read_to_string(root.join(super::debian::MADE_BY)).unwrap_or_default();
    if made_by.trim() != facts.rustc_version {
        return Ok(None);
    }
    Ok(Some(GuestToolchain {
        origin: Origin::Debian,
        cargo: cargo.into_os_string(),
        rustc: Some(rustc),
        rustc_version: facts.rustc_version,
        rustc_commit: facts.rustc_commit,
        sysroot: root,
        target_libdir,
        target_std: facts.target_std,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn active(libdir: &Path) -> ActiveToolchain {
        ActiveToolchain {
            cargo: "cargo".into(),
            rustc: "rustc".into(),
            sysroot: libdir.to_owned(),
            target_libdir: libdir.to_owned(),
        }
    }

    /// spec: PKG-30
    #[test]
    fn a_toolchain_counts_if_it_has_the_targets_library() {
        let folder = tempfile::tempdir().unwrap();
        assert!(!active(&folder.path().join("absent")).has_target());
        assert!(!active(folder.path()).has_target());
        for name in ["libcore-1.rlib", "libstd-1.rlib"] {
            std::fs::write(folder.path().join(name), "").unwrap();
        }
        assert!(active(folder.path()).has_target());
    }

    /// spec: PKG-30
    #[test]
    fn the_active_toolchain_is_asked_and_not_guessed() {
        let active = find_active(Path::new(env!("CARGO_MANIFEST_DIR"))).unwrap();
        assert!(active.sysroot.is_dir());
        assert!(active.target_libdir.ends_with(Path::new(TARGET).join("lib")), "{active:?}");
    }
}
