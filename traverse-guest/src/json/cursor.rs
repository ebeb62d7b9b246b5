//! A place in a text that ends with a zero: so that a step needs no look at where the end is.

use crate::text::Text;
use core::ptr::NonNull;

/// A place in bytes of which the last is zero. It never comes behind the first zero from where it began.
#[derive(Clone, Copy, PartialEq)]
pub(super) struct Cursor(NonNull<u8>);

impl Cursor {
    /// The beginning of the text, which gets a zero at its end.
    ///
    /// # Safety
    ///
    /// The text is neither dropped nor changed otherwise while this, or what was made of it, is in use.
    pub(super) unsafe fn begin(text: &mut Text) -> Cursor {
        text.push_byte(0);
        Cursor(text.buffer().beginning())
    }

    /// The byte here.
    #[inline(always)]
    pub(super) fn byte(self) -> u8 {
        // SAFETY: the place is within the bytes: it was their beginning, and goes on only from what is no zero, which
        // at least the last one is.
        unsafe { *self.0.as_ref() }
    }

    /// The next place; from a zero none.
    #[inline(always)]
    pub(super) fn next(self) -> Cursor {
        // SAFETY: what is no zero is not the last of the bytes.
        Cursor(unsafe { self.0.add(usize::from(self.byte() != 0)) })
    }

    /// The next place, where it is known without a look that there is one.
    ///
    /// # Safety
    ///
    /// What is here is no zero.
    #[inline(always)]
    pub(super) unsafe fn step(self) -> Cursor {
        // SAFETY: so it is not the last of the bytes.
        Cursor(unsafe { self.0.add(1) })
    }

    /// The place behind `byte`, if that is here; else this one.
    #[inline(always)]
    pub(super) fn after(self, byte: u8) -> Cursor {
        if self.byte() == byte { self.next() } else { self }
    }

    /// The next place, whatever is here, once `byte` is.
    ///
    /// # Safety
    ///
    /// Another place, which is in use, lies behind this one.
    #[inline(always)]
    pub(super) unsafe fn put(self, byte: u8) -> Cursor {
        // SAFETY: so this one is within the bytes, and not the last of them.
        unsafe {
            *self.0.as_ptr() = byte;
            Cursor(self.0.add(1))
        }
    }

    /// How many bytes lie between an earlier place and this one.
    #[inline(always)]
    pub(super) fn since(self, earlier: Cursor) -> usize {
        (self.0.as_ptr() as usize).wrapping_sub(earlier.0.as_ptr() as usize)
    }
}
