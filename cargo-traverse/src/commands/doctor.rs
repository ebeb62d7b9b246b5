//! `cargo traverse doctor`: each prerequisite, what was found, and the command that mends it.

use crate::args::DoctorArgs;
use crate::commands::Context;
use crate::error::CommandError;
use crate::exit::Exit;
use crate::guest::TARGET;
use crate::project::Project;
use crate::report::{Report, Screen, Style};
use crate::toolchain::data::DataFolder;
use crate::toolchain::{Choice, Origin, debian, find};
use serde::Serialize;
use std::path::{Path, PathBuf};
use std::process::Command;
use traverse_contract::package::MANIFEST_FILE;

/// Every prerequisite: `{ok, checks: [{name, status, found, mend?}]}`.
#[derive(Debug, Serialize)]
pub(crate) struct DoctorReport {
    ok: bool,
    checks: Vec<Check>,
}

/// One prerequisite.
#[derive(Debug, Serialize)]
struct Check {
    /// `rustc`, `cargo`, `target`, `linker`, `debian-packages`, `data-folder`, `package`.
    name: &'static str,
    status: Status,
    /// What is there, in words.
    found: String,
    /// The command or step that mends it.
    #[serde(skip_serializing_if = "Option::is_none")]
    mend: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
enum Status {
    /// Present.
    Ok,
    /// Not present, and `build` does without it or provides it.
    Optional,
    /// Not present, and `build` needs it.
    Missing,
}

impl Check {
    fn ok(name: &'static str, found: impl Into<String>) -> Self {
        Check { name, status: Status::Ok, found: found.into(), mend: None }
    }

    fn optional(name: &'static str, found: impl Into<String>, mend: Option<&str>) -> Self {
        Check { name, status: Status::Optional, found: found.into(), mend: mend.map(str::to_owned) }
    }

    fn missing(name: &'static str, found: impl Into<String>, mend: impl Into<String>) -> Self {
        Check { name, status: Status::Missing, found: found.into(), mend: Some(mend.into()) }
    }
}

impl Report for DoctorReport {
    fn render_human(&self, screen: &mut Screen) {
        for check in &self.checks {
            let mark = match check.status {
                Status::Ok => screen.paint(Style::Good, "ok     "),
                Status::Optional => screen.paint(Style::Warn, "note   "),
                Status::Missing => screen.paint(Style::Bad, "missing"),
            };
            screen.line(format!("{mark} {:<15} {}", check.name, check.found));
            if let Some(mend) = &check.mend {
                screen.line(format!("{:24}run: {mend}", ""));
            }
        }
        let missing = self.checks.iter().filter(|check| check.status == Status::Missing).count();
        screen.line("");
        screen.line(match missing {
            0 => "everything that `build` needs is there".to_owned(),
            1 => "1 prerequisite is missing".to_owned(),
            count => format!("{count} prerequisites are missing"),
        });
    }

    fn exit(&self) -> Exit {
        if self.ok { Exit::Success } else { Exit::Failure }
    }
}

/// Looks, and changes nothing but for a probe in the data folder.
///
/// # Errors
///
/// `package-not-found` where `--manifest-path` names nothing.
pub(crate) fn execute(_args: &DoctorArgs, context: &Context) -> Result<DoctorReport, CommandError> {
    let project = Project::locate(context.manifest_path.as_deref())?;
    let data = DataFolder::locate();
    let mut checks = check_compiler(&project.folder);
    checks.push(check_target(data.as_ref().ok(), &project.folder));
    checks.push(check_debian());
    checks.push(check_linker());
    checks.push(match &data {
        Ok(data) => check_data_folder(data),
        Err(error) => Check::missing("data-folder", &error.message, "export TRAVERSE_HOME=FOLDER"),
    });
    checks.push(check_package(&project));
    Ok(DoctorReport { ok: checks.iter().all(|check| check.status != Status::Missing), checks })
}

/// `rustc` and `cargo`. Without them a toolchain made from Debian's packages still builds, but no author works so.
fn check_compiler(folder: &Path) -> Vec<Check> {
    const MEND: &str = "curl --proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs | sh";
    let active = find::find_active(folder);
    let rustc = active.as_ref().and_then(|active| first_line(Command::new(&active.rustc).arg("-V"), folder));
    let cargo = active.as_ref().and_then(|active| first_line(Command::new(&active.cargo).arg("-V"), folder));
    [("rustc", rustc), ("cargo", cargo)]
        .into_iter()
        .map(|(name, found)| match found {
            Some(found) => Check::ok(name, found),
            None => Check::missing(name, "not found, or it does not run", MEND),
        })
        .collect()
}

fn check_target(data: Option<&DataFolder>, folder: &Path) -> Check {
    const MEND: &str = "cargo traverse toolchain install";
    let found = match (Choice::from_environment(), data) {
        (Ok(choice), Some(data)) => find::find(choice, data, folder),
        (Err(error), _) => Err(error),
        (_, None) => return Check::missing("target", "not looked for: there is no data folder", MEND),
    };
    match found {
        Ok(Some(toolchain)) => {
            let origin = match toolchain.origin {
                Origin::Active => "in the active toolchain",
                Origin::Debian => "made from Debian's packages",
            };
            Check::ok("target", format!("{TARGET} {origin}, rustc {}", toolchain.rustc_version))
        }
        Ok(None) => Check::missing("target", format!("no toolchain with {TARGET}"), MEND),
        Err(error) => Check::missing("target", error.message, MEND),
    }
}

fn check_debian() -> Check {
    match debian::obstacle() {
        None => Check::ok("debian-packages", "can provide the target where rustup cannot"),
        Some(obstacle) => {
            Check::optional("debian-packages", format!("cannot provide the target: {obstacle}"), None)
        }
    }
}

/// What links the macros and build scripts of a capability, which run on this machine.
fn check_linker() -> Check {
    match first_line(Command::new("cc").arg("--version"), Path::new(".")) {
        Some(found) => Check::ok("linker", found),
        None => Check::missing("linker", "there is no `cc`", linker_mend()),
    }
}

fn linker_mend() -> &'static str {
    if cfg!(target_os = "macos") { "xcode-select --install" } else { "apt-get install gcc libc6-dev" }
}

/// The folder, or the nearest above it that is there, takes a file.
fn check_data_folder(data: &DataFolder) -> Check {
    let folder = data.path();
    let there: Option<PathBuf> = folder.ancestors().find(|path| path.is_dir()).map(Path::to_owned);
    let writable = there.is_some_and(|there| tempfile::tempfile_in(there).is_ok());
    if writable {
        Check::ok("data-folder", folder.display().to_string())
    } else {
        Check::missing(
            "data-folder",
            format!("{} cannot be written", folder.display()),
            "export TRAVERSE_HOME=FOLDER, one that you may write",
        )
    }
}

fn check_package(project: &Project) -> Check {
    let folder = project.folder.display();
    if !project.path(MANIFEST_FILE).exists() {
        return Check::optional("package", format!("none in `{folder}`"), Some("cargo traverse new NAME"));
    }
    match project.manifest() {
        Ok(manifest) => {
            Check::ok("package", format!("{} {}", manifest.package_id.value, manifest.version.value))
        }
        Err(error) => Check::missing("package", error.message, "cargo traverse check"),
    }
}

fn first_line(command: &mut Command, folder: &Path) -> Option<String> {
    let output = command.current_dir(folder).output().ok().filter(|output| output.status.success())?;
    String::from_utf8_lossy(&output.stdout).lines().next().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(checks: Vec<Check>) -> DoctorReport {
        DoctorReport { ok: checks.iter().all(|check| check.status != Status::Missing), checks }
    }

    /// spec: PKG-45
    #[test]
    fn only_what_is_missing_fails() {
        let good =
            report(vec![Check::ok("rustc", "rustc 1.96.0"), Check::optional("package", "none", Some("new"))]);
        assert_eq!(good.exit(), Exit::Success);
        let bad = report(vec![Check::missing("linker", "there is no `cc`", "apt-get install gcc libc6-dev")]);
        assert_eq!(bad.exit(), Exit::Failure);
        assert_eq!(
            serde_json::to_string(&bad).unwrap(),
            "{\"ok\":false,\"checks\":[{\"name\":\"linker\",\"status\":\"missing\",\
             \"found\":\"there is no `cc`\",\"mend\":\"apt-get install gcc libc6-dev\"}]}"
        );
    }

    /// spec: PKG-45
    #[test]
    fn every_prerequisite_has_a_line_and_a_mend_where_it_is_missing() {
        let context = Context {
            terminal: crate::report::Terminal::new(crate::args::MessageFormat::Json),
            manifest_path: None,
        };
        let report = execute(&DoctorArgs {}, &context).unwrap();
        let names: Vec<&str> = report.checks.iter().map(|check| check.name).collect();
        assert_eq!(
            names,
            ["rustc", "cargo", "target", "debian-packages", "linker", "data-folder", "package"]
        );
        for check in &report.checks {
            assert!(check.status != Status::Missing || check.mend.is_some(), "{check:?}");
        }
    }
}
