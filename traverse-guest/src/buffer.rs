//! A list that grows, of values that are copied. The standard library's own takes four times as much code to grow, and has
//! ways to fail that bring more.

use alloc::alloc::{alloc, dealloc};
use core::alloc::Layout;
use core::fmt;
use core::marker::PhantomData;
use core::ptr::NonNull;

/// What a list has of memory.
#[derive(Clone, Copy)]
struct Room {
    start: NonNull<u8>,
    /// How many bytes hold values.
    length: usize,
    /// How many bytes there are.
    capacity: usize,
}

/// Values beside each other.
pub(crate) struct Buffer<T: Copy> {
    room: Room,
    values: PhantomData<T>,
}

/// Of everything that a list holds.
const ALIGN: usize = 8;

impl Room {
    /// Makes room for more bytes, no more than something in memory has.
    #[cold]
    #[inline(never)]
    fn grow(&mut self, more: usize) {
        // Neither sum overflows: nothing in memory is longer than half of what addresses count.
        let capacity = (self.length + more).max(self.capacity * 2);
        let start = room_for(capacity);
        // SAFETY: the old memory has so many bytes and is another; the new has more.
        unsafe { start.copy_from_nonoverlapping(self.start, self.length) };
        self.release();
        (self.start, self.capacity) = (start, capacity);
    }

    #[inline(always)]
    fn release(&self) {
        if self.capacity > 0 {
            // SAFETY: allocated by `grow`, with this layout, and used no more.
            unsafe {
                dealloc(self.start.as_ptr(), Layout::from_size_align_unchecked(self.capacity, ALIGN));
            }
        }
    }
}

impl<T: Copy> Buffer<T> {
    const SIZE: usize = {
        assert!(align_of::<T>() <= ALIGN && size_of::<T>() > 0);
        size_of::<T>()
    };

    pub(crate) const fn new() -> Buffer<T> {
        // Aligned for every value.
        let start = NonNull::<u64>::dangling().cast();
        Buffer { room: Room { start, length: 0, capacity: 0 }, values: PhantomData }
    }

    #[inline(always)]
    fn start(&self) -> *mut T {
        self.room.start.as_ptr().cast()
    }

    pub(crate) fn len(&self) -> usize {
        self.room.length / Self::SIZE
    }

    /// Room for `more` values.
    #[inline(always)]
    pub(crate) fn reserve(&mut self, more: usize) {
        let more = more * Self::SIZE;
        if self.room.capacity - self.room.length < more {
            self.room.grow(more);
        }
    }

    /// Behind the last value.
    #[inline(always)]
    fn end(&self) -> *mut T {
        // SAFETY: within the room, or at its end.
        unsafe { self.room.start.as_ptr().add(self.room.length).cast() }
    }

    #[inline(always)]
    pub(crate) fn push(&mut self, value: T) {
        self.reserve(1);
        // SAFETY: there is room for one more.
        unsafe { self.end().write(value) };
        self.room.length += Self::SIZE;
    }

    #[inline(always)]
    pub(crate) fn extend(&mut self, values: &[T]) {
        self.reserve(values.len());
        // SAFETY: there is room for them, which nobody else has.
        unsafe { self.end().copy_from_nonoverlapping(values.as_ptr(), values.len()) };
        self.room.length += size_of_val(values);
    }

    /// Where the first value lies; until the list grows.
    pub(crate) fn beginning(&mut self) -> NonNull<T> {
        self.room.start.cast()
    }

    /// Has `fill` write into the room that is left, and say how many values it wrote.
    ///
    /// # Safety
    ///
    /// It wrote as many from the beginning on.
    #[cfg(target_arch = "wasm32")]
    pub(crate) unsafe fn fill(&mut self, fill: impl FnOnce(*mut T, usize) -> usize) -> usize {
        let spare = (self.room.capacity - self.room.length) / Self::SIZE;
        let filled = fill(self.end(), spare).min(spare);
        self.room.length += filled * Self::SIZE;
        filled
    }

    #[inline(always)]
    pub(crate) fn as_slice(&self) -> &[T] {
        // SAFETY: so many values were written there.
        unsafe { core::slice::from_raw_parts(self.start(), self.len()) }
    }

    #[inline(always)]
    pub(crate) fn as_mut_slice(&mut self) -> &mut [T] {
        // SAFETY: as above, and they are ours.
        unsafe { core::slice::from_raw_parts_mut(self.start(), self.len()) }
    }
}

impl<T: Copy> Buffer<T> {
    /// Gives the memory back.
    ///
    /// What a module holds goes with the call, so that there, but for this, nothing is given back: most of it is on the way
    /// to the end of the call, and code that drops it would be nearly all that it costs.
    pub(crate) fn release(self) {
        #[cfg(target_arch = "wasm32")]
        self.room.release();
    }
}

#[cfg(not(target_arch = "wasm32"))]
impl<T: Copy> Drop for Buffer<T> {
    fn drop(&mut self) {
        self.room.release();
    }
}

impl<T: Copy> Default for Buffer<T> {
    fn default() -> Buffer<T> {
        Buffer::new()
    }
}

impl<T: Copy> Clone for Buffer<T> {
    fn clone(&self) -> Buffer<T> {
        let mut copy = Buffer::new();
        copy.extend(self.as_slice());
        copy
    }
}

impl<T: Copy + PartialEq> PartialEq for Buffer<T> {
    fn eq(&self, other: &Buffer<T>) -> bool {
        self.as_slice() == other.as_slice()
    }
}

impl<T: Copy + fmt::Debug> fmt::Debug for Buffer<T> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_slice().fmt(out)
    }
}

/// A value in memory of its own, which is passed on as one number. What a call still holds when it ends goes with it: so in
/// a module none is given back.
#[cfg(target_arch = "wasm32")]
#[derive(Debug, PartialEq)]
pub struct Owned<T: 'static>(&'static mut T);
/// A value in memory of its own.
#[cfg(not(target_arch = "wasm32"))]
pub type Owned<T> = alloc::boxed::Box<T>;

#[cfg(target_arch = "wasm32")]
impl<T> core::ops::Deref for Owned<T> {
    type Target = T;

    #[inline(always)]
    fn deref(&self) -> &T {
        self.0
    }
}

#[cfg(target_arch = "wasm32")]
impl<T> core::ops::DerefMut for Owned<T> {
    #[inline(always)]
    fn deref_mut(&mut self) -> &mut T {
        self.0
    }
}

/// What was a value in memory of its own.
#[inline(always)]
// Elsewhere than in a module it is a box.
#[allow(clippy::boxed_local)]
pub(crate) fn disowned<T>(value: Owned<T>) -> T {
    #[cfg(target_arch = "wasm32")]
    // SAFETY: this was all that led to it, and nobody gives its place back.
    return unsafe { core::ptr::read(value.0) };
    #[cfg(not(target_arch = "wasm32"))]
    *value
}

/// A value in memory of its own.
#[inline(always)]
pub(crate) fn owned<T>(value: T) -> Owned<T> {
    #[cfg(target_arch = "wasm32")]
    // SAFETY: the place is new, large enough, and never given back.
    unsafe {
        let mut place = room_for(size_of::<T>()).cast::<T>();
        place.write(value);
        Owned(place.as_mut())
    }
    #[cfg(not(target_arch = "wasm32"))]
    alloc::boxed::Box::new(value)
}

/// Memory for so many bytes, which are not none.
#[inline(never)]
fn room_for(bytes: usize) -> NonNull<u8> {
    if bytes > isize::MAX as usize {
        crate::panic::out_of_memory(bytes);
    }
    // SAFETY: the size is one that a layout can have, and not zero.
    let start = unsafe { alloc(Layout::from_size_align_unchecked(bytes, ALIGN)) };
    NonNull::new(start).unwrap_or_else(|| crate::panic::out_of_memory(bytes))
}
