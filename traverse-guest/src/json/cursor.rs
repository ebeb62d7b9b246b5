//! A place in a text that ends with a zero: so that a step needs no look at where the end is.

use core::marker::PhantomData;
use core::ptr::NonNull;

/// A place in bytes of which the last is zero. It never comes behind the first zero from where it began.
#[derive(Clone, Copy, PartialEq)]
pub(super) struct Cursor<'a> {
    place: NonNull<u8>,
    bytes: PhantomData<&'a [u8]>,
}

impl<'a> Cursor<'a> {
    /// The beginning of what ends with a zero; of anything else the beginning of nothing.
    pub(super) fn new(bytes: &'a [u8]) -> Cursor<'a> {
        let bytes: &'a [u8] = if bytes.last() == Some(&0) { bytes } else { &[0] };
        Cursor { place: NonNull::from(bytes).cast(), bytes: PhantomData }
    }

    /// The byte here.
    #[inline(always)]
    pub(super) fn byte(self) -> u8 {
        // SAFETY: the place is within the bytes: it was their beginning, and goes on only from what is no zero, which
        // at least the last one is.
        unsafe { *self.place.as_ref() }
    }

    /// The next place; from a zero none.
    #[inline(always)]
    pub(super) fn next(self) -> Cursor<'a> {
        // SAFETY: what is no zero is not the last of the bytes.
        Cursor { place: unsafe { self.place.add(usize::from(self.byte() != 0)) }, bytes: self.bytes }
    }

    /// The place behind `byte`, if that is here; else this one.
    #[inline(always)]
    pub(super) fn after(self, byte: u8) -> Cursor<'a> {
        if self.byte() == byte { self.next() } else { self }
    }

    /// The first place from here on where, in a string of JSON, a byte does not stand for itself: a quote, a backslash or a
    /// control character.
    #[inline(never)]
    pub(super) fn plain_end(mut self) -> Cursor<'a> {
        while super::is_plain(self.byte()) {
            self = self.next();
        }
        self
    }

    /// How many bytes lie before it, from the first of `bytes` on.
    #[inline(always)]
    pub(super) fn index(self, bytes: &[u8]) -> usize {
        (self.place.as_ptr() as usize).wrapping_sub(bytes.as_ptr() as usize)
    }
}
