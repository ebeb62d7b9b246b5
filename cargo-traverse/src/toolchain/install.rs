//! Installing a guest toolchain: `rustup target add` with a bounded wait, else Debian's packages, else an error that
//! names the commands to run.

use super::data::DataFolder;
use super::find::{self, ActiveToolchain};
use super::{Choice, GuestToolchain, Progress, debian};
use crate::error::CommandError;
use crate::guest::TARGET;
use std::path::Path;
use std::process::{Command, ExitStatus};
use std::time::{Duration, Instant};

/// How long `rustup target add` may take.
const RUSTUP_WAIT: Duration = Duration::from_secs(60);

/// Provides a guest toolchain for packages in `folder`: the one that is there, or a new one.
///
/// Processes that install at the same time wait for each other, and the later ones find what the first installed.
///
/// # Errors
///
/// `toolchain-rustup`, `toolchain-debian` where that way was forced and failed; `toolchain-missing` where none is left.
pub(crate) fn install(
    choice: Choice,
    data: &DataFolder,
    folder: &Path,
    progress: &dyn Progress,
) -> Result<GuestToolchain, CommandError> {
    let _lock = data.lock(progress)?;
    if let Some(found) = find::find(choice, data, folder)? {
        return Ok(found);
    }
    let refused = match choice {
        Choice::Debian => return install_debian(data, progress),
        Choice::Rustup => return install_rustup(data, folder, progress),
        Choice::Auto => match install_rustup(data, folder, progress) {
            Ok(installed) => return Ok(installed),
            Err(refused) => refused,
        },
    };
    match debian::obstacle() {
        None => {
            progress.warn(&format!("{}; using Debian's packages instead", refused.message));
            install_debian(data, progress)
        }
        Some(obstacle) => Err(CommandError::new(
            "toolchain-missing",
            format!("there is no Rust toolchain with the target `{TARGET}`, and none could be installed"),
        )
        .note(refused.message)
        .note(format!("Debian's packages were not tried: {obstacle}"))
        .help(format!(
            "run `rustup target add {TARGET}`, or, on Debian 12 as root, \
             `cargo traverse toolchain install --from debian`"
        ))),
    }
}

fn install_debian(data: &DataFolder, progress: &dyn Progress) -> Result<GuestToolchain, CommandError> {
    debian::install(&data.debian_toolchain(), progress)?;
    find::find_debian(data)?.ok_or_else(|| {
        CommandError::new("toolchain-debian", "the toolchain made from Debian's packages is not complete")
            .help(format!("remove `{}` and try again", data.debian_toolchain().display()))
    })
}

fn install_rustup(
    data: &DataFolder,
    folder: &Path,
    progress: &dyn Progress,
) -> Result<GuestToolchain, CommandError> {
    let failed = |reason: String| {
        CommandError::new("toolchain-rustup", format!("`rustup target add {TARGET}` {reason}")).help(
            "try again later, or, on Debian 12 as root, `cargo traverse toolchain install --from debian`",
        )
    };
    let Some(active) = find::find_active(folder) else {
        return Err(failed("was not tried: there is no `rustc` that runs".to_owned()));
    };
    let Some(toolchain) = rustup_name(&active) else {
        return Err(failed("was not tried: the active toolchain is not one of rustup's".to_owned()));
    };
    progress.status(
        "Installing",
        &format!("{TARGET} for {toolchain} with rustup (at most {} s)", RUSTUP_WAIT.as_secs()),
    );
    let mut rustup = Command::new("rustup");
    rustup.args(["target", "add", TARGET, "--toolchain", &toolchain]).current_dir(folder);
    match run_bounded(&mut rustup, RUSTUP_WAIT) {
        Ok(Some(status)) if status.success() => {}
        Ok(Some(status)) => return Err(failed(format!("failed ({status})"))),
        Ok(None) => return Err(failed(format!("was stopped after {} s", RUSTUP_WAIT.as_secs()))),
        Err(error) => return Err(failed(format!("could not be run: {}", crate::error::io_reason(&error)))),
    }
    if !active.has_target() {
        return Err(failed("succeeded, but the target is not there".to_owned()));
    }
    find::describe_active(active, data)
}

/// `stable-x86_64-unknown-linux-gnu`, if the toolchain lies where rustup keeps them.
fn rustup_name(active: &ActiveToolchain) -> Option<String> {
    let parent = active.sysroot.parent()?;
    if parent.file_name()? != "toolchains" {
        return None;
    }
    Some(active.sysroot.file_name()?.to_str()?.to_owned())
}

/// Runs a command, its output on stderr as it comes; `None` where it took too long and was killed.
fn run_bounded(command: &mut Command, wait: Duration) -> std::io::Result<Option<ExitStatus>> {
    let mut child = command.stdin(std::process::Stdio::null()).stdout(std::io::stderr()).spawn()?;
    let end = Instant::now() + wait;
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        if Instant::now() >= end {
            child.kill()?;
            child.wait()?;
            return Ok(None);
        }
        std::thread::sleep(Duration::from_millis(50));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// spec: PKG-33
    #[test]
    fn a_command_that_hangs_is_killed() {
        let began = Instant::now();
        let ended = run_bounded(Command::new("sleep").arg("60"), Duration::from_millis(100)).unwrap();
        assert!(ended.is_none());
        assert!(began.elapsed() < Duration::from_secs(10));
    }

    #[test]
    fn a_command_that_ends_says_how() {
        assert!(run_bounded(&mut Command::new("true"), Duration::from_secs(10)).unwrap().unwrap().success());
        assert!(
            !run_bounded(&mut Command::new("false"), Duration::from_secs(10)).unwrap().unwrap().success()
        );
    }
}
