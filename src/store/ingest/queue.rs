//! Hands results over in the order of the work, whichever worker is done first.
//!
//! Work is numbered. A piece of work may give its results in several parts; those of a later piece wait until all before
//! it are through. Whoever runs ahead of the others waits once so much is held back, so that memory stays bounded; the
//! piece whose turn it is never waits for them.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// How much may wait for its turn, in bytes of text.
const HELD: usize = 24 << 20;
/// How many parts of the piece whose turn it is may wait to be taken.
const PARTS: usize = 4;

/// Results on their way from workers to the one who takes them.
pub(super) struct Queue<T> {
    state: Mutex<State<T>>,
    /// There may be something to take.
    ready: Condvar,
    /// There may be room.
    room: Condvar,
}

struct State<T> {
    /// The piece whose turn it is.
    next: u64,
    waiting: BTreeMap<u64, Piece<T>>,
    /// Bytes in `waiting`.
    held: usize,
    /// How many pieces there are, once that is known.
    all: Option<u64>,
    /// Nobody takes anything any more.
    closed: bool,
}

struct Piece<T> {
    parts: VecDeque<(T, usize)>,
    ended: bool,
}

impl<T> Default for Queue<T> {
    fn default() -> Self {
        Self {
            state: Mutex::new(State {
                next: 0,
                waiting: BTreeMap::new(),
                held: 0,
                all: None,
                closed: false,
            }),
            ready: Condvar::new(),
            room: Condvar::new(),
        }
    }
}

impl<T> State<T> {
    fn piece(&mut self, number: u64) -> &mut Piece<T> {
        self.waiting.entry(number).or_insert_with(|| Piece {
            parts: VecDeque::new(),
            ended: false,
        })
    }
}

impl<T> Queue<T> {
    fn lock(&self) -> MutexGuard<'_, State<T>> {
        // Whole between any two statements.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Gives a part of a piece, of about so many bytes; waits while there is no room. Says whether to go on.
    pub(super) fn give(&self, number: u64, part: T, bytes: usize) -> bool {
        let mut state = self.lock();
        loop {
            if state.closed {
                return false;
            }
            let has_room = match number == state.next {
                true => state.piece(number).parts.len() < PARTS,
                false => state.held < HELD,
            };
            if has_room {
                break;
            }
            state = self
                .room
                .wait(state)
                .unwrap_or_else(PoisonError::into_inner);
        }
        state.held += bytes;
        state.piece(number).parts.push_back((part, bytes));
        self.ready.notify_one();
        true
    }

    /// A piece has given all of its parts.
    pub(super) fn end(&self, number: u64) {
        self.lock().piece(number).ended = true;
        self.ready.notify_one();
    }

    /// There are so many pieces.
    pub(super) fn limit(&self, all: u64) {
        self.lock().all = Some(all);
        self.ready.notify_one();
    }

    /// Nobody takes anything any more.
    pub(super) fn close(&self) {
        self.lock().closed = true;
        self.room.notify_all();
    }

    /// The next part, in order; waits for it. None at the end.
    pub(super) fn take(&self) -> Option<T> {
        let mut state = self.lock();
        loop {
            let next = state.next;
            if state.all.is_some_and(|all| next >= all) {
                return None;
            }
            let piece = state.piece(next);
            if let Some((part, bytes)) = piece.parts.pop_front() {
                state.held -= bytes;
                self.room.notify_all();
                return Some(part);
            }
            if piece.ended {
                state.waiting.remove(&next);
                state.next += 1;
                self.room.notify_all();
                continue;
            }
            state = self
                .ready
                .wait(state)
                .unwrap_or_else(PoisonError::into_inner);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::thread;

    use super::*;

    #[test]
    fn parts_come_in_the_order_of_the_work() {
        let queue: Queue<(u64, u64)> = Queue::default();
        thread::scope(|scope| {
            for worker in 0..3 {
                let queue = &queue;
                scope.spawn(move || {
                    // Each has every third piece, of as many parts as its number says; large ones wait for their turn.
                    for number in (0..30u64).filter(|it| it % 3 == worker) {
                        for part in 0..number % 5 {
                            assert!(queue.give(number, (number, part), HELD / 3));
                        }
                        queue.end(number);
                    }
                });
            }
            queue.limit(30);
            let taken: Vec<_> = std::iter::from_fn(|| queue.take()).collect();
            let all = (0..30).flat_map(|number| (0..number % 5).map(move |part| (number, part)));
            assert_eq!(taken, all.collect::<Vec<_>>());
        });
    }

    #[test]
    fn nobody_waits_for_a_queue_that_is_closed() {
        let queue: Queue<()> = Queue::default();
        thread::scope(|scope| {
            let giver = scope.spawn(|| (0..).take_while(|_| queue.give(0, (), 1)).count());
            while queue.lock().piece(0).parts.len() < PARTS {
                thread::yield_now();
            }
            queue.close();
            assert_eq!(giver.join().unwrap(), PARTS);
        });
    }
}
