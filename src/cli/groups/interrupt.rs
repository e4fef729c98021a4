//! ^C ends the work at once, with a sentence and the exit code that shells know it by.

use crate::cancel::Cancel;
use crate::cli::output::Failure;

/// 128 and the number of the signal, as shells have it.
const CODE: u8 = 130;

/// What is said when the work was called off.
pub(super) fn failure(kept: bool) -> Failure {
    Failure {
        code: CODE,
        message: Some(sentence(kept)),
    }
}

fn sentence(kept: bool) -> String {
    match kept {
        true => "called off; what was kept before stands: the same command goes on from there",
        false => {
            "called off before the end, and nothing was kept; with --keep DIR the next run goes on"
        }
    }
    .into()
}

/// Raises the flag on ^C. Work that does not see it within a moment is ended all the same: everything on disk is
/// written under another name first, so nothing can be left half done there.
#[cfg(all(unix, feature = "tui"))]
pub(super) fn watch(cancel: &Cancel, kept: bool) {
    use std::io::Write;
    use std::time::Duration;

    use signal_hook::consts::{SIGINT, SIGTERM};
    use signal_hook::iterator::Signals;

    const MOMENT: Duration = Duration::from_millis(30);

    let Ok(mut signals) = Signals::new([SIGINT, SIGTERM]) else {
        return;
    };
    let cancel = cancel.clone();
    let listen = move || {
        if signals.forever().next().is_some() {
            cancel.cancel();
            std::thread::sleep(MOMENT);
            let _ = writeln!(std::io::stderr(), "\r\x1b[Krecto: {}", sentence(kept));
            std::process::exit(i32::from(CODE));
        }
    };
    // Without the thread ^C ends the program as the system does it.
    let _ = std::thread::Builder::new()
        .name("signals".into())
        .spawn(listen);
}

#[cfg(not(all(unix, feature = "tui")))]
pub(super) fn watch(_: &Cancel, _: bool) {}
