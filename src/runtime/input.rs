//! The terminal's events as keys, pastes and sizes.

use std::sync::{Condvar, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use crossbeam_channel::Sender;
use crossterm::event::{
    self, KeyCode, KeyEvent, KeyEventKind, KeyModifiers, MouseButton, MouseEvent, MouseEventKind,
};

use crate::app::event::{Gesture, Mouse};
use crate::keymap::{Code, Key, Modifiers};

use super::Message;
use super::background::{Answer, Taken};

/// What comes from the terminal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// A key press.
    Key(Key),
    /// Text pasted at once.
    Paste(String),
    /// The mouse.
    Mouse(Mouse),
    /// The terminal has this size now: columns, rows.
    Resize(u16, u16),
    /// The terminal is gone.
    Closed,
}

/// How long the terminal has to say what its background is; whatever comes later still counts.
const ANSWER: Duration = Duration::from_millis(100);

/// An answer that has begun goes on at once.
const RUN: Duration = Duration::from_millis(40);

/// Starts the thread that reads the terminal. It ends with the process: nothing can interrupt a blocking read.
///
/// With `asked`, the terminal was asked for its background. One that answers is then asked for its keyboard too.
pub fn start(sender: Sender<Message>, asked: bool) -> std::io::Result<()> {
    let read = move || {
        // However this thread ends, a program that hears nothing must not stay.
        let _last_word = LastWord(sender.clone());
        let mut reader = Reader {
            sender,
            answer: Answer::default(),
        };
        if asked {
            // Keys that come in the meantime are not kept waiting: they are read as they come.
            let _ = event::poll(ANSWER);
        }
        while reader.step() {
            PAUSE.wait_while_asked();
        }
    };
    thread::Builder::new()
        .name("input".to_owned())
        .spawn(read)
        .map(drop)
}

struct Reader {
    sender: Sender<Message>,
    answer: Answer,
}

impl Reader {
    /// Takes one event in; says whether there may be more.
    fn step(&mut self) -> bool {
        if self.answer.has_begun() && !event::poll(RUN).unwrap_or(false) {
            let keys = self.answer.give_up();
            return self.send_keys(keys);
        }
        let input = match event::read() {
            Ok(event::Event::Key(key)) => {
                return match self.answer.take(key) {
                    Taken::Held => true,
                    Taken::Keys(keys) => self.send_keys(keys),
                    Taken::Light(light) => {
                        // Now we know that it answers.
                        let _ = super::terminal::take_keyboard();
                        self.sender.send(Message::Background { light }).is_ok()
                    }
                };
            }
            Ok(event::Event::Paste(text)) => Some(Input::Paste(text)),
            Ok(event::Event::Mouse(mouse)) => gesture(mouse).map(Input::Mouse),
            Ok(event::Event::Resize(columns, rows)) => Some(Input::Resize(columns, rows)),
            Ok(_) => None,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => None,
            Err(_) => return false,
        };
        input.is_none_or(|input| self.sender.send(Message::Input(input)).is_ok())
    }

    fn send_keys(&self, keys: Vec<KeyEvent>) -> bool {
        keys.into_iter()
            .filter_map(translate)
            .all(|key| self.sender.send(Message::Input(Input::Key(key))).is_ok())
    }
}

/// Leaves the keys of the terminal to somebody else, an editor, until [`go_on`].
pub fn pause() {
    PAUSE.ask(true);
}

/// Reads the terminal again.
pub fn go_on() {
    PAUSE.ask(false);
}

static PAUSE: Pause = Pause {
    state: Mutex::new((false, false)),
    changed: Condvar::new(),
};

/// Whether the thread shall stand still, and whether it does.
struct Pause {
    state: Mutex<(bool, bool)>,
    changed: Condvar,
}

/// The thread answers much faster, unless the terminal is gone.
const PATIENCE: Duration = Duration::from_millis(500);

impl Pause {
    fn ask(&self, still: bool) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.0 = still;
        self.changed.notify_all();
        if still {
            wake();
            drop(
                self.changed
                    .wait_timeout_while(state, PATIENCE, |state| !state.1),
            );
        }
    }

    fn wait_while_asked(&self) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if !state.0 {
            return;
        }
        state.1 = true;
        self.changed.notify_all();
        let waited = self.changed.wait_while(state, |state| state.0);
        waited.unwrap_or_else(PoisonError::into_inner).1 = false;
    }
}

/// Nothing but an event ends a read that waits for one, and a change of size is an event that we can make. On systems
/// without signals whoever asks waits in vain, and goes on.
fn wake() {
    #[cfg(unix)]
    {
        let own = rustix::process::getpid();
        let _ = rustix::process::kill_process(own, rustix::process::Signal::WINCH);
    }
}

/// Says that the terminal is gone when it is dropped.
struct LastWord(Sender<Message>);

impl Drop for LastWord {
    fn drop(&mut self) {
        // Nobody listens any more: then nobody needs to be told.
        let _ = self.0.send(Message::Input(Input::Closed));
    }
}

/// The key of a press or repeat; releases and lone modifiers are none.
fn translate(event: KeyEvent) -> Option<Key> {
    if event.kind == KeyEventKind::Release {
        return None;
    }
    let mut modifiers = Modifiers {
        ctrl: event.modifiers.contains(KeyModifiers::CONTROL),
        alt: event.modifiers.contains(KeyModifiers::ALT),
        shift: event.modifiers.contains(KeyModifiers::SHIFT),
    };
    let code = match event.code {
        KeyCode::Char(character) => Code::Char(character),
        KeyCode::Enter => Code::Enter,
        KeyCode::Esc => Code::Esc,
        KeyCode::Tab => Code::Tab,
        KeyCode::BackTab => {
            modifiers.shift = true;
            Code::Tab
        }
        KeyCode::Backspace => Code::Backspace,
        KeyCode::Delete => Code::Delete,
        KeyCode::Insert => Code::Insert,
        KeyCode::Home => Code::Home,
        KeyCode::End => Code::End,
        KeyCode::PageUp => Code::PageUp,
        KeyCode::PageDown => Code::PageDown,
        KeyCode::Up => Code::Up,
        KeyCode::Down => Code::Down,
        KeyCode::Left => Code::Left,
        KeyCode::Right => Code::Right,
        KeyCode::F(number) => Code::F(number),
        _ => return None,
    };
    Some(Key::new(code, modifiers))
}

/// What the left button does or a turn of the wheel; the rest is nobody's business.
fn gesture(event: MouseEvent) -> Option<Mouse> {
    let gesture = match event.kind {
        MouseEventKind::Down(MouseButton::Left) => Gesture::Click,
        MouseEventKind::Drag(MouseButton::Left) => Gesture::Drag,
        MouseEventKind::Up(MouseButton::Left) => Gesture::Release,
        MouseEventKind::ScrollDown => Gesture::WheelDown,
        MouseEventKind::ScrollUp => Gesture::WheelUp,
        _ => return None,
    };
    Some(Mouse {
        gesture,
        column: event.column,
        row: event.row,
    })
}
