//! Threads that make calls for callers that may not wait: [`Capability::call_async`](crate::Capability::call_async).

use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

type Job = Box<dyn FnOnce() + Send>;

/// A number of threads, and what they are to do. The threads end when the last handle is gone and the work is done.
pub(crate) struct Workers {
    queue: Arc<Queue>,
}

#[derive(Default)]
struct Queue {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    jobs: std::collections::VecDeque<Job>,
    closed: bool,
}

/// What a thread comes to, for a future that waits.
struct Promise<T> {
    state: Mutex<Promised<T>>,
}

struct Promised<T> {
    value: Option<T>,
    /// The job ended, with a value or by a panic.
    ended: bool,
    waker: Option<Waker>,
}

/// Ends the promise, also where the job does not come to a value.
struct Keeper<T>(Arc<Promise<T>>);

/// So many jobs wait at most.
const MOST_WAITING: usize = 10_000;

/// The future of a job. Dropped before it is ready, it is told to `dropped`.
pub(crate) struct Pending<T> {
    promise: Arc<Promise<T>>,
    dropped: Option<Box<dyn FnOnce() + Send>>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // What is in it is whole between any two statements.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Workers {
    /// As many threads as the machine can run at once.
    ///
    /// # Errors
    ///
    /// What the system says where it has no thread.
    pub(crate) fn start() -> std::io::Result<Workers> {
        let queue = Arc::new(Queue::default());
        let workers = Workers { queue: queue.clone() };
        let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        for _ in 0..threads {
            let queue = queue.clone();
            std::thread::Builder::new().name("traverse-worker".into()).spawn(move || queue.work())?;
        }
        Ok(workers)
    }

    /// Has one of the threads do `job`; nothing where too many wait already. A future that is dropped before it is ready calls
    /// `dropped`; one whose job panics comes to nothing.
    pub(crate) fn run<T: Send + 'static>(
        &self,
        job: impl FnOnce() -> T + Send + 'static,
        dropped: impl FnOnce() + Send + 'static,
    ) -> Option<Pending<T>> {
        let promised = Promised { value: None, ended: false, waker: None };
        let promise = Arc::new(Promise { state: Mutex::new(promised) });
        let keeper = Keeper(promise.clone());
        let mut state = lock(&self.queue.state);
        if state.jobs.len() >= MOST_WAITING {
            return None;
        }
        state.jobs.push_back(Box::new(move || {
            let value = job();
            lock(&keeper.0.state).value = Some(value);
        }));
        drop(state);
        self.queue.changed.notify_one();
        Some(Pending { promise, dropped: Some(Box::new(dropped)) })
    }
}

impl Drop for Workers {
    fn drop(&mut self) {
        lock(&self.queue.state).closed = true;
        self.queue.changed.notify_all();
    }
}

impl Queue {
    fn work(&self) {
        while let Some(job) = self.next() {
            // A panic ends the job and not the thread; its future is told by the keeper.
            let _ = catch_unwind(AssertUnwindSafe(job));
        }
    }

    fn next(&self) -> Option<Job> {
        let mut state = lock(&self.state);
        loop {
            if let Some(job) = state.jobs.pop_front() {
                return Some(job);
            }
            if state.closed {
                return None;
            }
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

impl<T> Drop for Keeper<T> {
    fn drop(&mut self) {
        let mut state = lock(&self.0.state);
        state.ended = true;
        if let Some(waker) = state.waker.take() {
            drop(state);
            waker.wake();
        }
    }
}

impl<T> Future for Pending<T> {
    type Output = Option<T>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<T>> {
        let value = {
            let mut state = lock(&self.promise.state);
            if !state.ended {
                state.waker = Some(context.waker().clone());
                return Poll::Pending;
            }
            state.value.take()
        };
        self.dropped = None;
        Poll::Ready(value)
    }
}

impl<T> Drop for Pending<T> {
    fn drop(&mut self) {
        if let Some(dropped) = self.dropped.take() {
            dropped();
        }
    }
}
