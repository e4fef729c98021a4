//! How far looking for versions has come as a whole, and how long it will take, from the steps that it tells of.

use std::time::{Duration, Instant};

use crate::app::event::Share;
use crate::group::{Stage, Step};

/// What each step takes of the whole, in percent: about, as measured on a collection of 100,000 articles on disk. The rest
/// goes to what is kept at the end. Only the bar and what is said of later steps rest on it.
const PARTS: [(Stage, u64); 5] = [
    (Stage::Sign, 35),
    (Stage::Propose, 10),
    (Stage::Verify, 25),
    (Stage::Link, 1),
    (Stage::Rank, 25),
];

/// So long a step must have run before it is said how long it will take, and so long that is not said anew.
const CALM: Duration = Duration::from_secs(1);

/// Watches the steps.
#[derive(Debug, Default)]
pub struct Pace {
    /// The step that is under way, and since when.
    stage: Option<(Stage, Instant)>,
    percent: u64,
    /// The seconds that were said to be left, and when.
    said: Option<(Instant, u64)>,
}

impl Pace {
    /// Takes a step in. The share never falls.
    pub fn take(&mut self, step: Step, now: Instant) -> Share {
        let since = match self.stage {
            Some((stage, since)) if stage == step.stage => since,
            _ => {
                self.stage = Some((step.stage, now));
                now
            }
        };
        let at = PARTS.iter().position(|(stage, _)| *stage == step.stage);
        let (before, own, after) = match at {
            Some(at) => {
                let sum = |parts: &[(Stage, u64)]| parts.iter().map(|(_, part)| part).sum::<u64>();
                let before = sum(&PARTS[..at]);
                (before, PARTS[at].1, 100 - before - PARTS[at].1)
            }
            // Nobody knows how long it takes.
            None => (self.percent, 0, 100 - self.percent),
        };
        let (done, all) = (step.done.min(step.all), step.all.max(1));
        self.percent = self.percent.max(before + own * done / all);
        let took = now.saturating_duration_since(since);
        let is_due = |(at, _)| now.saturating_duration_since(at) >= CALM;
        // A tenth of a step says how fast it is.
        if own > 1 && took >= CALM && done * 10 >= all && self.said.is_none_or(is_due) {
            let whole = took.as_secs_f64() * all as f64 / done as f64;
            let left = whole * (1.0 - done as f64 / all as f64 + after as f64 / own as f64);
            self.said = Some((now, left.ceil() as u64));
        }
        self.share()
    }

    /// How far it is.
    pub fn share(&self) -> Share {
        Share {
            percent: self.percent,
            seconds_left: self.said.map(|(_, left)| left),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_share_never_falls_and_the_time_is_that_of_the_step() {
        let begin = Instant::now();
        let mut pace = Pace::default();
        let mut take = |stage, done, all, millis| {
            let now = begin + Duration::from_millis(millis);
            let share = pace.take(Step { stage, done, all }, now);
            (share.percent, share.seconds_left)
        };
        assert_eq!(take(Stage::Sign, 0, 0, 0), (0, None));
        assert_eq!(take(Stage::Sign, 60, 100, 500), (21, None));
        assert_eq!(take(Stage::Propose, 0, 4, 600), (35, None));
        // Too little to say how fast it is.
        assert_eq!(take(Stage::Propose, 1, 100, 1700), (35, None));
        // Three seconds for this step, and 55/10 times that for the rest.
        assert_eq!(take(Stage::Propose, 2, 4, 2100), (40, Some(18)));
        // It is not said anew at once.
        assert_eq!(take(Stage::Propose, 4, 4, 3000), (45, Some(18)));
        assert_eq!(take(Stage::Verify, 0, 1000, 3100), (45, Some(18)));
        assert_eq!(take(Stage::Verify, 400, 1000, 5100), (55, Some(9)));
        // A step that there is no part for, and one that begins again.
        assert_eq!(take(Stage::Relate, 5, 10, 9000), (55, Some(9)));
        assert_eq!(take(Stage::Sign, 0, 100, 9100), (55, Some(9)));
        assert_eq!(take(Stage::Link, 1, 1, 9200), (71, Some(9)));
        assert_eq!(take(Stage::Rank, 70, 70, 9300), (96, Some(9)));
    }
}
