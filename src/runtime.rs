//! The only place with threads, a terminal, signals and the clock.
//!
//! Key to screen: input thread -> key -> `Keymap::resolve` -> `app::update` -> effects to a worker lane -> reply ->
//! `app::update` -> one draw when the inbox is empty. A [`Session`] runs on any backend, so that journeys in tests
//! are the real thing without a terminal.

mod background;
pub mod frame;
pub mod input;
pub mod keeper;
pub mod lane;
mod programs;
pub mod setup;
pub mod signals;
pub mod terminal;
pub mod wall;
pub mod watch;
pub mod world;

use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, bounded};
use ratatui::Terminal;
use ratatui::backend::Backend;
use ratatui::layout::Rect;

use crate::app::action::Action;
use crate::app::changes::ChangesScreen;
use crate::app::effect::Effect;
use crate::app::event::{Event, Hint, Reply};
use crate::app::keepsake::{self, Keepsake};
use crate::app::state::{CommandInfo, Settings, Size, State};
use crate::app::{self};
use crate::keymap::{COMMANDS, Code, Key, Keymap, Modifiers, Resolution};
use crate::model::Clean;
use crate::theme::Theme;
use crate::view;

use frame::Links;
use input::Input;
use keeper::Keeper;
use lane::Lanes;
use world::World;

/// How long an unfinished sequence of keys waits before it explains itself, and how long a person waits for something
/// before it is said what is under way.
const PAUSE: Duration = Duration::from_millis(400);
/// Messages under way; whoever sends more waits.
const INBOX: usize = 1024;

/// What reaches the loop.
#[derive(Debug)]
pub enum Message {
    /// From the terminal.
    Input(Input),
    /// A worker is done with one effect.
    Done(Vec<Reply>),
    /// A worker has something to say meanwhile.
    Meanwhile(Reply),
    /// Somebody wrote to the review log.
    Written,
    /// The system wants the program to end; the number of the signal.
    End(i32),
    /// The system wants the program to stop, or has let it go on.
    Stop,
    /// The program goes on after a stop that it did not see coming.
    Continue,
    /// The terminal says what its background is.
    Background {
        /// It is light.
        light: bool,
    },
}

/// What the loop needs of a terminal besides drawing.
pub trait Host {
    /// Gives the terminal back, stops the process, and takes the terminal again when it goes on.
    fn suspend(&mut self) -> io::Result<()>;
    /// Takes the terminal again after somebody else stopped the process.
    fn resume(&mut self) -> io::Result<()>;
    /// Puts text on the clipboard.
    fn copy(&mut self, text: &Clean) -> io::Result<()>;
    /// Opens an address in the browser; gives the program's name.
    fn browse(&mut self, url: &str) -> io::Result<String>;
    /// Opens a copy of a text in the editor and waits for its end; gives the program's name.
    fn edit(&mut self, name: &str, text: &str) -> io::Result<String>;
}

/// Why the loop ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// The person said so.
    Quit,
    /// A signal said so.
    Signal(i32),
}

/// What a session is started with.
pub struct Start {
    /// The collection and the review log.
    pub world: World,
    /// The keys.
    pub keymap: Keymap,
    /// The colours.
    pub theme: Theme,
    /// The colours to choose from when the terminal says what its background is; none where a person chose.
    pub themes: Option<Themes>,
    /// What a person has set.
    pub settings: Settings,
    /// Takes the mouse.
    pub mouse: bool,
    /// The file of the review log, where others may write to it.
    pub watch: Option<PathBuf>,
    /// Where the place is written down, and what was written there.
    pub keep: Option<(Keeper, Keepsake)>,
    /// Nothing was named and nothing was read before.
    pub welcome: bool,
    /// It begins with what changed between the two inputs.
    pub changes: bool,
    /// Where cells of the next frame lead, for a terminal that is told.
    pub links: Links,
}

/// The same colours for both kinds of background.
#[derive(Clone, Copy, Debug)]
pub struct Themes {
    /// For a dark one.
    pub dark: Theme,
    /// For a light one.
    pub light: Theme,
}

/// One run of the screen.
pub struct Session<B: Backend> {
    terminal: Terminal<B>,
    state: State,
    keymap: Keymap,
    theme: Theme,
    themes: Option<Themes>,
    lanes: Lanes,
    keeper: Option<Keeper>,
    links: Links,
    inbox: Receiver<Message>,
    sender: Sender<Message>,
    /// Keys typed so far that begin a longer sequence.
    pending: Vec<Key>,
    /// Effects that have not been answered.
    outstanding: usize,
    end: Option<End>,
}

impl<B: Backend> Session<B>
where
    B::Error: Send + Sync + 'static,
{
    /// Starts the workers and begins to read the collection.
    pub fn start(terminal: Terminal<B>, start: Start) -> io::Result<Self> {
        let (sender, inbox) = bounded(INBOX);
        let size = terminal.size().map_err(io::Error::other)?;
        let size = Size {
            columns: size.width,
            rows: size.height,
        };
        let mut state = State::new(size, start.settings, commands(&start.keymap));
        state.welcome = start.welcome;
        state.changes = start.changes.then(ChangesScreen::default);
        let keeper = start.keep.map(|(keeper, keepsake)| {
            keepsake::take_up(&mut state, keepsake);
            keeper
        });
        let lanes = Lanes::start(Arc::new(start.world), &sender)?;
        let mut session = Self {
            terminal,
            state,
            keymap: start.keymap,
            theme: start.theme,
            themes: start.themes,
            lanes,
            inbox,
            sender,
            keeper,
            links: start.links,
            pending: Vec::new(),
            outstanding: 0,
            end: None,
        };
        session.dispatch(Effect::Open);
        Ok(session)
    }

    /// Where the input and signal threads send to.
    pub fn sender(&self) -> Sender<Message> {
        self.sender.clone()
    }

    /// The state, for tests to look at.
    pub fn state(&self) -> &State {
        &self.state
    }

    /// The terminal, for tests to resize.
    pub fn terminal_mut(&mut self) -> &mut Terminal<B> {
        &mut self.terminal
    }

    /// The terminal, for tests to look at.
    pub fn terminal(&self) -> &Terminal<B> {
        &self.terminal
    }

    /// Runs until the person or the system ends it. Blocks while nothing happens: an idle program costs nothing.
    ///
    /// Gives why it ended, and what could not be done at the very end.
    pub fn run(&mut self, host: &mut dyn Host) -> io::Result<(End, Vec<Clean>)> {
        self.draw()?;
        loop {
            let explains = !self.pending.is_empty() && self.state.hints.is_empty();
            let slow = self.state.busy.is_some() && !self.state.slow;
            let message = if !explains && !slow {
                self.inbox.recv().ok()
            } else {
                match self.inbox.recv_timeout(PAUSE) {
                    Ok(message) => Some(message),
                    Err(RecvTimeoutError::Timeout) => {
                        if explains {
                            self.explain_pending();
                        }
                        if slow {
                            self.update(Event::Slow, host)?;
                        }
                        None
                    }
                    Err(RecvTimeoutError::Disconnected) => None,
                }
            };
            if let Some(message) = message {
                self.take(message, host)?;
            }
            // One draw for all that has arrived.
            while let Ok(message) = self.inbox.try_recv() {
                self.take(message, host)?;
                if self.end.is_some() {
                    break;
                }
            }
            if let Some(end) = self.end {
                return Ok((end, self.finish()));
            }
            self.draw()?;
        }
    }

    /// Waits until every decision is on disk. The inbox is emptied meanwhile: a writer that waits for room in it would
    /// never end. Gives what failed.
    pub fn finish(&mut self) -> Vec<Clean> {
        self.lanes.close();
        if let Some(mut keeper) = self.keeper.take() {
            if let Some(keepsake) = keepsake::of(&self.state) {
                keeper.keep(keepsake);
            }
            keeper.finish();
        }
        let mut failures = Vec::new();
        loop {
            let finished = self.lanes.is_finished();
            let replies = match self.inbox.recv_timeout(Duration::from_millis(5)) {
                Ok(Message::Done(replies)) => replies,
                Ok(_) => continue,
                Err(_) if finished => return failures,
                Err(_) => continue,
            };
            failures.extend(replies.into_iter().filter_map(|reply| match reply {
                Reply::Failed(why) => Some(why),
                _ => None,
            }));
        }
    }

    /// Takes messages until every effect is answered, then draws: what a test waits for instead of a clock.
    pub fn settle(&mut self, host: &mut dyn Host) -> io::Result<()> {
        while self.outstanding > 0 && self.end.is_none() {
            let Ok(message) = self.inbox.recv() else {
                break;
            };
            self.take(message, host)?;
        }
        self.draw()
    }

    /// Takes one message in.
    pub fn take(&mut self, message: Message, host: &mut dyn Host) -> io::Result<()> {
        match message {
            Message::Input(Input::Key(key)) => self.key(key, host)?,
            Message::Input(Input::Paste(text)) => self.update(Event::Insert(text), host)?,
            Message::Input(Input::Mouse(mouse)) => self.update(Event::Mouse(mouse), host)?,
            Message::Input(Input::Resize(columns, rows)) => {
                self.terminal.autoresize().map_err(io::Error::other)?;
                self.update(Event::Resize { columns, rows }, host)?;
            }
            Message::Input(Input::Closed) => self.end = Some(End::Signal(signals::HANG_UP)),
            Message::Done(replies) => {
                self.outstanding = self.outstanding.saturating_sub(1);
                for reply in replies {
                    self.update(Event::Reply(reply), host)?;
                }
            }
            Message::Written => self.dispatch(Effect::Look),
            Message::Meanwhile(reply) => self.update(Event::Reply(reply), host)?,
            Message::End(signal) => self.end = Some(End::Signal(signal)),
            Message::Background { light } => {
                if let Some(themes) = &self.themes {
                    self.theme = if light { themes.light } else { themes.dark };
                }
            }
            Message::Stop => self.suspend(host)?,
            Message::Continue => {
                host.resume()?;
                self.repaint()?;
            }
        }
        Ok(())
    }

    fn key(&mut self, key: Key, host: &mut dyn Host) -> io::Result<()> {
        let context = self.state.context();
        self.pending.push(key);
        match self.keymap.resolve(context, &self.pending) {
            Resolution::Action(action) => {
                self.pending.clear();
                self.update(Event::Action(action), host)
            }
            // The box that explains it, once open, follows along.
            Resolution::Pending(_) if !self.state.hints.is_empty() => {
                self.explain_pending();
                Ok(())
            }
            Resolution::Pending(_) => Ok(()),
            // Escape and a key typed fast reach us as that key with Alt: unless that is bound, they are two keys.
            Resolution::None if self.pending.len() == 1 && key.modifiers().alt => {
                self.pending.clear();
                let Modifiers { ctrl, shift, .. } = key.modifiers();
                self.key(Key::new(Code::Esc, Modifiers::default()), host)?;
                self.key(
                    Key::new(
                        key.code(),
                        Modifiers {
                            ctrl,
                            shift,
                            alt: false,
                        },
                    ),
                    host,
                )
            }
            Resolution::None => {
                self.pending.clear();
                self.update(Event::Pending(Vec::new()), host)?;
                match key.typed().filter(|_| self.state.prompt.is_some()) {
                    Some(typed) => self.update(Event::Insert(typed.to_string()), host),
                    None => Ok(()),
                }
            }
        }
    }

    fn explain_pending(&mut self) {
        if let Resolution::Pending(next) = self.keymap.resolve(self.state.context(), &self.pending)
        {
            let hints = next
                .into_iter()
                .map(|(key, label)| Hint {
                    key: key.to_string(),
                    label,
                })
                .collect();
            let effects = app::update(&mut self.state, Event::Pending(hints));
            debug_assert!(
                effects.is_empty(),
                "explaining keys asks nothing of the world"
            );
        }
    }

    fn update(&mut self, event: Event, host: &mut dyn Host) -> io::Result<()> {
        for effect in app::update(&mut self.state, event) {
            match effect {
                Effect::Quit => self.end = Some(End::Quit),
                Effect::Suspend => self.suspend(host)?,
                Effect::Redraw => self.repaint()?,
                Effect::Copy { text, what } => {
                    match host.copy(&text) {
                        Ok(()) => self
                            .state
                            .say(format!("{what} sent to the clipboard of the terminal")),
                        Err(error) => self.state.fail(format!("not copied: {error}")),
                    };
                }
                Effect::Browse(url) => match host.browse(&url) {
                    Ok(program) => self.state.say(format!("opened in {program}")),
                    Err(error) => self.state.fail(format!("not opened: {error}")),
                },
                Effect::Edit { name, text } => {
                    let edited = host.edit(&name, &text);
                    self.repaint()?;
                    match edited {
                        Ok(program) => self.state.say(format!(
                            "{program} had a copy: the article itself is never changed"
                        )),
                        Err(error) => self.state.fail(format!("not opened: {error}")),
                    }
                }
                Effect::CallOff => self.lanes.call_off(),
                effect => self.dispatch(effect),
            }
        }
        Ok(())
    }

    fn dispatch(&mut self, effect: Effect) {
        self.outstanding += 1;
        self.outstanding -= self.lanes.send(effect);
    }

    fn suspend(&mut self, host: &mut dyn Host) -> io::Result<()> {
        host.suspend()?;
        self.repaint()
    }

    fn repaint(&mut self) -> io::Result<()> {
        let size = self.terminal.size().map_err(io::Error::other)?;
        // Not `clear`: that asks the terminal where its cursor is, and the input thread would read the answer.
        let whole = Rect::new(0, 0, size.width, size.height);
        self.terminal.resize(whole).map_err(io::Error::other)?;
        let effects = app::update(
            &mut self.state,
            Event::Resize {
                columns: size.width,
                rows: size.height,
            },
        );
        for effect in effects {
            self.dispatch(effect);
        }
        self.draw()
    }

    /// Draws the state, at the size that the terminal has now: that it changes and a key can come at one time, and then
    /// the terminal library forgets to tell of the change.
    pub fn draw(&mut self) -> io::Result<()> {
        let now = self.terminal.size().map_err(io::Error::other)?;
        let (columns, rows) = (now.width, now.height);
        if self.state.size != (Size { columns, rows }) {
            for effect in app::update(&mut self.state, Event::Resize { columns, rows }) {
                self.dispatch(effect);
            }
        }
        let (state, theme, links) = (&self.state, &self.theme, &self.links);
        self.terminal
            .draw(|frame| links.set(view::draw(frame, state, theme)))
            .map_err(io::Error::other)?;
        if let Some(keeper) = &mut self.keeper
            && let Some(keepsake) = keepsake::of(&self.state)
        {
            keeper.keep(keepsake);
        }
        Ok(())
    }
}

/// The command table with its live keys, for help, palette and footer.
pub fn commands(keymap: &Keymap) -> Vec<CommandInfo> {
    let keys = |action: Action| {
        let mut keys: Vec<_> = keymap
            .bindings()
            .filter(|binding| binding.action == action)
            .map(|binding| {
                (
                    binding.context,
                    binding.keys.len(),
                    Key::join(&binding.keys),
                )
            })
            .collect();
        // A bare letter is easier to say than an arrow: short names first.
        keys.sort_by_key(|(context, len, name)| (*context, *len, name.chars().count()));
        keys.into_iter()
            .map(|(context, _, name)| (context, name))
            .collect()
    };
    COMMANDS
        .iter()
        .map(|command| CommandInfo {
            action: command.action,
            name: command.name,
            doc: command.doc,
            contexts: command.contexts,
            keys: keys(command.action),
        })
        .collect()
}
