//! Engines side by side, so that threads that call at once share nothing that changes: an engine and a module count who refers
//! to them, and threads that change one counter wait for each other.

use super::{Backend, Settings, pool};
use std::sync::{Mutex, OnceLock, PoisonError};

/// No shard has fewer places than these; where there would be, there are fewer shards.
const LEAST_PLACES: u32 = 8;
const MOST_SHARDS: usize = 16;

/// As many engines with a pool as the machine runs threads at once, each made when it is first needed.
pub(super) struct Shards {
    settings: Settings,
    backends: Box<[OnceLock<Option<Backend>>]>,
}

impl Shards {
    /// Nothing where the settings want no pool, or the system has no address space for one.
    pub(super) fn new(settings: &Settings) -> Option<Shards> {
        if settings.places == 0 {
            return None;
        }
        let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let count = threads.min(MOST_SHARDS).min((settings.places / LEAST_PLACES) as usize).max(1);
        let backends = (0..count).map(|_| OnceLock::new()).collect();
        let shards = Shards { settings: settings.clone(), backends };
        shards.get(0).is_some().then_some(shards)
    }

    pub(super) fn count(&self) -> usize {
        self.backends.len()
    }

    /// The engine at `index`; nothing where the system has no room for one more.
    pub(super) fn get(&self, index: usize) -> Option<&Backend> {
        let make = || {
            let (config, places) = pool::pooled(self.places(index))?;
            Backend::new(&self.settings, config, places).ok()
        };
        self.backends.get(index)?.get_or_init(make).as_ref()
    }

    /// All shards together have as many places as the settings say.
    fn places(&self, index: usize) -> u32 {
        let count = self.count() as u32;
        self.settings.places / count + u32::from((index as u32) < self.settings.places % count)
    }
}

/// A number for the calling thread, as long as it lives: the lowest that no other thread has, so that threads which call at
/// once are spread evenly.
fn thread_index() -> usize {
    thread_local! {
        static NUMBER: Number = Number::lowest();
    }
    // A thread that is ending has none any more.
    NUMBER.try_with(|number| number.0).unwrap_or(0)
}

/// Which of `count` is the calling thread's.
pub(crate) fn thread_shard(count: usize) -> usize {
    // Most have a number below it, and to divide takes longer than to compare.
    let index = thread_index();
    if index < count { index } else { index % count }
}

/// A number that one thread has.
struct Number(usize);

/// Whether some thread has it, for each number.
static TAKEN: Mutex<Vec<bool>> = Mutex::new(Vec::new());

impl Number {
    fn lowest() -> Number {
        let mut taken = TAKEN.lock().unwrap_or_else(PoisonError::into_inner);
        let free = taken.iter().position(|taken| !taken).unwrap_or(taken.len());
        match taken.get_mut(free) {
            Some(place) => *place = true,
            None => taken.push(true),
        }
        Number(free)
    }
}

impl Drop for Number {
    fn drop(&mut self) {
        let mut taken = TAKEN.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(place) = taken.get_mut(self.0) {
            *place = false;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn threads_that_live_at_once_have_numbers_of_their_own() {
        let own = thread_index();
        for _ in 0..100 {
            let other = std::thread::spawn(thread_index).join().expect("the thread ends");
            assert_ne!(other, own);
            // Other tests have threads, too; but numbers come back.
            assert!(other < 64, "{other}");
        }
        assert_eq!(thread_index(), own);
    }
}
