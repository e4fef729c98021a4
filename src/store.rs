//! Articles, what is derived from them, and the review log, behind traits of plain data.

mod boilerplate;
pub mod changes;
mod collection;
pub mod compare;
pub mod cost;
mod differs;
pub mod dirs;
mod groups;
mod hashes;
pub mod ingest;
mod letters;
pub mod library;
pub mod local;
pub mod memory;
pub mod network;
pub mod personal;
pub mod rebind;
pub mod regroup;
pub mod retag;
pub mod review;
pub mod rule;
pub mod statistics;
pub mod traits;
pub mod types;
pub mod versions;
mod why;

/// The present day where the person is.
pub fn today() -> crate::model::Date {
    date_of(&jiff::Zoned::now())
}

/// The day of a moment.
fn date_of(moment: &jiff::Zoned) -> crate::model::Date {
    let today = moment.date();
    let part = |number: i8| u8::try_from(number).unwrap_or_default();
    // Only a clock that stands before the year 0 shows a day that we do not know.
    crate::model::Date::new(today.year(), part(today.month()), part(today.day()))
        .unwrap_or_default()
}
