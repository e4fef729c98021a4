//! What the system says: end, stop, go on.

use std::thread;

use crossbeam_channel::Sender;
use signal_hook::consts::{SIGCONT, SIGHUP, SIGINT, SIGTERM, SIGTSTP};
use signal_hook::iterator::Signals;
use signal_hook::low_level;

use super::Message;

/// The terminal is gone.
pub const HANG_UP: i32 = SIGHUP;

/// Starts the thread that turns signals into messages.
pub fn start(sender: Sender<Message>) -> std::io::Result<()> {
    let mut signals = Signals::new([SIGTERM, SIGHUP, SIGINT, SIGTSTP, SIGCONT])?;
    let listen = move || {
        for signal in signals.forever() {
            let message = match signal {
                SIGTSTP => Message::Stop,
                SIGCONT => Message::Continue,
                signal => Message::End(signal),
            };
            if sender.send(message).is_err() {
                return;
            }
        }
    };
    thread::Builder::new()
        .name("signals".to_owned())
        .spawn(listen)
        .map(drop)
}

/// Stops the process until the shell lets it go on.
pub fn stop() -> std::io::Result<()> {
    low_level::raise(signal_hook::consts::SIGSTOP)
}

/// Ends the process as the signal would have, so that whoever sent it sees that.
pub fn die_of(signal: i32) -> std::io::Result<()> {
    low_level::emulate_default_handler(signal)
}
