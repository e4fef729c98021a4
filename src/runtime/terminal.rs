//! The terminal: taken at the start, given back at every end.

use std::io::{self, Stdout, Write, stdout};
use std::sync::atomic::{AtomicBool, Ordering};
use std::{panic, thread};

use crossterm::clipboard::CopyToClipboard;
use crossterm::cursor::{Hide, SetCursorStyle, Show};
use crossterm::event::{
    DisableBracketedPaste, DisableMouseCapture, EnableBracketedPaste, EnableMouseCapture,
    KeyboardEnhancementFlags, PopKeyboardEnhancementFlags, PushKeyboardEnhancementFlags,
};
use crossterm::execute;
use crossterm::terminal::{
    EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode,
    supports_keyboard_enhancement,
};
use ratatui::Terminal;

use crate::model::Clean;

use super::frame::Frames;
use super::wall::Wall;
use super::{End, Host, Session, Start, background, input, programs, signals, watch};

/// The terminal is ours: what a panic asks before it gives it back.
static TAKEN: AtomicBool = AtomicBool::new(false);

/// The mouse is taken with the terminal.
static MOUSE: AtomicBool = AtomicBool::new(false);

/// The terminal can tell more keys apart than the old ones can, and was told to.
static KEYBOARD: AtomicBool = AtomicBool::new(false);

/// Asks for keys that can be told apart, of a terminal that is known to answer.
pub(super) fn take_keyboard() -> io::Result<()> {
    if supports_keyboard_enhancement()? && TAKEN.load(Ordering::SeqCst) {
        KEYBOARD.store(true, Ordering::SeqCst);
        execute!(stdout(), KEYS)?;
    }
    Ok(())
}

/// Only what old terminals confuse is written in the new way; text stays text.
const KEYS: PushKeyboardEnhancementFlags =
    PushKeyboardEnhancementFlags(KeyboardEnhancementFlags::DISAMBIGUATE_ESCAPE_CODES);

/// Runs the screen until the person or the system ends it; the terminal is as before then.
pub fn run(start: Start) -> io::Result<()> {
    restore_on_panic();
    MOUSE.store(start.mouse, Ordering::SeqCst);
    let frames = Frames::new(stdout(), start.links.clone());
    let terminal = Terminal::new(Wall::new(frames))?;
    let log = start.watch.clone();
    let asks = start.themes.is_some();
    let mut session = Session::start(terminal, start)?;
    // Before the terminal is taken: a signal in between would leave it taken.
    signals::start(session.sender())?;
    if let Some(log) = log {
        watch::start(log, session.sender())?;
    }
    let ended = enter().and_then(|()| in_terminal(&mut session, asks));
    leave()?;
    let (end, failures) = ended?;
    for failure in failures {
        eprintln!("recto: {failure}");
    }
    match session.terminal().backend().replaced() {
        0 => {}
        cells => eprintln!(
            "recto: {cells} cells held what a terminal would obey instead of show, and were replaced. That is a mistake in \
             recto: please report it with the file that you were reading"
        ),
    }
    match end {
        End::Quit => Ok(()),
        End::Signal(signal) => signals::die_of(signal),
    }
}

fn in_terminal(
    session: &mut Session<Wall<Frames<Stdout>>>,
    asks: bool,
) -> io::Result<(End, Vec<Clean>)> {
    if cfg!(debug_assertions) && std::env::var_os("RECTO_PANIC").is_some() {
        // How the tests see that a panic gives the terminal back; not in release builds.
        session.draw()?;
        panic!("asked for by RECTO_PANIC");
    }
    if asks {
        background::ask(&mut stdout())?;
    }
    input::start(session.sender(), asks)?;
    session.run(&mut Tty)
}

/// The real terminal.
struct Tty;

impl Host for Tty {
    fn suspend(&mut self) -> io::Result<()> {
        leave()?;
        signals::stop()?;
        enter()
    }

    fn resume(&mut self) -> io::Result<()> {
        // The shell has set its own modes while we were stopped. Off first: crossterm believes that they are still on
        // and would do nothing.
        disable_raw_mode()?;
        if KEYBOARD.load(Ordering::SeqCst) {
            // Whoever stopped us from outside left them pushed: twice pushed, they would stay behind at the end.
            execute!(stdout(), PopKeyboardEnhancementFlags)?;
        }
        enter()
    }

    fn copy(&mut self, text: &Clean) -> io::Result<()> {
        execute!(stdout(), CopyToClipboard::to_clipboard_from(text.as_str()))
    }

    fn browse(&mut self, url: &str) -> io::Result<String> {
        programs::browse(url)
    }

    fn edit(&mut self, name: &str, text: &str) -> io::Result<String> {
        // The editor has the terminal to itself, and its keys too: ours are read on until it takes them.
        leave()?;
        input::pause();
        let edited = programs::edit(name, text);
        input::go_on();
        enter()?;
        edited
    }
}

fn enter() -> io::Result<()> {
    enable_raw_mode()?;
    TAKEN.store(true, Ordering::SeqCst);
    execute!(stdout(), EnterAlternateScreen, EnableBracketedPaste, Hide)?;
    if MOUSE.load(Ordering::SeqCst) {
        execute!(stdout(), EnableMouseCapture)?;
    }
    if KEYBOARD.load(Ordering::SeqCst) {
        execute!(stdout(), KEYS)?;
    }
    Ok(())
}

/// Gives the terminal back; twice does no harm. A terminal that is gone is no error.
fn leave() -> io::Result<()> {
    if !TAKEN.swap(false, Ordering::SeqCst) {
        return Ok(());
    }
    let mut out = stdout();
    let mouse = if MOUSE.load(Ordering::SeqCst) {
        execute!(out, DisableMouseCapture)
    } else {
        Ok(())
    };
    let keys = match KEYBOARD.load(Ordering::SeqCst) {
        true => execute!(out, PopKeyboardEnhancementFlags),
        false => Ok(()),
    };
    let written = execute!(
        out,
        DisableBracketedPaste,
        SetCursorStyle::DefaultUserShape,
        LeaveAlternateScreen,
        Show
    );
    let flushed = out.flush();
    let cooked = disable_raw_mode();
    match mouse.and(keys).and(written).and(flushed).and(cooked) {
        Err(error)
            if error.kind() == io::ErrorKind::BrokenPipe || error.raw_os_error() == Some(5) =>
        {
            Ok(())
        }
        result => result,
    }
}

/// A panic of the screen's own thread gives the terminal back before it says anything. A panic of a worker is caught
/// there and shown as a notice; what it would print would only tear the screen.
fn restore_on_panic() {
    let screen = thread::current().id();
    let default = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        if thread::current().id() == screen && !crate::formats::is_guarded() {
            // Nothing to be done about a terminal that cannot be written while panicking.
            let _ = leave();
            default(info);
        }
    }));
}
