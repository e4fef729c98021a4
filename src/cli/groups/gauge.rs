//! A line on the terminal that says how far grouping has come, once it takes long enough to wonder.

use std::io::{IsTerminal, Write};
use std::time::{Duration, Instant};

use crate::store::regroup::{Stage, Step};

/// How long nothing is shown, and how often it is shown anew.
const EVERY: Duration = Duration::from_millis(300);
/// Signs of the bar.
const WIDTH: u64 = 20;

/// The line.
pub(super) struct Gauge {
    terminal: bool,
    begin: Instant,
    shown: Option<Instant>,
    /// The step that is under way, and since when.
    stage: Option<(Stage, Instant)>,
}

impl Gauge {
    pub(super) fn new() -> Self {
        Self {
            terminal: std::io::stderr().is_terminal(),
            begin: Instant::now(),
            shown: None,
            stage: None,
        }
    }

    pub(super) fn show(&mut self, step: Step) {
        if !self.terminal {
            return;
        }
        let since = match self.stage {
            Some((stage, since)) if stage == step.stage => since,
            _ => {
                let now = Instant::now();
                self.stage = Some((step.stage, now));
                now
            }
        };
        if self.shown.unwrap_or(self.begin).elapsed() < EVERY {
            return;
        }
        self.shown = Some(Instant::now());
        let line = line(step, since.elapsed());
        let _ = write!(std::io::stderr(), "\r\x1b[K{line}");
    }

    /// Takes the line away.
    pub(super) fn clear(&mut self) {
        if self.shown.take().is_some() {
            let _ = write!(std::io::stderr(), "\r\x1b[K");
        }
    }
}

/// `read and sign [#####...............]  27 % · 214 MB/s · 9 s left`
fn line(step: Step, took: Duration) -> String {
    let (done, all, seconds) = (step.done.min(step.all), step.all.max(1), took.as_secs_f64());
    let full = WIDTH * done / all;
    let bar = "#".repeat(full as usize) + &".".repeat((WIDTH - full) as usize);
    let mut line = format!("{} [{bar}] {:>3} %", step.stage.name(), 100 * done / all);
    if done > 0 && seconds > 0.0 {
        let rate = done as f64 / seconds;
        line += &match step.stage {
            Stage::Sign => format!(" · {:.0} MB/s", rate / f64::from(1 << 20)),
            Stage::Verify | Stage::Relate => format!(" · {rate:.0} pairs/s"),
            _ => String::new(),
        };
        line += &format!(" · {:.0} s left", (all - done) as f64 / rate);
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_tells_rate_and_time_left() {
        let step = Step {
            stage: Stage::Sign,
            done: 300 << 20,
            all: 1200 << 20,
        };
        assert_eq!(
            line(step, Duration::from_secs(2)),
            "read and sign [#####...............]  25 % · 150 MB/s · 6 s left"
        );
        let none = Step {
            done: 0,
            all: 0,
            ..step
        };
        assert_eq!(
            line(none, Duration::ZERO),
            "read and sign [....................]   0 %"
        );
    }
}
