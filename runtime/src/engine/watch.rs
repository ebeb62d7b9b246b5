//! Stopping a guest from outside: after a time on the wall, or when its caller wants no result any more. Where the engine
//! was made for it, guests look at a counter as they run, and a thread moves it on every millisecond.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use wasmtime::{Engine, Store, UpdateDeadline};

/// How often guests can be stopped.
const TICK: Duration = Duration::from_millis(1);

/// Stops calls from another thread. Clones are one and the same.
#[derive(Debug, Clone, Default)]
pub struct Interrupt {
    wanted: Arc<AtomicBool>,
}

impl Interrupt {
    /// One that stops nothing yet.
    pub fn new() -> Interrupt {
        Interrupt::default()
    }

    /// Stops every call that was given this, within about a millisecond of the guest's running, and every one that will be.
    pub fn interrupt(&self) {
        self.wanted.store(true, Ordering::Relaxed);
    }

    /// Whether it was.
    pub fn is_interrupted(&self) -> bool {
        self.wanted.load(Ordering::Relaxed)
    }
}

/// What may stop one call.
#[derive(Debug, Clone, Default)]
pub(crate) struct Watch {
    pub(crate) deadline: Option<Instant>,
    pub(crate) interrupt: Option<Interrupt>,
}

/// Why a guest was stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stopped {
    Time,
    Interrupted,
}

impl fmt::Display for Stopped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Stopped::Time => "the call's time is over",
            Stopped::Interrupted => "the call was interrupted",
        })
    }
}

impl std::error::Error for Stopped {}

impl Watch {
    /// Has the store's guest stopped when it is time.
    pub(super) fn arm<T: 'static>(self, store: &mut Store<T>) {
        store.set_epoch_deadline(1);
        store.epoch_deadline_callback(move |_| match self.stopped() {
            Some(stopped) => Err(stopped.into()),
            None => Ok(UpdateDeadline::Continue(1)),
        });
    }

    fn stopped(&self) -> Option<Stopped> {
        if self.interrupt.as_ref().is_some_and(Interrupt::is_interrupted) {
            return Some(Stopped::Interrupted);
        }
        self.deadline.is_some_and(|deadline| Instant::now() >= deadline).then_some(Stopped::Time)
    }
}

/// Moves the engine's counter on for as long as the engine is there.
///
/// # Errors
///
/// What the system says where it has no thread for that.
pub(super) fn tick(engine: &Engine) -> std::io::Result<()> {
    let engine = engine.weak();
    std::thread::Builder::new().name("traverse-clock".into()).spawn(move || {
        while let Some(engine) = engine.upgrade() {
            engine.increment_epoch();
            drop(engine);
            std::thread::sleep(TICK);
        }
    })?;
    Ok(())
}
