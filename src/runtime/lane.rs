//! Worker lanes. On the interactive lane the latest request of a kind wins; the background lane reads collections; what
//! takes its time has lanes on which it holds up nothing else; the writer puts decisions on disk, in order, and is waited for
//! at the end.

use std::collections::VecDeque;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};

use crossbeam_channel::Sender;

use crate::app::effect::Effect;
use crate::app::event::{Reply, Share};
use crate::cancel::Cancel;
use crate::text::clean;

use super::Message;
use super::world::World;

/// The lanes of a session.
pub struct Lanes {
    interactive: Lane,
    background: Lane,
    numbers: Lane,
    reasons: Lane,
    writer: Lane,
    world: Arc<World>,
}

impl Lanes {
    /// Starts a thread for each.
    pub fn start(world: Arc<World>, sender: &Sender<Message>) -> io::Result<Self> {
        let lane = |name: &str| Lane::start(name, Arc::clone(&world), sender.clone());
        Ok(Self {
            interactive: lane("interactive")?,
            background: lane("background")?,
            numbers: lane("numbers")?,
            reasons: lane("reasons")?,
            writer: lane("writer")?,
            world,
        })
    }

    /// Hands an effect to its lane; gives the number of older ones that it takes the place of.
    pub fn send(&self, effect: Effect) -> usize {
        match effect {
            // Heard before whatever asks for it begins.
            Effect::Personal(personal, selected) => {
                self.world.remember(personal, selected);
                1
            }
            Effect::Open => self.background.replace(effect),
            // Neither a list nor a collection that is still being read is waited for.
            Effect::Statistics { .. } | Effect::Changes { .. } => self.numbers.replace(effect),
            Effect::Export { .. } => self.numbers.push(effect),
            Effect::Why { .. } => self.reasons.replace(effect),
            Effect::Stop => self.background.stop(),
            Effect::Review(_)
            | Effect::ReviewRows { .. }
            | Effect::Retag { .. }
            | Effect::SaveFilter { .. }
            | Effect::Undo
            | Effect::Redo
            | Effect::Look => self.writer.push(effect),
            Effect::Versions(_) => self.interactive.push(effect),
            effect => self.interactive.replace(effect),
        }
    }

    /// Calls off what a person waits for.
    pub fn call_off(&self) {
        self.interactive.call_off();
        self.numbers.call_off();
        self.reasons.call_off();
    }

    /// Calls reading off; what waits for the disk is still written.
    pub fn close(&self) {
        self.interactive.close(false);
        self.background.close(false);
        self.numbers.close(false);
        self.reasons.close(false);
        self.writer.close(true);
    }

    /// Says whether every decision is on disk or was refused.
    pub fn is_finished(&self) -> bool {
        self.writer.thread.is_finished()
    }
}

struct Lane {
    shared: Arc<Shared>,
    thread: JoinHandle<()>,
}

#[derive(Default)]
struct Shared {
    queue: Mutex<Queue>,
    wake: Condvar,
}

#[derive(Default)]
struct Queue {
    waiting: VecDeque<Effect>,
    running: Option<(Kind, Cancel)>,
    closed: bool,
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Queue> {
        // The queue is whole between any two statements: a panic elsewhere does not spoil it.
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Lane {
    fn start(name: &str, world: Arc<World>, sender: Sender<Message>) -> io::Result<Self> {
        let shared = Arc::new(Shared::default());
        let for_thread = Arc::clone(&shared);
        let thread = thread::Builder::new()
            .name(name.to_owned())
            .spawn(move || work(&for_thread, &world, &sender))?;
        Ok(Self { shared, thread })
    }

    fn push(&self, effect: Effect) -> usize {
        self.shared.lock().waiting.push_back(effect);
        self.shared.wake.notify_one();
        0
    }

    /// Queues an effect in place of older ones of its kind; one that is running is called off.
    fn replace(&self, effect: Effect) -> usize {
        let kind = Kind::of(&effect);
        let mut queue = self.shared.lock();
        let before = queue.waiting.len();
        queue.waiting.retain(|old| Kind::of(old) != kind);
        let replaced = before - queue.waiting.len();
        if let Some((_, cancel)) = queue
            .running
            .as_ref()
            .filter(|(running, _)| *running == kind)
        {
            cancel.cancel();
        }
        queue.waiting.push_back(effect);
        self.shared.wake.notify_one();
        replaced
    }

    /// Calls off what runs; what waits is done.
    fn call_off(&self) {
        if let Some((_, cancel)) = &self.shared.lock().running {
            cancel.cancel();
        }
    }

    /// Calls off what runs; that answers it.
    fn stop(&self) -> usize {
        if let Some((_, cancel)) = &self.shared.lock().running {
            cancel.cancel();
        }
        1
    }

    /// Takes nothing more. With `finish` what waits is still done, else it is forgotten and what runs is called off.
    fn close(&self, finish: bool) {
        let mut queue = self.shared.lock();
        queue.closed = true;
        if !finish {
            queue.waiting.clear();
            if let Some((_, cancel)) = &queue.running {
                cancel.cancel();
            }
        }
        self.shared.wake.notify_one();
    }
}

/// Effects of one kind take each other's place; the next page of a list is another kind than its first.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Kind(std::mem::Discriminant<Effect>, bool);

impl Kind {
    fn of(effect: &Effect) -> Self {
        Self(
            std::mem::discriminant(effect),
            matches!(effect, Effect::Find { after: Some(_), .. }),
        )
    }
}

fn work(shared: &Shared, world: &World, sender: &Sender<Message>) {
    loop {
        let (effect, cancel) = {
            let mut queue = shared.lock();
            loop {
                if let Some(effect) = queue.waiting.pop_front() {
                    let cancel = Cancel::new();
                    queue.running = Some((Kind::of(&effect), cancel.clone()));
                    break (effect, cancel);
                }
                if queue.closed {
                    drop(queue);
                    world.settle();
                    return;
                }
                queue = shared
                    .wake
                    .wait(queue)
                    .unwrap_or_else(PoisonError::into_inner);
            }
        };
        let mut meanwhile = |reply| {
            let may_be_dropped = match reply {
                Reply::Progress(_) | Reply::Grown | Reply::Compares { .. } => true,
                // That it begins must be heard.
                Reply::Grouping(share) => share != Share::default(),
                _ => false,
            };
            let message = Message::Meanwhile(reply);
            // A full inbox means that the screen is behind. Nobody takes anything when the session is over.
            let _ = match may_be_dropped {
                true => sender.try_send(message).is_ok(),
                false => sender.send(message).is_ok(),
            };
        };
        let answer = catch_unwind(AssertUnwindSafe(|| {
            world.answer(effect, &cancel, &mut meanwhile)
        }));
        let replies = answer
            .unwrap_or_else(|panic| vec![Reply::Failed(clean::line(&what_panicked(&*panic)))]);
        shared.lock().running = None;
        if sender.send(Message::Done(replies)).is_err() {
            return;
        }
    }
}

fn what_panicked(panic: &(dyn std::any::Any + Send)) -> String {
    let what = panic
        .downcast_ref::<&str>()
        .copied()
        .or(panic.downcast_ref::<String>().map(String::as_str));
    format!(
        "an error in recto itself: {}; please report it",
        what.unwrap_or("no message")
    )
}
