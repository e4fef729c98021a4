//! The log as JSON, one event a line: `recto review dump` writes it, `restore` and `merge` read it.
//!
//! The names are those of the columns; numbers, hashes and paths come back exactly, so that a restored log dumps the
//! same lines. A path that is not UTF-8 stands as hexadecimal digits in `path_bytes`.

use std::borrow::Cow;
use std::fs;
use std::io::BufRead;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::event::{Act, Event, GENESIS, Hash, path_bytes, path_from_bytes};
use super::{FILE, head, schema};
use crate::store::ingest::reason;
use crate::store::types::{LibraryId, Subject};

/// One event of the log as JSON.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Line<'a> {
    number: u64,
    step: u64,
    library: Cow<'a, str>,
    author: Cow<'a, str>,
    time: i64,
    deed: Cow<'a, str>,
    value: Option<Cow<'a, str>>,
    article: Option<String>,
    path: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    path_bytes: Option<String>,
    record: Option<u64>,
    record_id: Option<Cow<'a, str>>,
    url: Option<Cow<'a, str>>,
    title: Option<Cow<'a, str>>,
    hash: String,
}

impl<'a> Line<'a> {
    /// The line of an event with the hash that stands beside it.
    pub fn of(event: &'a Event, hash: &[u8; 32]) -> Self {
        let (deed, value) = event.act.words();
        let subject = event.subject.as_ref();
        let path = subject.map(|it| it.path.to_string_lossy());
        let odd = subject.filter(|it| it.path.to_str().is_none());
        let text = |text: &'a Option<String>| text.as_deref().map(Cow::Borrowed);
        Self {
            number: event.number,
            step: event.step,
            library: Cow::Borrowed(&event.library.0),
            author: Cow::Borrowed(&event.author),
            time: event.time,
            deed: Cow::Borrowed(deed),
            value,
            article: subject.map(|it| it.article.to_string()),
            path,
            path_bytes: odd.map(|it| hex(&path_bytes(&it.path))),
            record: subject.and_then(|it| it.record),
            record_id: subject.and_then(|it| text(&it.record_id)),
            url: subject.and_then(|it| text(&it.url)),
            title: subject.and_then(|it| text(&it.title)),
            hash: hex(hash),
        }
    }

    /// The event again, with its hash; an error says which field is wrong.
    pub fn event(self) -> Result<(Event, Hash), String> {
        let wrong = |field: &str| format!("its field {field} cannot be read");
        let own = |text: Option<Cow<'_, str>>| text.map(Cow::into_owned);
        let subject = match self.article {
            None => None,
            Some(article) => Some(Subject {
                article: article.parse().map_err(|_| wrong("article"))?,
                path: match self.path_bytes {
                    Some(digits) => {
                        path_from_bytes(bytes(&digits).ok_or_else(|| wrong("path_bytes"))?)
                    }
                    None => own(self.path).ok_or_else(|| wrong("path"))?.into(),
                },
                record: self.record,
                record_id: own(self.record_id),
                url: own(self.url),
                title: own(self.title),
            }),
        };
        let hash = bytes(&self.hash).and_then(|it| Hash::try_from(it).ok());
        let event = Event {
            number: self.number,
            step: self.step,
            library: LibraryId(self.library.into_owned()),
            author: self.author.into_owned(),
            time: self.time,
            subject,
            act: Act::parse(self.deed.into_owned(), own(self.value)),
        };
        Ok((event, hash.ok_or_else(|| wrong("hash"))?))
    }
}

/// Reads a dump and checks its chain; an error names the line.
pub fn read(lines: impl BufRead) -> Result<Vec<Event>, String> {
    let mut events: Vec<Event> = Vec::new();
    let mut predecessor = GENESIS;
    for (at, line) in lines.lines().enumerate() {
        let say = |why: String| format!("line {}: {why}", at + 1);
        let line = line.map_err(|error| say(reason(&error)))?;
        if line.trim().is_empty() {
            continue;
        }
        let parsed: Line<'_> =
            serde_json::from_str(&line).map_err(|error| say(format!("no event: {error}")))?;
        let (event, hash) = parsed.event().map_err(say)?;
        if events
            .last()
            .is_some_and(|last| last.number >= event.number)
        {
            return Err(say(format!("event {} stands out of order", event.number)));
        }
        if event.hash(&predecessor) != hash {
            let number = event.number;
            let why = format!("the chain breaks at event {number}, which was changed or lost");
            return Err(say(why));
        }
        predecessor = hash;
        events.push(event);
    }
    Ok(events)
}

/// Writes a dump back as the log of a data directory that has none yet, whole or not at all; says how many events.
pub fn restore(directory: &Path, lines: impl BufRead) -> Result<usize, String> {
    let file = directory.join(FILE);
    let say =
        |path: &Path, error: &std::io::Error| format!("{}: {}", path.display(), reason(error));
    if fs::metadata(&file).is_ok_and(|it| it.len() > 0) {
        return Err(format!(
            "{} is there already, and a restore never takes its place: move it away first, or take the dump in with \
             `recto review merge`",
            file.display()
        ));
    }
    let events = read(lines)?;
    if events.is_empty() {
        return Err("there is no event in it".into());
    }
    schema::create_directory(directory).map_err(|error| say(directory, &error))?;
    let new = directory.join("review.sqlite.new");
    let _ = fs::remove_file(&new);
    super::repair::write(&new, &events)?;
    // A link and no rename: a log that came to be meanwhile stays.
    let linked = match fs::metadata(&file) {
        Ok(_) => fs::rename(&new, &file),
        Err(_) => fs::hard_link(&new, &file).and_then(|()| fs::remove_file(&new)),
    };
    linked.map_err(|error| say(&file, &error))?;
    schema::sync_directory(directory).map_err(|error| say(directory, &error))?;
    let newest = events.last().map_or(0, |it| it.number);
    head::write(directory, &super::sealed(&file, newest));
    Ok(events.len())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn bytes(digits: &str) -> Option<Vec<u8>> {
    let pairs = digits.as_bytes().chunks(2);
    let byte = |pair: &[u8]| {
        let pair = std::str::from_utf8(pair).ok().filter(|it| it.len() == 2)?;
        u8::from_str_radix(pair, 16).ok()
    };
    pairs.map(byte).collect()
}
