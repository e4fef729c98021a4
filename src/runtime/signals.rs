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

/// Stops the process, and whoever runs in one job with it, until the shell lets them go on.
pub fn stop() -> std::io::Result<()> {
    Ok(rustix::process::kill_current_process_group(
        rustix::process::Signal::STOP,
    )?)
}

/// Ends the process as the signal would have, so that whoever sent it sees that.
pub fn die_of(signal: i32) -> std::io::Result<()> {
    low_level::emulate_default_handler(signal)
}
