//! The guest's allocator: blocks of powers of two, one list of free blocks for each size.
//!
//! A guest lives for one call, on one thread. The platform's allocator costs every module 10 KB; this one costs a few
//! hundred bytes, gives freed memory back to the next request of its size, and takes the same steps on every host.
//! It never hands memory back to the host: the host drops the whole of it after the call.

use core::alloc::{GlobalAlloc, Layout};
use core::arch::wasm32::{memory_grow, memory_size};
use core::cell::UnsafeCell;
use core::ptr::{addr_of, null_mut};

const PAGE_BYTES: usize = 64 << 10;
/// Every block is aligned to this, and no block is smaller.
const GRAIN: usize = 16;

struct Blocks(UnsafeCell<State>);

unsafe extern "C" {
    /// The linker's: here begins what the memory has above stack and data.
    static __heap_base: u8;
}

struct State {
    /// For each power of two, the first free block; a free block begins with the address of the next.
    free: [*mut u8; usize::BITS as usize],
    /// What is left of the newest stretch of memory; `next` is 0 before the first request. Where there are 4 GiB, `end` is 0.
    next: usize,
    end: usize,
}

// SAFETY: wasm32-wasip1 has one thread.
unsafe impl Sync for Blocks {}

#[global_allocator]
static BLOCKS: Blocks =
    Blocks(UnsafeCell::new(State { free: [null_mut(); usize::BITS as usize], next: 0, end: 0 }));

/// The power of two that a layout is served with; of one beyond the address space there are no blocks.
fn exponent(layout: Layout) -> u32 {
    // Blocks are aligned to the grain alone, so a wider alignment needs room to move in. No layout is so large that the
    // sum overflows, and none that is asked for is empty.
    let room = if layout.align() > GRAIN { layout.align() } else { 0 };
    usize::BITS - ((layout.size() + room).wrapping_sub(1) | (GRAIN - 1)).leading_zeros()
}

impl State {
    fn take(&mut self, exponent: u32) -> *mut u8 {
        // SAFETY: no layout has more than 2^31 bytes, nor with room for its alignment.
        let list = unsafe { self.free.get_unchecked_mut(exponent as usize) };
        let first = *list;
        if !first.is_null() {
            // SAFETY: blocks on a list are ours, at least one grain long, and begin with the address of the next.
            *list = unsafe { *first.cast::<*mut u8>() };
            return first;
        }
        let bytes = 1usize << exponent;
        while self.end.wrapping_sub(self.next) < bytes {
            let pages = bytes.div_ceil(PAGE_BYTES);
            let start = if self.next == 0 {
                // What stack and data leave.
                addr_of!(__heap_base) as usize
            } else {
                match memory_grow::<0>(pages) {
                    usize::MAX => return null_mut(),
                    before => before * PAGE_BYTES,
                }
            };
            // Memory grows at its end, so a new stretch often continues the old one.
            if start != self.end {
                self.next = start;
            }
            self.end = memory_size::<0>().wrapping_mul(PAGE_BYTES);
        }
        let block = self.next as *mut u8;
        self.next += bytes;
        block
    }
}

// SAFETY: a block is on a free list or in use, never both; blocks do not overlap, because `next` only moves forward
// over memory that nobody else has: what the module was linked with, or pages that `memory_grow` has just given to this caller.
unsafe impl GlobalAlloc for Blocks {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: one thread, and nothing below calls back into the allocator.
        let block = unsafe { (*self.0.get()).take(exponent(layout)) };
        // The next address of that alignment, of null null.
        block.map_addr(|address| (address + layout.align() - 1) & !(layout.align() - 1))
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // The start of a block with a wide alignment is not kept, so it is not used again. Such layouts are rare.
        if layout.align() > GRAIN {
            return;
        }
        // SAFETY: one thread; the block came from `alloc` with the same layout, so it is this long and ours again.
        unsafe {
            let list = (*self.0.get()).free.get_unchecked_mut(exponent(layout) as usize);
            *pointer.cast::<*mut u8>() = *list;
            *list = pointer;
        }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, new_bytes: usize) -> *mut u8 {
        // SAFETY: the caller keeps `new_bytes` within what a layout may have.
        let wanted = unsafe { Layout::from_size_align_unchecked(new_bytes, layout.align()) };
        if exponent(layout) == exponent(wanted) {
            return pointer;
        }
        // SAFETY: the two blocks are distinct, and both at least as long as the shorter of the two layouts.
        unsafe {
            let moved = self.alloc(wanted);
            if !moved.is_null() {
                core::ptr::copy_nonoverlapping(pointer, moved, layout.size().min(new_bytes));
                self.dealloc(pointer, layout);
            }
            moved
        }
    }
}
