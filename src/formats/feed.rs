//! RSS 0.9 to 2.0 and Atom to articles, one entry at a time.
//!
//! The parser is handed names and text and nothing else: no entity is ever expanded but the five of XML and numbers, no
//! DTD is read, nothing is fetched. Entries keep their elements under the names that they have (`dc:creator`,
//! `content:encoded`), so `--map` and an export see what stood there.

mod entry;

use std::io::{self, BufReader, Read};

use quick_xml::Reader as Xml;
use quick_xml::events::{BytesRef, BytesStart, Event};

use super::Format;
use super::capped::Capped;
use super::reader::{Place, Reader};
use entry::Entry;

/// The encoding that the XML declaration names.
pub fn declared_encoding(head: &[u8]) -> Option<String> {
    let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
    let line = head
        .strip_prefix(b"<?xml")?
        .split(|&it| it == b'>')
        .next()?;
    let line = std::str::from_utf8(line.get(..200).unwrap_or(line)).ok()?;
    let (_, rest) = line.split_once("encoding")?;
    let rest = rest.trim_start().strip_prefix('=')?.trim_start();
    let quote = rest.chars().next().filter(|it| matches!(it, '"' | '\''))?;
    let label = rest.get(1..)?.split(quote).next()?;
    Some(label.to_owned())
}

/// Reads a feed in UTF-8.
pub fn read(reader: &mut Reader<'_>, input: &mut dyn Read) -> io::Result<()> {
    let limits = reader.options.limits;
    let (capped, allowance) = Capped::new(input, limits.record_bytes);
    let mut xml = Xml::from_reader(BufReader::with_capacity(1 << 16, capped));
    xml.config_mut().check_end_names = false;
    xml.config_mut().allow_unmatched_ends = true;
    xml.config_mut().allow_dangling_amp = true;
    let mut state = State::default();
    let mut buffer = Vec::new();
    while !reader.cancel.is_cancelled() {
        buffer.clear();
        let place = Place::record(Format::Feed, state.number + 1);
        let event = match xml.read_event_into(&mut buffer) {
            Ok(event) => event,
            Err(_) if allowance.is_used_up() => {
                reader.fail(
                    place,
                    format!("{}; the rest is not read", limits.too_large()),
                );
                return Ok(());
            }
            Err(quick_xml::Error::Io(error)) => {
                if state.entry.is_some() {
                    reader.fail(place, "it is cut short");
                }
                return Err(io::Error::new(error.kind(), error.to_string()));
            }
            Err(error) => {
                let at = xml.error_position();
                let why = format!("not well-formed XML at byte {at}: {error}");
                match state.entry {
                    Some(_) => reader.fail(place, format!("{why}; the rest is not read")),
                    None => reader.error(why),
                }
                return Ok(());
            }
        };
        // A whole entry counts against the limit, whatever it is made of.
        if state.entry.is_none() {
            allowance.renew();
        }
        if let Event::Eof = event {
            break;
        }
        if let Some(entry) = state.take(&event) {
            let place = Place::record(Format::Feed, state.number);
            reader.fields(place, &entry.into_json());
            allowance.renew();
        }
        if state.depth > limits.nesting {
            let place = Place::record(Format::Feed, state.number + 1);
            reader.fail(
                place,
                format!("{}; the rest is not read", limits.too_deep()),
            );
            return Ok(());
        }
        if let Some(root) = &state.not_a_feed {
            reader.error(format!("not a feed: its root element is {root}"));
            return Ok(());
        }
    }
    if reader.cancel.is_cancelled() {
        return Ok(());
    }
    if state.entry.is_some() {
        let place = Place::record(Format::Feed, state.number + 1);
        reader.fail(place, "it is cut short: the feed ends inside it");
    }
    if !state.has_root {
        reader.error("not a feed: there is no element in it");
    } else if state.number == 0 && state.entry.is_none() {
        reader.error("no entries in this feed");
    }
    Ok(())
}

/// Where in a feed the reading is.
#[derive(Default)]
struct State {
    /// Open elements.
    depth: usize,
    has_root: bool,
    not_a_feed: Option<String>,
    /// The entry that is open, and the depth of its element.
    entry: Option<(Entry, usize)>,
    /// Entries that ended.
    number: u64,
}

impl State {
    /// Takes an event in; gives an entry that ended.
    fn take(&mut self, event: &Event<'_>) -> Option<Entry> {
        match event {
            Event::Start(start) => {
                self.depth += 1;
                self.open(start);
                None
            }
            Event::Empty(start) => {
                self.depth += 1;
                self.open(start);
                self.close()
            }
            Event::End(_) => self.close(),
            Event::Text(text) => {
                self.text(text);
                None
            }
            Event::CData(text) => {
                self.text(text);
                None
            }
            Event::GeneralRef(reference) => {
                self.text(&resolved(reference));
                None
            }
            _ => None,
        }
    }

    fn open(&mut self, start: &BytesStart<'_>) {
        let name = start.name().into_inner().to_owned();
        let local = name.rsplit(':').next().unwrap_or(&name);
        if !std::mem::replace(&mut self.has_root, true) && !matches!(local, "rss" | "feed" | "RDF")
        {
            self.not_a_feed = Some(crate::text::line(&name).chars().take(40).collect());
        }
        match &mut self.entry {
            Some((entry, depth)) => entry.open(&name, start, self.depth - *depth),
            None if matches!(local, "item" | "entry") => {
                self.entry = Some((Entry::default(), self.depth));
            }
            None => {}
        }
    }

    fn close(&mut self) -> Option<Entry> {
        let depth = self.depth;
        self.depth = depth.saturating_sub(1);
        match &mut self.entry {
            Some((_, own)) if *own >= depth => {
                self.number += 1;
                self.entry.take().map(|(entry, _)| entry)
            }
            Some((entry, own)) => {
                entry.close(depth - *own);
                None
            }
            None => None,
        }
    }

    fn text(&mut self, text: &str) {
        if let Some((entry, own)) = &mut self.entry
            && self.depth > *own
        {
            entry.text(text);
        }
    }
}

/// A reference: one of the five of XML, a number, or itself, since HTML inside may know it.
pub fn resolved(reference: &BytesRef<'_>) -> String {
    if let Ok(Some(character)) = reference.resolve_char_ref() {
        return character.to_string();
    }
    match &**reference {
        "amp" => "&".to_owned(),
        "lt" => "<".to_owned(),
        "gt" => ">".to_owned(),
        "quot" => "\"".to_owned(),
        "apos" => "'".to_owned(),
        name => format!("&{name};"),
    }
}
