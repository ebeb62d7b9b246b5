//! The memory of guests, kept from call to call: a place is address space for the memory of one guest, and is clean whenever
//! it is free.
//!
//! What makes a call cheap is that a place need not ask the system which of its pages were written: a page that no guest has
//! touched yet cannot be touched, for the system does not let anyone. The first touch is a signal, which opens the page for
//! good; after the call all open pages are written over. The next calls touch the same pages, mostly, and ask the system for
//! nothing.

use rustix::mm::{Advice, MapFlags, MprotectFlags, ProtFlags, madvise, mmap_anonymous, mprotect, munmap};
use std::cell::Cell;
use std::ffi::{c_int, c_void};
use std::ops::Range;
use std::ptr::{null, null_mut};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use wasmparser::{DataKind, Operator, Parser, Payload};
use wasmtime::unix::StoreExt;
use wasmtime::{Config, LinearMemory, MemoryCreator, MemoryType, Store};

/// All that a module can name with 32 bits.
const MEMORY_BYTES: usize = 4 << 30;
/// What lies around it and is never opened: the engine adds what an instruction says to an address without looking.
const GUARD_BYTES: usize = 32 << 20;
/// So many pages at the beginning are opened one by one, and stay open; the rest is opened at once, before a guest can touch
/// it, and given back after the call.
const LOW_PAGES: usize = u128::BITS as usize;
/// So many runs of low pages are open beside each other at most: each is a mapping of its own, of which a process has so many and
/// no more.
const MOST_RUNS: u32 = 8;
/// So much of the rest stays open between calls, without memory: the next guest is likely to have as much.
const KEPT_OPEN_BYTES: usize = 8 << 20;
/// So many free places keep their memory.
const KEPT: usize = 16;
/// After so many calls a place with so many open pages forgets which they were: one large call must not slow down all
/// later ones.
const FORGET_AFTER: u32 = 256;
const MANY_PAGES: u32 = 32;

thread_local! {
    /// The place that this thread runs a guest in.
    static CURRENT: Cell<*const Place> = const { Cell::new(null()) };
    /// Whether this thread is known to take the signals.
    static IS_LISTENING: Cell<bool> = const { Cell::new(false) };
}

/// Places for the guests of one engine.
pub(super) struct Places(Mutex<Inner>);

struct Inner {
    free: Vec<Arc<Place>>,
    taken: u32,
    most: u32,
}

/// Address space for one memory. Only the thread that has taken it looks inside.
struct Place {
    /// Everything that is mapped.
    start: *mut c_void,
    bytes: usize,
    /// Where the memory begins.
    base: *mut u8,
    page_bytes: usize,
    /// The power of two that a page's bytes are.
    page_shift: u32,
    /// How much of it the guest has, in bytes; a multiple of the page.
    size: Cell<usize>,
    /// A bit for each of the low pages that is open. All others are zero and closed.
    open: Cell<u128>,
    /// Where that ends which is open behind the low pages.
    high_end: Cell<usize>,
    /// Whether a memory lies in it since it was taken.
    is_given: Cell<bool>,
    /// Where the module's data will be put.
    filled: Cell<Filled>,
    calls: Cell<u32>,
    /// The system refused to open or close something, and may have done a part of it: the place is not used again.
    is_spoilt: Cell<bool>,
    /// And nothing mended it: the guest cannot have what it touched.
    is_refused: Cell<bool>,
}

// SAFETY: a place is given to one thread at a time, under the lock of `Places`; the cells are that thread's.
unsafe impl Send for Place {}
// SAFETY: as above.
unsafe impl Sync for Place {}

/// Where in memory a module's data lies.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Filled {
    /// All of it between these addresses.
    Bytes { from: usize, to: usize },
    /// It is not known before.
    Anything,
}

/// A place that is taken, for the length of a call of this thread. It must outlive the call's store.
pub(super) struct Taken<'a> {
    places: &'a Places,
    place: Option<Arc<Place>>,
    before: *const Place,
}

/// The memory of a guest in a place.
struct PlacedMemory(Arc<Place>);

/// Gives the engine the current place.
struct Giver;

/// Has memory come from places.
pub(super) fn configure(config: &mut Config) {
    config
        .with_host_memory(Arc::new(Giver))
        .memory_reservation(MEMORY_BYTES as u64)
        .memory_guard_size(GUARD_BYTES as u64)
        .memory_may_move(false);
}

impl Filled {
    /// What the data of a module fills.
    pub(super) fn of(module: &[u8]) -> Filled {
        let mut filled = Filled::Bytes { from: usize::MAX, to: 0 };
        for payload in Parser::new(0).parse_all(module) {
            let Ok(Payload::DataSection(data)) = payload else { continue };
            for segment in data {
                let Ok(segment) = segment else { return Filled::Anything };
                let DataKind::Active { offset_expr, .. } = segment.kind else { continue };
                let mut operators = offset_expr.get_operators_reader();
                let (Ok(Operator::I32Const { value }), Ok(Operator::End), Filled::Bytes { from, to }) =
                    (operators.read(), operators.read(), filled)
                else {
                    return Filled::Anything;
                };
                let start = value as u32 as usize;
                filled = Filled::Bytes { from: from.min(start), to: to.max(start + segment.data.len()) };
            }
        }
        filled
    }
}

impl Places {
    /// At most `most` at once; nothing where the system has no address space for a single one.
    pub(super) fn new(most: u32) -> Option<Places> {
        let first = Place::map()?;
        Some(Places(Mutex::new(Inner { free: vec![Arc::new(first)], taken: 0, most })))
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A place for a module that fills so much.
    ///
    /// # Errors
    ///
    /// If all are taken, or the system has no address space for another.
    pub(super) fn take(&self, filled: Filled) -> Result<Taken<'_>, NoPlace> {
        let free = {
            let mut inner = self.inner();
            if inner.taken >= inner.most {
                return Err(NoPlace::AllTaken);
            }
            inner.taken += 1;
            inner.free.pop()
        };
        if !IS_LISTENING.replace(true) {
            listen();
        }
        let place = free.or_else(|| Place::map().map(Arc::new));
        let current = place.as_ref().map_or(null(), Arc::as_ptr);
        let taken = Taken { places: self, place, before: CURRENT.replace(current) };
        // Else the place that was counted is given back.
        let Some(place) = &taken.place else { return Err(NoPlace::NoAddresses) };
        place.filled.set(filled);
        place.is_given.set(false);
        Ok(taken)
    }
}

/// Why there is no place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NoPlace {
    /// As many calls run as may.
    AllTaken,
    /// The system has no address space left.
    NoAddresses,
}

/// Lets this thread take the signals of a first touch, which whoever began it may have blocked.
fn listen() {
    // SAFETY: a set of two signals on the stack, for this thread alone. Where it fails, all is as it was.
    unsafe {
        let mut signals = std::mem::zeroed();
        libc::sigemptyset(&raw mut signals);
        libc::sigaddset(&raw mut signals, libc::SIGSEGV);
        libc::sigaddset(&raw mut signals, libc::SIGBUS);
        libc::pthread_sigmask(libc::SIG_UNBLOCK, &raw const signals, null_mut());
    }
}

impl Taken<'_> {
    /// Whether the system refused memory to the guest.
    pub(super) fn is_refused(&self) -> bool {
        self.place.as_ref().is_some_and(|place| place.is_refused.get())
    }
}

impl Drop for Taken<'_> {
    fn drop(&mut self) {
        CURRENT.set(self.before);
        // A place that cannot be cleaned goes.
        let is_clean = |place: &Arc<Place>| place.clean().is_ok() && !place.is_spoilt.get();
        let place = self.place.take().filter(|place| is_clean(place) && !place.is_refused.get());
        let surplus = {
            let mut inner = self.places.inner();
            inner.taken -= 1;
            match place {
                Some(place) if inner.free.len() < KEPT => {
                    inner.free.push(place);
                    None
                }
                surplus => surplus,
            }
        };
        // Without the lock: to give back memory takes time.
        drop(surplus);
    }
}

impl Place {
    fn map() -> Option<Place> {
        let bytes = GUARD_BYTES + MEMORY_BYTES + GUARD_BYTES;
        // SAFETY: it asks for a number.
        let page_bytes = usize::try_from(unsafe { libc::sysconf(libc::_SC_PAGESIZE) }).ok()?;
        // SAFETY: new address space, which nothing else lies in.
        let start = unsafe {
            mmap_anonymous(null_mut(), bytes, ProtFlags::empty(), MapFlags::PRIVATE | MapFlags::NORESERVE)
        };
        let start = start.ok()?;
        Some(Place {
            start,
            bytes,
            base: start.cast::<u8>().wrapping_add(GUARD_BYTES),
            page_bytes,
            page_shift: page_bytes.trailing_zeros(),
            size: Cell::new(0),
            open: Cell::new(0),
            high_end: Cell::new(LOW_PAGES * page_bytes),
            is_given: Cell::new(false),
            filled: Cell::new(Filled::Anything),
            calls: Cell::new(0),
            is_spoilt: Cell::new(false),
            is_refused: Cell::new(false),
        })
    }

    /// Where the low pages end.
    fn low_bytes(&self) -> usize {
        LOW_PAGES * self.page_bytes
    }

    /// Opens or closes what lies in the memory from one place to another, both at pages' ends.
    fn protect(&self, bytes: Range<usize>, open: bool) -> rustix::io::Result<()> {
        let flags = if open { MprotectFlags::READ | MprotectFlags::WRITE } else { MprotectFlags::empty() };
        if bytes.start > bytes.end || bytes.end > MEMORY_BYTES {
            return Err(rustix::io::Errno::INVAL);
        }
        // SAFETY: within the address space of this place, of which nobody holds a reference: the engine has pointers.
        let protected = unsafe { mprotect(self.base.wrapping_add(bytes.start).cast(), bytes.len(), flags) };
        self.is_spoilt.set(self.is_spoilt.get() || protected.is_err());
        protected
    }

    /// Bits of the low pages from one on, so many of them.
    fn pages(first: usize, count: usize) -> u128 {
        let ones = if count >= LOW_PAGES { u128::MAX } else { (1 << count) - 1 };
        if first >= LOW_PAGES { 0 } else { ones << first }
    }

    /// Opens everything from one byte to another that is still closed.
    fn open_bytes(&self, bytes: Range<usize>) -> rustix::io::Result<()> {
        let end = bytes.end.min(self.low_bytes());
        if bytes.start < end {
            let first = bytes.start >> self.page_shift;
            let last = (end - 1) >> self.page_shift;
            let wanted = Place::pages(first, last + 1 - first);
            if wanted & !self.open.get() != 0 {
                self.open_pages(wanted)?;
            }
        }
        Ok(())
    }

    /// Opens what somebody is about to touch.
    fn require(&self, bytes: Range<usize>) -> rustix::io::Result<()> {
        let low = self.size.get().min(self.low_bytes());
        // Where the system refuses it, for want of mappings, all at once may take none.
        let opened = self.open_bytes(bytes).or_else(|_| self.open_bytes(0..low));
        self.is_refused.set(self.is_refused.get() || opened.is_err());
        opened
    }

    /// Opens these low pages, which lie beside each other.
    #[cold]
    fn open_pages(&self, wanted: u128) -> rustix::io::Result<()> {
        let open = self.open.get() | wanted;
        let runs = (open & !(open << 1)).count_ones();
        // All between the first and the last where there are too many holes.
        let wanted = if runs > MOST_RUNS { open } else { wanted };
        let (first, end) = (wanted.trailing_zeros() as usize, LOW_PAGES - wanted.leading_zeros() as usize);
        self.protect(first * self.page_bytes..end * self.page_bytes, true)?;
        self.open.set(self.open.get() | Place::pages(first, end - first));
        Ok(())
    }

    /// Opens everything behind the low pages, up to a page's end, and nothing beyond.
    fn open_high(&self, size: usize) -> rustix::io::Result<()> {
        let (end, wanted) = (self.high_end.get(), size.max(self.low_bytes()));
        if end != wanted {
            self.protect(end.min(wanted)..end.max(wanted), wanted > end)?;
            self.high_end.set(wanted);
        }
        Ok(())
    }

    /// Gives a guest its memory, all of it zero.
    fn begin(&self, size: usize) -> rustix::io::Result<()> {
        self.size.set(size);
        let count = size.div_ceil(self.page_bytes);
        let beyond = self.open.get() & !Place::pages(0, count);
        if beyond != 0 {
            // Of a guest with more memory.
            self.protect(size..self.low_bytes(), false)?;
            self.open.set(self.open.get() & !beyond);
        }
        self.open_high(size)?;
        match self.filled.get() {
            // What does not fit is an error of the engine's.
            Filled::Bytes { from, to } => self.open_bytes(from.min(size)..to.min(size)),
            Filled::Anything => self.open_bytes(0..size),
        }
    }

    /// Lets a guest have more.
    fn grow(&self, size: usize) -> rustix::io::Result<()> {
        let before = self.size.get();
        self.open_high(size)?;
        // It is asked for to be used.
        if let Err(refused) = self.open_bytes(before..size) {
            // What lies beyond its memory stays closed.
            self.open_high(before)?;
            return Err(refused);
        }
        self.size.set(size);
        Ok(())
    }

    /// Opens the page of an address, if it is one of the guest's and was closed. Runs in a signal handler: it must not
    /// allocate, lock or panic.
    fn touched(&self, address: usize) -> bool {
        let offset = address.wrapping_sub(self.base as usize);
        let size = self.size.get();
        if offset >= size.min(self.low_bytes()) {
            return false;
        }
        let (page, open) = (offset >> self.page_shift, self.open.get());
        // More at once, the more there are: few signals, however much a guest touches.
        let more = (open.count_ones() as usize / 4).max(1);
        let end = (page + more) * self.page_bytes;
        let low = size.min(self.low_bytes());
        if open & (1 << page) != 0 {
            return false;
        }
        self.require(offset..end.min(low)).is_ok()
    }

    /// Makes everything zero that a guest may have written.
    fn clean(&self) -> rustix::io::Result<()> {
        let (size, calls) = (self.size.replace(0), self.calls.get().wrapping_add(1));
        self.calls.set(calls);
        if size > self.low_bytes() {
            self.forget(self.low_bytes()..size)?;
            self.open_high(size.min(KEPT_OPEN_BYTES))?;
        }
        if calls.is_multiple_of(FORGET_AFTER) && self.open.get().count_ones() > MANY_PAGES {
            self.forget(0..self.low_bytes())?;
            self.protect(0..self.low_bytes(), false)?;
            self.open.set(0);
        }
        let mut open = self.open.get();
        while open != 0 {
            let first = open.trailing_zeros();
            let count = (open >> first).trailing_ones();
            let start = self.base.wrapping_add(first as usize * self.page_bytes);
            // SAFETY: these pages are open, and the guest that had them is no more.
            unsafe { start.write_bytes(0, count as usize * self.page_bytes) }
            open &= !Place::pages(first as usize, count as usize);
        }
        Ok(())
    }

    /// Gives memory back to the system; what is read there next is zero.
    fn forget(&self, bytes: Range<usize>) -> rustix::io::Result<()> {
        // SAFETY: as in `protect`.
        unsafe { madvise(self.base.wrapping_add(bytes.start).cast(), bytes.len(), Advice::LinuxDontNeed) }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        // SAFETY: mapped by `map`, and nobody is in it. Nothing can be done where it fails.
        let _ = unsafe { munmap(self.start, self.bytes) };
    }
}

// SAFETY: reserved and guarded as the engine wants it, of zeros, and never moved.
unsafe impl MemoryCreator for Giver {
    fn new_memory(
        &self,
        _: MemoryType,
        minimum: usize,
        _: Option<usize>,
        reserved: Option<usize>,
        guard: usize,
    ) -> Result<Box<dyn LinearMemory>, String> {
        if reserved != Some(MEMORY_BYTES) || guard > GUARD_BYTES || minimum > MEMORY_BYTES {
            return Err("a place has another size than the engine asks for".into());
        }
        let current = CURRENT.get();
        if current.is_null() {
            return Err("no place was taken for the call".into());
        }
        // SAFETY: `Taken` holds a reference as long as it is current.
        let place = unsafe {
            Arc::increment_strong_count(current);
            Arc::from_raw(current)
        };
        // The engine has memory of its own made the same way where a module has garbage to collect, which none may have here.
        if place.is_given.replace(true) {
            return Err("there is one memory in a place".into());
        }
        place.begin(minimum).map_err(|error| {
            place.is_refused.set(true);
            format!("the system has no memory: {error}")
        })?;
        Ok(Box::new(PlacedMemory(place)))
    }
}

// SAFETY: the memory lies in its place, whose size is the guest's; see `Giver`.
unsafe impl LinearMemory for PlacedMemory {
    fn byte_size(&self) -> usize {
        self.0.size.get()
    }

    fn byte_capacity(&self) -> usize {
        MEMORY_BYTES
    }

    fn grow_to(&mut self, size: usize) -> wasmtime::Result<()> {
        self.0.grow(size).map_err(|error| wasmtime::Error::msg(format!("the system has no memory: {error}")))
    }

    fn as_ptr(&self) -> *mut u8 {
        self.0.base
    }
}

/// Opens what the host itself is about to touch, so that it can be told where the system refuses it. What is beyond the guest's
/// memory is left as it is.
///
/// # Errors
///
/// The system has no memory.
#[inline(always)]
pub(super) fn reach(bytes: Range<usize>) -> wasmtime::Result<()> {
    let current = CURRENT.get();
    if current.is_null() {
        return Ok(());
    }
    // SAFETY: `Taken` holds a reference as long as it is current.
    let place = unsafe { &*current };
    let bytes = bytes.start..bytes.end.min(place.size.get());
    // Most lie in one page that is open.
    let (first, last) = (bytes.start >> place.page_shift, bytes.end.wrapping_sub(1) >> place.page_shift);
    if first == last && first < LOW_PAGES && place.open.get() & (1 << first) != 0 {
        return Ok(());
    }
    place.require(bytes).map_err(|error| wasmtime::Error::msg(format!("the system has no memory: {error}")))
}

/// Has the first touch of a page open it.
pub(super) fn watch<T: 'static>(store: &mut Store<T>) {
    // SAFETY: `on_signal` does nothing that a handler may not.
    unsafe { store.set_signal_handler(on_signal) }
}

/// A signal while a guest runs: whether it was the first touch of a page, which is open now.
fn on_signal(signal: c_int, info: *const libc::siginfo_t, _: *const c_void) -> bool {
    let current = CURRENT.get();
    if !matches!(signal, libc::SIGSEGV | libc::SIGBUS) || current.is_null() || info.is_null() {
        return false;
    }
    // SAFETY: the system gives a handler what happened; the place is taken by this thread, which stands still.
    unsafe { (*current).touched((*info).si_addr() as usize) }
}

#[cfg(test)]
mod tests;
