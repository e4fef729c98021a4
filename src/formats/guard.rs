//! A wall round parsers of others that may panic on hostile input: a panic becomes a message about the file.
//!
//! It holds what a limit or a check in front of it let through. It does not hold a stack that overflows or memory that
//! runs out; a process of its own will.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};

thread_local! {
    static GUARDED: Cell<bool> = const { Cell::new(false) };
}

/// Says whether a panic on this thread would be caught here: whoever reports panics says nothing then.
pub fn is_guarded() -> bool {
    GUARDED.get()
}

/// Does the work; none when it panicked.
pub fn guarded<T>(work: impl FnOnce() -> T) -> Option<T> {
    let before = GUARDED.replace(true);
    let done = catch_unwind(AssertUnwindSafe(work));
    GUARDED.set(before);
    done.ok()
}
