//! What holds for any bytes. The fuzz targets under `fuzz/` look for inputs that break it; the inputs that they kept are
//! tried again here, each time the tests run.

// Said in full: the fuzz targets read this file from another place.
#[path = "properties/compare.rs"]
pub mod compare;
#[path = "properties/containers.rs"]
pub mod containers;
#[path = "properties/log.rs"]
pub mod log;
#[path = "properties/records.rs"]
pub mod records;
#[path = "properties/settings.rs"]
pub mod settings;
#[path = "properties/text.rs"]
pub mod text;

#[cfg(test)]
mod replay {
    use std::path::Path;
    use std::{fs, panic};

    use super::{compare, containers, log, records, settings, text};

    /// Tries every saved input of a target, in order; a failure names the file.
    fn replay(target: &str, holds: fn(&[u8])) {
        let project = Path::new(env!("CARGO_MANIFEST_DIR"));
        if !project.join("fuzz").exists() {
            eprintln!("the package comes without the fuzz targets and their inputs");
            return;
        }
        let folder = project.join("fuzz/corpus").join(target);
        let mut inputs: Vec<_> = fs::read_dir(&folder)
            .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
            .map(|entry| entry.unwrap().path())
            .collect();
        inputs.sort();
        assert!(inputs.len() >= 10, "{target} has {} inputs", inputs.len());
        for input in inputs {
            let bytes = fs::read(&input).unwrap();
            let held = panic::catch_unwind(|| holds(&bytes));
            assert!(held.is_ok(), "{} breaks what holds", input.display());
        }
    }

    #[test]
    fn of_text_through_the_door_and_onto_lines() {
        replay("text", text::holds);
    }

    #[test]
    fn of_records_in_text() {
        replay("records", records::holds);
    }

    #[test]
    fn of_containers() {
        replay("containers", containers::holds);
    }

    #[test]
    fn of_what_a_person_writes() {
        replay("settings", settings::holds);
    }

    #[test]
    fn of_comparing_and_grouping() {
        replay("compare", compare::holds);
    }

    #[test]
    fn of_the_review_log() {
        replay("log", log::holds);
    }
}
