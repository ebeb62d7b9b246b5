//! [`Capability`]: what has been loaded and verified, and how it is called.

use crate::engine::watch::{Interrupt, Watch};
use crate::engine::{Compiled, Ending, Run, thread_shard};
use crate::error::Error;
use crate::judge::Judge;
use crate::limits::CallLimits;
use crate::module::ModuleFacts;
use crate::trace::{Known, Times, Trace};
use crate::workers::Workers;
use serde_json::Value;
use std::fmt;
use std::num::NonZero;
use std::panic::resume_unwind;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};
use traverse_contract::Contract;
use traverse_contract::json::{self, BorrowedValue, ValueRef};
use traverse_contract::outcome::{Outcome, Rejection, exit_code};

/// A verified capability. Calls are independent of each other and may be made from any thread. Clones are one and the same.
#[derive(Clone)]
pub struct Capability {
    inner: Arc<Inner>,
}

struct Inner {
    contract: Contract,
    /// One for each engine that the module runs in.
    known: Vec<Arc<Known>>,
    facts: ModuleFacts,
    compiled: Compiled,
    limits: CallLimits,
    terms: Terms,
}

/// What the runtime gives every call, beside the contract's limits.
#[derive(Clone)]
pub(crate) struct Terms {
    /// So many calls at once.
    pub(crate) places: u32,
    /// Whether calls can be stopped while they run.
    pub(crate) stoppable: bool,
    /// How long a guest may run.
    pub(crate) max_duration: Option<Duration>,
    /// What makes calls for callers that may not wait; started with the first of them.
    pub(crate) workers: Arc<OnceLock<Option<Workers>>>,
}

/// What a call ended in.
#[derive(Debug, Clone, PartialEq)]
pub struct Call {
    /// The outcome that host and guest agree on, or what the host found against the guest.
    pub outcome: Outcome,
    /// What the guest wrote to stdout; empty if it never ran.
    pub stdout: Vec<u8>,
    /// The last 64 KiB of what the guest wrote to stderr.
    pub stderr: Vec<u8>,
    /// How it came about.
    pub trace: Trace,
}

/// What the guest alone came to, without the host's word on it.
#[derive(Debug, Clone, PartialEq)]
pub struct GuestCall {
    /// Its exit code.
    pub exit_code: i32,
    /// What it wrote to stdout.
    pub stdout: Vec<u8>,
    /// The last 64 KiB of what it wrote to stderr.
    pub stderr: Vec<u8>,
    /// Units of fuel that it used.
    pub fuel_used: u64,
    /// The most linear memory that it held, in bytes.
    pub peak_memory_bytes: u64,
}

impl Capability {
    pub(crate) fn new(
        contract: Contract,
        contract_digest: String,
        facts: ModuleFacts,
        compiled: Compiled,
        limits: CallLimits,
        terms: Terms,
    ) -> Capability {
        let known = || Arc::new(Known::of(&contract, &contract_digest, &facts.digest));
        let known = (0..compiled.shards()).map(|_| known()).collect();
        Capability { inner: Arc::new(Inner { contract, known, facts, compiled, limits, terms }) }
    }

    /// The contract that every call is held to.
    pub fn contract(&self) -> &Contract {
        &self.inner.contract
    }

    /// `sha256:…` of the contract's canonical JSON.
    pub fn contract_digest(&self) -> &str {
        &self.inner.known().contract_digest
    }

    /// What the module says of itself.
    pub fn module(&self) -> &ModuleFacts {
        &self.inner.facts
    }

    /// The limits of every call.
    pub fn limits(&self) -> &CallLimits {
        &self.inner.limits
    }

    /// Calls the capability with `input`, which should be one JSON value.
    ///
    /// The host checks the size of the input, its JSON, its schema and the preconditions before the guest runs, in that
    /// order, and everything that the guest says after (spec RUN-7, RUN-12). The guest runs in a state of its own, which
    /// is gone when the call is over.
    ///
    /// Needs about 1 MiB of the calling thread's stack.
    ///
    /// # Errors
    ///
    /// [`Error::FuelExhausted`], [`Error::MemoryExceeded`], [`Error::TimeExceeded`], [`Error::OutputTooLarge`],
    /// [`Error::Trap`] if the guest was stopped; [`Error::OutputNotJson`], [`Error::OutcomeMismatch`] if what it says cannot
    /// be believed; [`Error::Busy`] if there was no place for it. An exception, a rejection or a violation is an outcome and
    /// not an error.
    pub fn call(&self, input: &[u8]) -> Result<Call, Error> {
        self.inner.call(input, None)
    }

    /// [`call`](Self::call), with an input that is no text yet.
    ///
    /// # Errors
    ///
    /// As there.
    ///
    /// # Examples
    ///
    /// ```no_run
    /// # let capability = traverse_runtime::Runtime::new()?.load_package("eligibility".as_ref())?;
    /// let call = capability.call_value(&serde_json::json!({"customer": {"tier": "standard"}, "cart": {"total": 60}}))?;
    /// # Ok::<(), traverse_runtime::Error>(())
    /// ```
    pub fn call_value(&self, input: &Value) -> Result<Call, Error> {
        self.call(input.to_string().as_bytes())
    }

    /// [`call`](Self::call), which `interrupt` ends from another thread. The runtime must have been built with
    /// [`interruptible`](crate::Builder::interruptible); else only a call that has not begun is ended.
    ///
    /// # Errors
    ///
    /// As there, and [`Error::Interrupted`].
    pub fn call_until(&self, input: &[u8], interrupt: &Interrupt) -> Result<Call, Error> {
        self.inner.call(input, Some(interrupt))
    }

    /// Runs the guest on `input` whatever the host thinks of the input, and judges nothing that it says. For tests that hold
    /// the guest's own checks against the host's; [`call`](Self::call) is what a service makes.
    ///
    /// # Errors
    ///
    /// As there, where the guest is stopped.
    pub fn call_guest(&self, input: &[u8]) -> Result<GuestCall, Error> {
        let inner = &self.inner;
        let run = inner.compiled.run(input, &inner.room_for(input), inner.watch(Instant::now(), None));
        let exit_code = inner.exit_code(&run)?;
        inner.check_output_size(exit_code, &run)?;
        let Run { stdout, stderr, fuel_used, peak_memory_bytes, .. } = run;
        Ok(GuestCall { exit_code, stdout, stderr, fuel_used, peak_memory_bytes })
    }

    /// Calls with every input, on as many threads as the machine can run at once; what each comes to, in their order.
    pub fn call_batch<I: AsRef<[u8]> + Sync>(&self, inputs: &[I]) -> Vec<Result<Call, Error>> {
        let threads = std::thread::available_parallelism().map_or(1, NonZero::get).min(inputs.len());
        if threads < 2 {
            return inputs.iter().map(|input| self.call(input.as_ref())).collect();
        }
        let next = AtomicUsize::new(0);
        let work = || {
            let mut done = Vec::new();
            while let Some((at, input)) = {
                let at = next.fetch_add(1, Ordering::Relaxed);
                inputs.get(at).map(|input| (at, input))
            } {
                done.push((at, self.call(input.as_ref())));
            }
            done
        };
        let mut all = std::thread::scope(|scope| {
            let started: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
            // A call does not panic; if one did, this thread goes on with that.
            started
                .into_iter()
                .flat_map(|thread| thread.join().unwrap_or_else(|panic| resume_unwind(panic)))
                .collect::<Vec<_>>()
        });
        all.sort_by_key(|(at, _)| *at);
        all.into_iter().map(|(_, called)| called).collect()
    }

    /// [`call`](Self::call) for callers that may not wait, such as tasks of an executor: a thread of the runtime's makes
    /// the call. Dropping the future interrupts the call; see [`call_until`](Self::call_until).
    ///
    /// # Errors
    ///
    /// As there; [`Error::EngineFailed`] if the system has no thread for it.
    ///
    /// # Examples
    ///
    /// ```no_run
    /// # async fn answer(capability: traverse_runtime::Capability) -> Result<(), traverse_runtime::Error> {
    /// let call = capability.call_async(br#"{"total":60}"#.to_vec()).await?;
    /// # Ok(()) }
    /// ```
    pub async fn call_async(&self, input: Vec<u8>) -> Result<Call, Error> {
        let workers = self.inner.terms.workers.get_or_init(|| Workers::start().ok());
        let Some(workers) = workers else {
            return Err(Error::EngineFailed { reason: "the system has no threads for calls".into() });
        };
        let interrupt = Interrupt::new();
        let (inner, given) = (self.inner.clone(), interrupt.clone());
        let job = move || inner.call(&input, Some(&given));
        let Some(pending) = workers.run(job, move || interrupt.interrupt()) else {
            return Err(Error::Busy { calls: self.inner.terms.places });
        };
        pending.await.unwrap_or_else(|| Err(Error::EngineFailed { reason: "the call panicked".into() }))
    }
}

impl Inner {
    fn call(&self, input: &[u8], interrupt: Option<&Interrupt>) -> Result<Call, Error> {
        let span = tracing::debug_span!(
            "traverse.call",
            id = %self.contract.spec.capability.id.value,
            version = %self.contract.spec.capability.version.value
        );
        let _entered = span.enter();
        let ended = self.call_timed(input, interrupt);
        match &ended {
            Ok(call) => tracing::debug!(
                outcome = call.trace.outcome,
                fuel_used = call.trace.fuel_used,
                nanoseconds = call.trace.times.total_ns
            ),
            Err(error) => tracing::debug!(error = error.code()),
        }
        ended
    }

    fn call_timed(&self, input: &[u8], interrupt: Option<&Interrupt>) -> Result<Call, Error> {
        let began = Instant::now();
        if interrupt.is_some_and(Interrupt::is_interrupted) {
            return Err(Error::Interrupted { stderr: Vec::new() });
        }
        let mut judge = Judge::new(&self.contract, self.known());
        let value = match self.parse_input(input) {
            Ok(value) => value,
            Err(rejection) => return Ok(self.refused(Outcome::Rejected(rejection), judge, began)),
        };
        let value = ValueRef::from(&value);
        if let Some(outcome) = judge.judge_input(value) {
            return Ok(self.refused(outcome, judge, began));
        }
        let started = Instant::now();
        let run = self.compiled.run(input, &self.room_for(input), self.watch(started, interrupt));
        let guest = started.elapsed();
        let exit_code = self.exit_code(&run)?;
        self.check_output_size(exit_code, &run)?;
        let outcome = read_outcome(&self.contract, exit_code, &run)
            .and_then(|said| judge.judge_outcome(value, said).map_err(Disbelief::Mismatch))
            .map_err(|disbelief| disbelief.into_error(exit_code, &run))?;
        let times = Times::of(began, Some(guest));
        let trace = self.trace(&outcome, judge, Some(exit_code), run.fuel_used, run.peak_memory_bytes, times);
        Ok(Call { outcome, stdout: run.stdout, stderr: run.stderr, trace })
    }

    /// The calling thread's own, so that no two threads count who refers to the same.
    fn known(&self) -> &Arc<Known> {
        &self.known[thread_shard(self.known.len())]
    }

    /// What may stop the guest; an engine whose guests can be stopped asks for it on every call.
    fn watch(&self, started: Instant, interrupt: Option<&Interrupt>) -> Option<Watch> {
        self.terms.stoppable.then(|| Watch {
            // A time that no clock reaches is none.
            deadline: self.terms.max_duration.and_then(|most| started.checked_add(most)),
            interrupt: interrupt.cloned(),
        })
    }

    /// Size and syntax of the input.
    fn parse_input<'a>(&self, input: &'a [u8]) -> Result<BorrowedValue<'a>, Rejection> {
        let limit = self.limits.input_bytes;
        if input.len() as u64 > limit {
            let message = format!("input is larger than the limit of {limit} bytes");
            return Err(Rejection { at: String::new(), message });
        }
        self.contract.read_input(input)
    }

    /// The limits that the engine holds the guest to. A violation shows the input that broke a clause, which may be
    /// larger than any result: there is room for both, and what the author answers is measured afterwards.
    fn room_for(&self, input: &[u8]) -> CallLimits {
        let shown = (input.len() as u64).saturating_mul(4).saturating_add(64 << 10);
        CallLimits { output_bytes: self.limits.output_bytes.saturating_add(shown), ..self.limits }
    }

    /// Results and exceptions, which are the author's, have the contract's limit (spec RUN-11).
    fn check_output_size(&self, exit_code: i32, run: &Run) -> Result<(), Error> {
        let limit_bytes = self.limits.output_bytes;
        let authors = matches!(exit_code, exit_code::RESULT | exit_code::EXCEPTION);
        if authors && run.stdout.len() as u64 > limit_bytes {
            return Err(Error::OutputTooLarge { limit_bytes, stderr: run.stderr.clone() });
        }
        Ok(())
    }

    /// A call that ended before the guest ran.
    fn refused(&self, outcome: Outcome, judge: Judge<'_>, began: Instant) -> Call {
        let trace = self.trace(&outcome, judge, None, 0, 0, Times::of(began, None));
        Call { outcome, stdout: Vec::new(), stderr: Vec::new(), trace }
    }

    /// The guest's exit code, if it came to one.
    fn exit_code(&self, run: &Run) -> Result<i32, Error> {
        let CallLimits { fuel, memory_bytes, output_bytes, .. } = self.limits;
        let (stderr, frames) = (|| run.stderr.clone(), || run.frames.clone());
        Err(match &run.ending {
            Ending::Exited(code) => return Ok(*code),
            Ending::OutOfFuel => Error::FuelExhausted { limit: fuel, frames: frames(), stderr: stderr() },
            Ending::OutOfMemory { wanted_bytes } => Error::MemoryExceeded {
                limit_bytes: memory_bytes,
                wanted_bytes: *wanted_bytes,
                frames: frames(),
                stderr: stderr(),
            },
            Ending::Busy => Error::Busy { calls: self.terms.places },
            Ending::OutOfTime => Error::TimeExceeded {
                limit: self.terms.max_duration.unwrap_or_default(),
                frames: frames(),
                stderr: stderr(),
            },
            Ending::Interrupted => Error::Interrupted { stderr: stderr() },
            Ending::OutputOverflow => Error::OutputTooLarge { limit_bytes: output_bytes, stderr: stderr() },
            Ending::Trapped(cause) => Error::Trap {
                cause: cause.clone(),
                message: last_line(&run.stderr),
                frames: frames(),
                stderr: stderr(),
            },
        })
    }

    fn trace(
        &self,
        outcome: &Outcome,
        judge: Judge<'_>,
        exit_code: Option<i32>,
        fuel_used: u64,
        peak_memory_bytes: u64,
        times: Times,
    ) -> Trace {
        let (known, clauses, exceptions) = judge.into_verdicts();
        Trace {
            known: known.clone(),
            limits: self.limits,
            outcome: match outcome {
                Outcome::Result(_) => "result",
                Outcome::Exception(_) => "exception",
                Outcome::Rejected(_) => "rejected",
                Outcome::Violation(_) => "violation",
                Outcome::Undeclared(_) => "undeclared",
            },
            exit_code,
            fuel_used,
            peak_memory_bytes,
            times,
            clauses,
            exceptions,
        }
    }
}

impl fmt::Debug for Capability {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Capability")
            .field("id", &self.inner.contract.spec.capability.id.value)
            .field("version", &self.inner.contract.spec.capability.version.value)
            .field("artifact_digest", &self.inner.facts.digest)
            .finish_non_exhaustive()
    }
}

/// Why the host does not believe what the guest says.
enum Disbelief {
    /// stdout is not one JSON value.
    NotJson(String),
    /// It does not fit the exit code, the contract or the input.
    Mismatch(String),
}

impl Disbelief {
    fn into_error(self, exit_code: i32, run: &Run) -> Error {
        let stderr = run.stderr.clone();
        match self {
            Disbelief::NotJson(reason) => {
                Error::OutputNotJson { exit_code, reason, stdout_start: beginning(&run.stdout), stderr }
            }
            Disbelief::Mismatch(reason) => Error::OutcomeMismatch { exit_code, reason, stderr },
        }
    }
}

/// What the guest says, by its exit code and its stdout.
fn read_outcome(contract: &Contract, exit_code: i32, run: &Run) -> Result<Outcome, Disbelief> {
    let known = [
        exit_code::RESULT,
        exit_code::EXCEPTION,
        exit_code::REJECTED,
        exit_code::PRECONDITION,
        exit_code::POSTCONDITION,
        exit_code::INVARIANT,
        exit_code::UNDECLARED,
    ];
    if !known.contains(&exit_code) {
        let mut reason = String::from("no outcome has this exit code");
        if let Some(line) = last_line(&run.stderr) {
            reason.push_str("; its stderr ends in: ");
            reason.push_str(&line);
        }
        return Err(Disbelief::Mismatch(reason));
    }
    if run.stdout.iter().all(u8::is_ascii_whitespace) {
        return Err(Disbelief::NotJson("it is empty".into()));
    }
    let stdout = match exit_code {
        exit_code::RESULT => contract.read_output(&run.stdout),
        _ => json::parse_outcome(&run.stdout),
    };
    let stdout = stdout.map_err(|rejection| {
        Disbelief::NotJson(match rejection.at.as_str() {
            "" => rejection.message,
            at => format!("{} at `{at}`", rejection.message),
        })
    })?;
    Outcome::from_guest(exit_code, stdout).ok_or_else(|| {
        Disbelief::Mismatch("stdout does not have the shape of an outcome with this exit code".into())
    })
}

/// The first characters of stdout, in quotes, with escapes for all that could steer a terminal.
fn beginning(stdout: &[u8]) -> String {
    const SHOWN_CHARS: usize = 60;
    let text = String::from_utf8_lossy(stdout);
    if text.is_empty() {
        return String::new();
    }
    let start: String = text.chars().take(SHOWN_CHARS).collect();
    let more = if start.len() < text.len() { "…" } else { "" };
    format!("{start:?}{more}")
}

/// The last line of stderr that says something: a panic's message. The guest chose it, so it may not steer a terminal.
fn last_line(stderr: &[u8]) -> Option<String> {
    const LONGEST_CHARS: usize = 1000;
    let text = String::from_utf8_lossy(stderr);
    let line = text
        .lines()
        .map(str::trim)
        .rfind(|line| !line.is_empty() && !line.starts_with("note: run with `RUST_BACKTRACE=1`"))?;
    Some(line.chars().filter(|c| !c.is_control()).take(LONGEST_CHARS).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_line_of_stderr_is_a_panics_message() {
        let panic = "thread 'main' panicked at src/main.rs:5:9:\nbroken\nnote: run with `RUST_BACKTRACE=1` environment variable\n\n";
        assert_eq!(last_line(panic.as_bytes()).as_deref(), Some("broken"));
        assert_eq!(last_line(b"  \n"), None);
        assert_eq!(last_line(b"\x1b[31mred\xff\n").as_deref(), Some("[31mred\u{fffd}"));
    }
}
