//! A list that grows while somebody reads in it.

use std::path::PathBuf;
use std::sync::Arc;

use recto::app::action::Action;
use recto::app::effect::Effect;
use recto::app::event::{Event, Progress, Reply};
use recto::app::state::{Overlay, Phase, Settings, Size, State};
use recto::app::update;
use recto::model::{ArticleId, Clean, Date, Decision};
use recto::store::types::{Count, Hit, Page, Section, Tie, Why};

fn id(number: u8) -> ArticleId {
    ArticleId::from_bytes([number; 16])
}

fn page(numbers: &[u8]) -> Page {
    let hit = |number: &u8| Hit {
        id: id(*number),
        title: format!("Article {number}"),
        date: Date::new(2020, 1, *number),
        source: PathBuf::from("a.jsonl").display().to_string(),
        versions: 1,
        decision: Decision::default(),
    };
    Page {
        hits: numbers.iter().map(hit).collect(),
        count: Count::Exact(numbers.len() as u64),
        next: None,
    }
}

/// Answers the newest request for the list.
fn answer(state: &mut State, numbers: &[u8]) -> Vec<Effect> {
    let reply = Reply::Found {
        ticket: state.tickets.find,
        query: state.asked.clone(),
        page: page(numbers),
    };
    update(state, Event::Reply(reply))
}

/// While the collection is read, with its first articles on the screen.
fn reading(first: &[u8]) -> State {
    let size = Size {
        columns: 100,
        rows: 12,
    };
    let mut state = State::new(size, Settings::default(), Vec::new());
    let progress = Progress {
        records: 3,
        bytes: 10_000_000,
        of: 100_000_000,
        rate: 5_000_000,
    };
    update(&mut state, Event::Reply(Reply::Progress(progress)));
    let opened = Reply::Opened {
        name: Clean::own("all"),
        read_only: None,
        notices: Vec::new(),
    };
    update(&mut state, Event::Reply(opened));
    answer(&mut state, first);
    state
}

fn under_cursor(state: &State) -> ArticleId {
    state.list.current().unwrap().hit.id
}

#[test]
fn a_list_that_nobody_touched_shows_its_beginning() {
    let mut state = reading(&[5, 3]);
    assert_eq!(under_cursor(&state), id(5));
    update(&mut state, Event::Reply(Reply::Grown));
    answer(&mut state, &[9, 5, 3]);
    assert_eq!(under_cursor(&state), id(9));
}

#[test]
fn the_row_under_the_cursor_stays_where_it_is_on_the_screen() {
    let first: Vec<u8> = (1..=20).rev().collect();
    let mut state = reading(&first);
    for _ in 0..12 {
        update(&mut state, Event::Action(Action::Down));
    }
    let (held, line) = (under_cursor(&state), state.list.cursor - state.list.top);
    let effects = update(&mut state, Event::Reply(Reply::Grown));
    let asked = effects.iter().any(
        |it| matches!(it, Effect::Find { keep: Some(keep), limit, .. } if *keep == held && *limit >= 20),
    );
    assert!(asked, "{effects:?}");
    let more: Vec<u8> = (1..=28).rev().collect();
    answer(&mut state, &more);
    assert_eq!(under_cursor(&state), held);
    assert_eq!(state.list.cursor - state.list.top, line);
}

#[test]
fn a_filter_on_its_way_is_not_asked_for_again() {
    let mut state = reading(&[5, 3]);
    update(&mut state, Event::Reply(Reply::Grown));
    let effects = update(&mut state, Event::Reply(Reply::Grown));
    assert!(effects.is_empty(), "{effects:?}");
}

#[test]
fn control_c_stops_reading_first_and_quits_when_pressed_again() {
    let mut state = reading(&[5, 3]);
    let effects = update(&mut state, Event::Action(Action::Interrupt));
    assert_eq!(effects, [Effect::Stop]);
    let stopped = Reply::Complete {
        stopped: true,
        notices: Vec::new(),
        diagnostics: Vec::new(),
    };
    update(&mut state, Event::Reply(stopped));
    assert_eq!(state.phase, Phase::Open);
    assert!(state.notice.as_ref().unwrap().text.contains("called off"));
    let effects = update(&mut state, Event::Action(Action::Interrupt));
    assert_eq!(effects, [Effect::Quit]);
}

#[test]
fn what_is_left_is_told_in_percent_and_seconds() {
    let progress = Progress {
        records: 3,
        bytes: 25_000_000,
        of: 100_000_000,
        rate: 5_000_000,
    };
    assert_eq!(progress.percent(), Some(25));
    assert_eq!(progress.seconds_left(), Some(15));
    let unknown = Progress { of: 0, ..progress };
    assert_eq!((unknown.percent(), unknown.seconds_left()), (None, None));
}

/// What the box that says why shows, with the tie that the keys are about.
fn why(state: &State) -> Option<(usize, usize)> {
    match &state.overlay {
        Some(Overlay::Why(open)) => Some((open.why.sections.len(), open.chosen)),
        _ => None,
    }
}

#[test]
fn related_articles_come_behind_the_rest() {
    let mut state = reading(&[5, 3]);
    let section = |title: &str, others: &[u8]| Section {
        title: title.into(),
        ties: others
            .iter()
            .map(|other| Tie {
                text: format!("5 and {other}"),
                pair: Some((id(5), id(*other))),
            })
            .collect(),
    };
    let versions = section("versions", &[7, 8]);
    let looking = Section {
        title: "related".into(),
        ties: vec![Tie {
            text: "looking".into(),
            pair: None,
        }],
    };
    let tell = |state: &mut State, sections: &[&Section], first| {
        let reply = Reply::Why {
            ticket: state.tickets.why,
            of: id(5),
            why: Arc::new(Why {
                sections: sections.iter().copied().cloned().collect(),
            }),
            first,
        };
        update(state, Event::Reply(reply));
    };
    let related = section("related", &[3]);
    update(&mut state, Event::Action(Action::WhyGroup));
    tell(&mut state, &[&versions, &looking], true);
    assert_eq!(why(&state), Some((2, 0)));
    update(&mut state, Event::Action(Action::Down));
    tell(&mut state, &[&versions, &related], false);
    assert_eq!(why(&state), Some((2, 1)), "the keys stay where they were");
    // Nothing else was there to choose.
    tell(&mut state, &[&looking], true);
    tell(&mut state, &[&looking, &related], false);
    assert_eq!(why(&state), Some((2, 1)));
    // A box that was closed stays closed.
    tell(&mut state, &[&versions, &looking], true);
    update(&mut state, Event::Action(Action::Close));
    assert_eq!(why(&state), None);
    tell(&mut state, &[&versions, &related], false);
    assert_eq!(why(&state), None);
}
