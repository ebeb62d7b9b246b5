//! Threads that make calls for callers that may not wait: [`Capability::call_async`](crate::Capability::call_async).

use std::future::Future;
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
    waker: Option<Waker>,
}

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

    /// Has one of the threads do `job`. A future that is dropped before it is ready calls `dropped`.
    pub(crate) fn run<T: Send + 'static>(
        &self,
        job: impl FnOnce() -> T + Send + 'static,
        dropped: impl FnOnce() + Send + 'static,
    ) -> Pending<T> {
        let promise = Arc::new(Promise { state: Mutex::new(Promised { value: None, waker: None }) });
        let kept = promise.clone();
        lock(&self.queue.state).jobs.push_back(Box::new(move || kept.keep(job())));
        self.queue.changed.notify_one();
        Pending { promise, dropped: Some(Box::new(dropped)) }
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
            job();
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

impl<T> Promise<T> {
    fn keep(&self, value: T) {
        let mut state = lock(&self.state);
        state.value = Some(value);
        if let Some(waker) = state.waker.take() {
            drop(state);
            waker.wake();
        }
    }
}

impl<T> Future for Pending<T> {
    type Output = T;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<T> {
        let taken = {
            let mut state = lock(&self.promise.state);
            let taken = state.value.take();
            if taken.is_none() {
                state.waker = Some(context.waker().clone());
            }
            taken
        };
        match taken {
            Some(value) => {
                self.dropped = None;
                Poll::Ready(value)
            }
            None => Poll::Pending,
        }
    }
}

impl<T> Drop for Pending<T> {
    fn drop(&mut self) {
        if let Some(dropped) = self.dropped.take() {
            dropped();
        }
    }
}
