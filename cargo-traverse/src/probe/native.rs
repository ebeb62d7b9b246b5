//! The capability as a native program, asked many times (the other side is `traverse-guest/src/served.rs`).

use crate::error::CommandError;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// The variable that asks the program to answer many calls, and names the mark before each reply.
const MARK: &str = "TRAVERSE_CALLS";

/// A native call that takes longer is ended.
const LONGEST: Duration = Duration::from_secs(10);

/// Of what the program writes to stderr so much is kept.
const KEPT_BYTES: usize = 64 << 10;

/// A program that writes more to stdout for one call is ended; the greatest result that a contract admits is larger, but none is.
const MAX_STDOUT_BYTES: u64 = 64 << 20;

/// A program that takes more memory is stopped by the system.
#[cfg(target_os = "linux")]
const MAX_MEMORY_BYTES: u64 = 4 << 30;

/// A native program under a contract.
pub(crate) struct Native {
    program: Program,
    folder: PathBuf,
    mark: String,
    running: Option<Running>,
    gave_up: bool,
}

struct Running {
    stdin: ChildStdin,
    stdout: BufReader<ChildStdout>,
    stderr: Option<std::thread::JoinHandle<Vec<u8>>>,
    watch: Arc<Watch>,
}

/// What ends a program that takes too long.
struct Watch {
    child: Mutex<Child>,
    began: Instant,
    /// Milliseconds since `began` at which the call under way is ended; 0 where none is, [`GONE`] where none comes.
    until: AtomicU64,
}

const GONE: u64 = u64::MAX;

/// What the program came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Said {
    /// An outcome.
    Ended {
        /// Its exit code.
        exit_code: i32,
        /// What it wrote to stdout.
        stdout: Vec<u8>,
    },
    /// A panic; the last line of stderr.
    Panicked(String),
    /// It ended in another way, in words.
    Died(String),
}

impl Native {
    /// The program at `program`, run in `folder`. Nothing is started yet.
    pub(crate) fn new(program: Program, folder: &Path) -> Native {
        // Nobody writes this by chance, and the author's code does not know it.
        let seed = std::process::id();
        let time = std::time::UNIX_EPOCH.elapsed().unwrap_or_default().as_nanos();
        let mark = format!("traverse {seed:08x}{time:032x}\n");
        Native { program, folder: folder.to_owned(), mark, running: None, gave_up: false }
    }

    /// Asks the running program, which may have answered other calls before; starts it where none runs.
    ///
    /// # Errors
    /// `native-failed` where it cannot be started.
    pub(crate) fn call(&mut self, input: &[u8]) -> Result<Said, CommandError> {
        let mut running = match self.running.take() {
            Some(running) => running,
            None => self.start()?,
        };
        running.watch.set(Some(LONGEST));
        let reply = ask(&mut running, input, self.mark.as_bytes());
        let late = running.watch.is_late();
        running.watch.set(None);
        if late {
            self.gave_up = true;
            return Ok(Said::Died(format!("did not end in {} s", LONGEST.as_secs())));
        }
        match reply {
            Some(said @ Said::Ended { .. }) => {
                self.running = Some(running);
                return Ok(said);
            }
            // It is ended here.
            Some(said) => return Ok(said),
            None => {}
        }
        Ok(running.died())
    }

    /// Whether a call did not end: then no other is worth its time.
    pub(crate) fn gave_up(&self) -> bool {
        self.gave_up
    }

    /// Asks a program that has answered no call before.
    ///
    /// # Errors
    /// As [`Native::call`].
    pub(crate) fn call_afresh(&mut self, input: &[u8]) -> Result<Said, CommandError> {
        self.running = None;
        let said = self.call(input);
        self.running = None;
        said
    }

    fn start(&self) -> Result<Running, CommandError> {
        let failed = |error| CommandError::io("native-failed", "start", self.program.path(), &error);
        let mut command = Command::new(self.program.path());
        // As in the module, there is no environment; but systems need some of it to start anything.
        command.current_dir(&self.folder).env_clear();
        for name in ["SystemRoot", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "LLVM_PROFILE_FILE"] {
            command.envs(std::env::var_os(name).map(|value| (name, value)));
        }
        command.env(MARK, &self.mark);
        // With what it starts it is one group, which is ended as one.
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(failed)?;
        let (Some(stdin), Some(stdout), Some(stderr)) =
            (child.stdin.take(), child.stdout.take(), child.stderr.take())
        else {
            return Err(failed(std::io::Error::other("its streams are missing")));
        };
        limit_memory(&child);
        let watch =
            Arc::new(Watch { child: Mutex::new(child), began: Instant::now(), until: AtomicU64::new(0) });
        let watched = watch.clone();
        std::thread::spawn(move || watched.keep());
        let stderr = std::thread::spawn(move || last_of(stderr));
        Ok(Running { stdin, stdout: BufReader::new(stdout), stderr: Some(stderr), watch })
    }
}

/// The reply; nothing where the program is gone.
fn ask(running: &mut Running, input: &[u8], mark: &[u8]) -> Option<Said> {
    let length = u32::try_from(input.len()).ok()?;
    let mut message = Vec::with_capacity(input.len() + 4);
    message.extend(length.to_le_bytes());
    message.extend(input);
    running.stdin.write_all(&message).ok()?;
    // What the author's code writes stands before the mark, as it would stand before the outcome.
    let mut stdout = Vec::new();
    while !stdout.ends_with(mark) {
        let room = MAX_STDOUT_BYTES.saturating_sub(stdout.len() as u64);
        if running.stdout.by_ref().take(room).read_until(b'\n', &mut stdout).ok()? == 0 {
            return (room == 0)
                .then(|| Said::Died(format!("wrote more than {MAX_STDOUT_BYTES} bytes to stdout")));
        }
    }
    stdout.truncate(stdout.len() - mark.len());
    let mut number = || {
        let mut bytes = [0; 4];
        running.stdout.read_exact(&mut bytes).ok().map(|()| u32::from_le_bytes(bytes))
    };
    let exit_code = number()?.cast_signed();
    let length = u64::from(number()?);
    if length > MAX_STDOUT_BYTES {
        return Some(Said::Died(format!("wrote more than {MAX_STDOUT_BYTES} bytes to stdout")));
    }
    let before = stdout.len() as u64;
    let read = running.stdout.by_ref().take(length).read_to_end(&mut stdout).ok()? as u64;
    (stdout.len() as u64 == before + length && read == length).then_some(Said::Ended { exit_code, stdout })
}

impl Running {
    /// How the program ended that gave no reply.
    fn died(mut self) -> Said {
        let status = self.watch.end();
        // What it has started may hold its streams open.
        self.watch.kill_group();
        let stderr = self.stderr.take().and_then(|reader| reader.join().ok()).unwrap_or_default();
        let text = String::from_utf8_lossy(&stderr).into_owned();
        let last = text.trim_end().rsplit('\n').next().unwrap_or_default();
        match status {
            Ok(status) if status.code() == Some(101) => Said::Panicked(last.to_owned()),
            Ok(status) if status.code().is_none() && text.contains("has overflowed its stack") => {
                Said::Died(format!("overflowed its stack ({status})"))
            }
            Ok(status) => Said::Died(format!("ended without an outcome ({status})")),
            Err(error) => Said::Died(format!("cannot be waited for: {error}")),
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // A program that is gone already is what is wanted.
        let _ = self.watch.stop();
    }
}

impl Watch {
    /// From now on the program has so long; nothing: it waits for a call.
    fn set(&self, longest: Option<Duration>) {
        let until = longest.map_or(0, |longest| (self.began.elapsed() + longest).as_millis() as u64);
        self.until.store(until, Ordering::Relaxed);
    }

    fn is_late(&self) -> bool {
        let until = self.until.load(Ordering::Relaxed);
        until != 0 && until != GONE && self.began.elapsed().as_millis() as u64 >= until
    }

    /// Ends the program once it is late.
    fn keep(&self) {
        while self.until.load(Ordering::Relaxed) != GONE {
            std::thread::sleep(Duration::from_millis(100));
            if self.is_late() {
                let _ = self.kill();
                return;
            }
        }
    }

    fn kill(&self) -> std::io::Result<()> {
        self.kill_group();
        self.child.lock().unwrap_or_else(std::sync::PoisonError::into_inner).kill()
    }

    /// Ends whatever the program has started and left; most have started nothing.
    fn kill_group(&self) {
        #[cfg(unix)]
        {
            use rustix::process::{Pid, Signal, kill_process_group};
            let child = self.child.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            if let Some(group) = i32::try_from(child.id()).ok().and_then(Pid::from_raw) {
                // A group that is gone is what is wanted.
                let _ = kill_process_group(group, Signal::KILL);
            }
        }
    }

    /// Ends the program, if it still runs, and says how it ended.
    fn end(&self) -> std::io::Result<std::process::ExitStatus> {
        self.until.store(GONE, Ordering::Relaxed);
        let mut child = self.child.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        // One that is about to end by itself closes its stdout first: it has a moment to say how.
        for _ in 0..50 {
            if let Some(status) = child.try_wait()? {
                return Ok(status);
            }
            std::thread::sleep(Duration::from_millis(1));
        }
        child.kill()?;
        child.wait()
    }

    /// Ends the program now.
    fn stop(&self) -> std::io::Result<()> {
        self.until.store(GONE, Ordering::Relaxed);
        self.kill_group();
        let mut child = self.child.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        child.kill()?;
        child.wait().map(drop)
    }
}

/// The program in a place of its own: what cargo made is replaced by the next package of that name.
pub(crate) struct Program {
    path: PathBuf,
    /// Goes when this is dropped.
    _place: tempfile::TempDir,
}

impl Program {
    /// Of the file that cargo has just made.
    ///
    /// # Errors
    /// What the system says.
    pub(crate) fn of(made: &Path) -> std::io::Result<Program> {
        let folder = made.parent().unwrap_or(Path::new("."));
        clear_left(folder);
        let place = tempfile::Builder::new().prefix(PLACE_PREFIX).tempdir_in(folder)?;
        let path = place.path().join(made.file_name().unwrap_or_default());
        if std::fs::hard_link(made, &path).is_err() {
            std::fs::copy(made, &path)?;
        }
        Ok(Program { path, _place: place })
    }

    fn path(&self) -> &Path {
        &self.path
    }
}

/// How the places of programs begin.
const PLACE_PREFIX: &str = ".traverse-native-";

/// Removes the places of tests that were killed: no test holds one for a day.
fn clear_left(folder: &Path) {
    const LONGEST_TEST: Duration = Duration::from_secs(24 * 60 * 60);
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in
        entries.flatten().filter(|entry| entry.file_name().to_string_lossy().starts_with(PLACE_PREFIX))
    {
        let age = entry.metadata().and_then(|metadata| metadata.modified()).map(|made| made.elapsed());
        if matches!(age, Ok(Ok(age)) if age > LONGEST_TEST) {
            // What another test has just removed is gone, as is wanted.
            let _ = std::fs::remove_dir_all(entry.path());
        }
    }
}

#[cfg(target_os = "linux")]
fn limit_memory(child: &Child) {
    use rustix::process::{Pid, Resource, Rlimit, prlimit};
    let most = Rlimit { current: Some(MAX_MEMORY_BYTES), maximum: Some(MAX_MEMORY_BYTES) };
    // Where the system refuses, its own limit is what there is.
    let _ = prlimit(i32::try_from(child.id()).ok().and_then(Pid::from_raw), Resource::As, most);
}

#[cfg(not(target_os = "linux"))]
fn limit_memory(_child: &Child) {}

/// The last part of a stream, which is read to its end.
fn last_of(mut stream: impl Read) -> Vec<u8> {
    let (mut kept, mut part) = (Vec::new(), [0; 4096]);
    loop {
        match stream.read(&mut part) {
            Ok(0) => return kept,
            Ok(count) => kept.extend_from_slice(&part[..count]),
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(_) => return kept,
        }
        if kept.len() > 2 * KEPT_BYTES {
            kept.drain(..kept.len() - KEPT_BYTES);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_has_a_place_of_its_own_and_old_places_go() {
        let folder = tempfile::tempdir().unwrap();
        let left = |name: &str, days: u64| {
            let path = folder.path().join(name);
            std::fs::create_dir(&path).unwrap();
            let made = std::time::SystemTime::now() - Duration::from_secs(days * 24 * 60 * 60);
            std::fs::File::open(&path).unwrap().set_modified(made).unwrap();
            path
        };
        let (old, young) = (left(".traverse-native-old", 2), left(".traverse-native-young", 0));
        let others = left("somebody-elses", 2);
        let made = folder.path().join("rule");
        std::fs::write(&made, "first").unwrap();
        let program = Program::of(&made).unwrap();
        // Cargo puts a new file into the place.
        std::fs::remove_file(&made).unwrap();
        std::fs::write(&made, "second").unwrap();
        assert_eq!(std::fs::read_to_string(program.path()).unwrap(), "first");
        assert!(!old.exists() && young.exists() && others.exists());
        let place = program.path().to_owned();
        drop(program);
        assert!(!place.exists());
    }
}
