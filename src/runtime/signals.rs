//! What the system says: end, stop, go on. Systems without signals say nothing; there ^C is a key like any other.

#[cfg(unix)]
pub use unix::{HANG_UP, die_of, start, stop};
#[cfg(not(unix))]
pub use without::{HANG_UP, die_of, start, stop};

#[cfg(unix)]
mod unix {
    use std::thread;

    use crossbeam_channel::Sender;
    use signal_hook::consts::{SIGCONT, SIGHUP, SIGINT, SIGTERM, SIGTSTP};
    use signal_hook::iterator::Signals;
    use signal_hook::low_level;

    use crate::runtime::Message;

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
}

#[cfg(not(unix))]
mod without {
    use std::io;

    use crossbeam_channel::Sender;

    use crate::runtime::Message;

    /// The terminal is gone.
    pub const HANG_UP: i32 = 1;

    /// Nothing will be said.
    pub fn start(_: Sender<Message>) -> io::Result<()> {
        Ok(())
    }

    /// No shell could wake the process again.
    pub fn stop() -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }

    /// Ends the process with the code that shells elsewhere know a signal by.
    pub fn die_of(signal: i32) -> io::Result<()> {
        std::process::exit(128 + signal)
    }
}
