//! One term of a query as a bitmap.

use std::collections::HashMap;
use std::io;
use std::num::NonZero;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;

use roaring::RoaringBitmap;

use super::bits::Bits;
use super::locked;
use super::paper::Paper;
use super::plan::Found;
use super::snapshot::Snapshot;
use crate::cancel::Cancel;
use crate::model::ArticleId;
use crate::query::{
    self, DateField, Document, NumberField, Part, Pattern, PlaceField, ShareField, State, Term,
    TextField,
};
use crate::store::library::catalogue::{Column, Dictionary, RowRecord, flags, unpack};
use crate::store::library::segment::Segment;
use crate::store::library::text::{self, Lookup};

/// The terms of the last queries, with what was found: a query that is typed asks most of them again.
#[derive(Debug)]
pub struct Terms {
    known: Mutex<Vec<Known>>,
    /// A phrase of words that all stand in so many articles takes its time.
    common: u64,
}

#[derive(Debug)]
struct Known {
    term: Term,
    articles: u64,
    groups: u64,
    found: Arc<Found>,
}

/// So many terms are kept, the newest first: an eighth of a megabyte each, for a million articles.
const KEPT: usize = 24;

/// What a term costs, as far as it decides which comes first.
pub fn cost(term: &Term) -> u32 {
    match term {
        Term::Tag { .. } | Term::Text(TextField::Note, _) => 0,
        Term::Is(_) | Term::Format(_) | Term::Lang(_) | Term::Id(_) | Term::Has(_) => 1,
        Term::Site(_) | Term::Number(..) | Term::Share(..) | Term::Date(..) | Term::Group(_) => 2,
        Term::Place(PlaceField::Path, _) => 2,
        Term::Text(TextField::Title | TextField::Author, _) => 3,
        Term::Text(TextField::Anywhere | TextField::Body, _) => 4,
        Term::Differs(_) | Term::Place(PlaceField::Url, _) => 5,
    }
}

/// In so many articles a common word stands: two such lists are walked in some hundredths of a second.
const COMMON: u64 = 1 << 16;

impl Default for Terms {
    fn default() -> Self {
        Self::new(COMMON)
    }
}

impl Terms {
    /// Nothing is known; a word is common that stands in so many articles.
    pub fn new(common: u64) -> Self {
        Self {
            known: Mutex::default(),
            common,
        }
    }

    /// Which sealed articles may fulfil a term that takes its time: a phrase of common words, the first letters of words.
    /// Nothing when it is quick or known.
    pub fn glimpse(
        &self,
        term: &Term,
        snapshot: &Snapshot<'_>,
        cancel: &Cancel,
    ) -> io::Result<Option<Found>> {
        let Term::Text(field, pattern) = term else {
            return Ok(None);
        };
        let Some(lookup) = Lookup::new(pattern) else {
            return Ok(None);
        };
        let search = Search { snapshot, cancel };
        let words = match lookup.is_wide() {
            true if u64::from(snapshot.sealed()) >= self.common => Vec::new(),
            true => return Ok(None),
            false => lookup.words(),
        };
        for word in &words {
            if search.spread(*field, word)? < self.common {
                return Ok(None);
            }
        }
        if words.is_empty() && !lookup.is_wide() || self.known(term, snapshot).is_some() {
            return Ok(None);
        }
        let mut all = RoaringBitmap::new();
        all.insert_range(0..snapshot.sealed());
        for word in &words {
            all &= search.rows(*field, word)?;
        }
        Ok(Some(Found::among(all)))
    }

    fn known(&self, term: &Term, snapshot: &Snapshot<'_>) -> Option<Arc<Found>> {
        let is_known = |known: &&Known| {
            known.articles == snapshot.articles
                && known.groups == snapshot.groups
                && known.term == *term
        };
        let known = locked(&self.known);
        known.iter().find(is_known).map(|it| Arc::clone(&it.found))
    }

    /// The sealed articles that fulfil a term; dead ones may be among them. Nothing when only reading can tell.
    pub fn find(
        &self,
        term: &Term,
        snapshot: &Snapshot<'_>,
        cancel: &Cancel,
    ) -> io::Result<Option<Arc<Found>>> {
        if let Some(known) = self.known(term, snapshot) {
            return Ok(Some(known));
        }
        let Some(found) = (Search { snapshot, cancel }).find(term)? else {
            return Ok(None);
        };
        let found = Arc::new(found);
        // Decisions change at any moment, and are bitmaps already.
        let of_decisions = matches!(
            term,
            Term::Tag { .. } | Term::Is(_) | Term::Has(Part::Note) | Term::Text(TextField::Note, _)
        );
        if !of_decisions && !cancel.is_cancelled() {
            let mut known = locked(&self.known);
            known.retain(|it| it.articles == snapshot.articles && it.groups == snapshot.groups);
            known.insert(
                0,
                Known {
                    term: term.clone(),
                    articles: snapshot.articles,
                    groups: snapshot.groups,
                    found: Arc::clone(&found),
                },
            );
            known.truncate(KEPT);
        }
        Ok(Some(found))
    }
}

/// The articles, sealed and in memory, with a source of that record id or in a file of which that is true.
pub fn of_source(
    snapshot: &Snapshot<'_>,
    record_id: &str,
    is_file: impl Fn(&str) -> bool,
) -> io::Result<RoaringBitmap> {
    let cancel = &Cancel::new();
    let search = Search { snapshot, cancel };
    let files = snapshot.paths.iter().map(|path| is_file(path)).collect();
    let mut found = search.of_files(files)? | search.with_record_id(record_id)?;
    found -= snapshot.dead;
    for number in &found & snapshot.records.frayed() {
        let is_so = Paper::read(snapshot, number)?.is_some_and(|paper| {
            paper.record_ids().any(|it| it == record_id) || paper.paths().any(&is_file)
        });
        if !is_so {
            found.remove(number);
        }
    }
    for (number, member) in (snapshot.sealed()..).zip(snapshot.tail.members) {
        let mut sources = member.sources.iter();
        if sources.any(|it| it.record_id.as_deref() == Some(record_id))
            || member.paths.iter().any(|path| is_file(path))
        {
            found.insert(number);
        }
    }
    Ok(found)
}

/// The articles, sealed and in memory, whose ids begin so.
pub fn with_id(snapshot: &Snapshot<'_>, begin: &str) -> io::Result<RoaringBitmap> {
    let cancel = &Cancel::new();
    let all = Search { snapshot, cancel }.ids_that_begin(&begin.to_ascii_lowercase())?;
    let all: RoaringBitmap = all.into_iter().map(|(_, number)| number).collect();
    Ok(all - snapshot.dead)
}

/// Hands over the rows of a segment that it finds.
type InSegment<'a> = dyn Fn(&Segment, &mut dyn FnMut(u32)) -> io::Result<()> + Sync + 'a;

struct Search<'a> {
    snapshot: &'a Snapshot<'a>,
    cancel: &'a Cancel,
}

impl Search<'_> {
    fn find(&self, term: &Term) -> io::Result<Option<Found>> {
        let exactly = match term {
            Term::Text(TextField::Note, pattern) => {
                self.snapshot.noted(|note| pattern.is_in(note))?
            }
            Term::Text(field, pattern) => return self.text(*field, pattern),
            Term::Place(PlaceField::Path, part) => self.path(part)?,
            Term::Place(PlaceField::Url, part) => self.url(part)?,
            Term::Site(pattern) => {
                self.named(Dictionary::Sites, |site| query::site_fits(pattern, site))?
            }
            Term::Format(name) => self.named(Dictionary::Formats, |format| format == *name)?,
            Term::Lang(wanted) => {
                self.named(Dictionary::Langs, |lang| query::lang_fits(wanted, lang))?
            }
            Term::Id(id) => self.id(id)?,
            Term::Group(start) => {
                // A group is named by one of its articles.
                let standings = self.snapshot.standings;
                let mut found = RoaringBitmap::new();
                for (id, number) in self.ids_that_begin(start)? {
                    if standings.name(number) == id {
                        found.extend(standings.versions(number).iter());
                    }
                }
                self.sealed(found)
            }
            Term::Tag { name, prefix } => {
                let tags = self.snapshot.decided()?.tags.iter();
                let fit = tags.filter(|(tag, _)| query::tag_fits(name, *prefix, tag));
                fit.fold(RoaringBitmap::new(), |all, (_, tagged)| all | tagged)
            }
            Term::Is(state) => self.state(*state)?,
            Term::Has(part) => self.has(*part)?,
            Term::Number(NumberField::Words, span) => {
                self.column(Column::Words, |words| span.contains(&u64::from(words)))?
            }
            Term::Number(NumberField::Versions, span) => {
                self.sized(|count| span.contains(&(count as u64)))
            }
            Term::Number(NumberField::Copies, span) => self.copies(|it| span.contains(&it))?,
            Term::Share(field, span) => {
                let standings = self.snapshot.standings;
                self.by_number(|number| match field {
                    ShareField::Similarity => {
                        let share = standings.similarity(number);
                        share.is_some_and(|share| span.contains(&share))
                    }
                    ShareField::Boilerplate => span.contains(&standings.boilerplate(number)),
                })
            }
            Term::Differs(_) => {
                return Ok(Some(Found::among(self.sized(|count| count > 1))));
            }
            Term::Date(field, span) => {
                let column = match field {
                    DateField::Published => Column::Dates,
                    DateField::Added => Column::Added,
                };
                let mut last = (0, false);
                self.column(column, |packed| {
                    if packed != last.0 {
                        let date = unpack(packed);
                        last = (
                            packed,
                            date.is_some_and(|date| query::date_fits(span, date)),
                        );
                    }
                    packed != 0 && last.1
                })?
            }
        };
        // The columns know of records that count no more.
        let of_records = matches!(
            term,
            Term::Place(PlaceField::Path, _)
                | Term::Format(_)
                | Term::Id(_)
                | Term::Number(NumberField::Copies, _)
                | Term::Date(DateField::Added, _)
                | Term::Is(State::Dup | State::Unique)
                | Term::Has(Part::Error)
        );
        let frayed = self.snapshot.records.frayed();
        Ok(Some(match of_records && !frayed.is_empty() {
            true => Found {
                yes: &exactly - frayed,
                maybe: exactly | frayed,
            },
            false => Found::exactly(exactly),
        }))
    }

    fn text(&self, field: TextField, pattern: &Pattern) -> io::Result<Option<Found>> {
        let Some(lookup) = Lookup::new(pattern) else {
            return Ok(None);
        };
        let found = self.rows(field, &lookup)?;
        Ok(Some(match lookup.exact {
            true => Found::exactly(found),
            false => Found::among(found),
        }))
    }

    fn rows(&self, field: TextField, lookup: &Lookup) -> io::Result<RoaringBitmap> {
        self.in_all_segments(&|segment, found| {
            for part in parts(field) {
                let text = &segment.text;
                text.find(*part, lookup, false, self.cancel, &mut |row, _| found(row))?;
            }
            Ok(())
        })
    }

    /// In how many articles a word stands, at least.
    fn spread(&self, field: TextField, word: &Lookup) -> io::Result<u64> {
        let mut spread = 0;
        for segment in self.snapshot.segments {
            let counts = parts(field).iter().map(|it| segment.text.spread(*it, word));
            let counts = counts.collect::<io::Result<Vec<u64>>>()?;
            spread += counts.into_iter().max().unwrap_or(0);
        }
        Ok(spread)
    }

    /// The articles of which a file's path says that.
    fn path(&self, part: &str) -> io::Result<RoaringBitmap> {
        let paths = self.snapshot.paths.iter();
        self.of_files(paths.map(|path| query::place_fits(part, path)).collect())
    }

    /// The articles with a record of one of the files that are chosen, by their numbers.
    fn of_files(&self, chosen: Vec<bool>) -> io::Result<RoaringBitmap> {
        let fits = |file: u32| chosen.get(file as usize).copied().unwrap_or(false);
        let mut found = self.column(Column::Files, fits)?;
        for segment in self.snapshot.segments {
            let pairs = segment.catalogue.more_files()?.as_chunks::<2>().0;
            let more = pairs.iter().filter(|[_, file]| fits(*file));
            found.extend(more.map(|[row, _]| segment.first() + row));
        }
        found.extend(self.later(|record| fits(record.file)));
        Ok(found)
    }

    fn url(&self, part: &str) -> io::Result<RoaringBitmap> {
        self.in_all_segments(&|segment, found| {
            segment.catalogue.walk(|row, it| {
                if it.url.is_some_and(|url| query::place_fits(part, &url)) {
                    found(row);
                }
                !self.cancel.is_cancelled()
            })
        })
    }

    /// The articles of the rows that `find` finds in each segment, asked by all cores.
    fn in_all_segments(&self, find: &InSegment<'_>) -> io::Result<RoaringBitmap> {
        let segments = self.snapshot.segments;
        let cores = thread::available_parallelism().map_or(1, NonZero::get);
        let next = AtomicUsize::new(0);
        let work = || {
            let mut all = Bits::new(self.snapshot.sealed());
            while let Some(segment) = segments.get(next.fetch_add(1, Ordering::Relaxed)) {
                let first = segment.first();
                find(segment, &mut |row| all.set(first + row))?;
            }
            Ok(all)
        };
        if segments.len() < 2 {
            return work().map(|all: Bits| all.to_bitmap());
        }
        thread::scope(|scope| {
            let others = (1..cores.min(segments.len())).map(|_| scope.spawn(work));
            let others: Vec<_> = others.collect();
            let mut all: io::Result<Bits> = work();
            for other in others {
                let found = other
                    .join()
                    .unwrap_or_else(|panic| std::panic::resume_unwind(panic));
                all = all.and_then(|all| Ok(all.or(&found?)));
            }
            all.map(|all| all.to_bitmap())
        })
    }

    fn id(&self, id: &str) -> io::Result<RoaringBitmap> {
        let begin = self.ids_that_begin(&id.to_ascii_lowercase())?;
        let mut found: RoaringBitmap = begin.into_iter().map(|(_, number)| number).collect();
        found.remove_range(self.snapshot.sealed()..);
        Ok(found | self.with_record_id(id)?)
    }

    fn with_record_id(&self, id: &str) -> io::Result<RoaringBitmap> {
        let mut found = RoaringBitmap::new();
        for segment in self.snapshot.segments {
            let catalogue = &segment.catalogue;
            for row in catalogue.with_record_id(id)? {
                let records = catalogue.row(row)?.records;
                if records.iter().any(|it| it.record_id.as_deref() == Some(id)) {
                    found.insert(segment.first() + row);
                }
            }
        }
        found.extend(self.later(|record| record.record_id.as_deref() == Some(id)));
        Ok(found)
    }

    /// The articles whose ids begin so: those in memory too, since one of them may name a group.
    fn ids_that_begin(&self, digits: &str) -> io::Result<Vec<(ArticleId, u32)>> {
        let Some((low, high)) = ids_that_begin(digits) else {
            return Ok(Vec::new());
        };
        let mut found = Vec::new();
        for segment in self.snapshot.segments {
            let ids = segment.catalogue.ids()?;
            let from = ids.partition_point(|(id, _)| *id < low);
            let within = ids[from..].iter().take_while(|(id, _)| *id <= high);
            found.extend(within.map(|(id, row)| (*id, segment.first() + row)));
        }
        let here = (self.snapshot.sealed()..).zip(self.snapshot.tail.members);
        let here = here.map(|(number, member)| (member.article.id, number));
        found.extend(here.filter(|(id, _)| (low..=high).contains(id)));
        Ok(found)
    }

    fn state(&self, state: State) -> io::Result<RoaringBitmap> {
        let decided = || self.snapshot.decided();
        let all = || {
            let mut all = RoaringBitmap::new();
            all.insert_range(0..self.snapshot.sealed());
            all
        };
        let dup = || -> io::Result<RoaringBitmap> {
            Ok(self.sized(|count| count > 1) | self.copies(|copies| copies > 1)?)
        };
        let best = || {
            let mut every = RoaringBitmap::new();
            every.insert_range(0..self.snapshot.end());
            self.sealed(self.snapshot.standings.leads(&every))
        };
        Ok(match state {
            State::Tagged => decided()?.tagged.clone(),
            State::Untagged => all() - &decided()?.tagged,
            State::Kept => {
                let decided = decided()?;
                &decided.keep - &decided.superseded
            }
            State::Dropped => decided()?.drop.clone(),
            State::Skipped => decided()?.skip.clone(),
            State::Superseded => decided()?.superseded.clone(),
            State::Reviewed => {
                let decided = decided()?;
                &decided.keep | &decided.drop | &decided.skip | &decided.superseded
            }
            State::Dup => dup()?,
            State::Unique => all() - dup()?,
            State::Best => best(),
            State::Read => decided()?.read.clone(),
            State::Unread => all() - &decided()?.read,
            State::Marked => decided()?.marked.clone(),
            State::Selected => decided()?.selected.clone(),
        })
    }

    fn has(&self, part: Part) -> io::Result<RoaringBitmap> {
        let flag = match part {
            Part::Title => flags::TITLE,
            Part::Author => flags::AUTHOR,
            Part::Date => return self.column(Column::Dates, |packed| packed > 0),
            Part::Url => flags::URL,
            Part::Lang => flags::LANG,
            Part::Error => flags::ERROR,
            Part::Note => return self.snapshot.noted(|_| true),
        };
        let mut found = self.column(Column::Flags, |bits| bits & flag != 0)?;
        if part == Part::Error {
            found.extend(self.later(|record| record.has_error));
        }
        Ok(found)
    }

    /// The articles with such a number of records.
    fn copies(&self, fits: impl Fn(u64) -> bool) -> io::Result<RoaringBitmap> {
        let mut later: HashMap<u32, u64> = HashMap::new();
        for (number, _) in self.snapshot.records.all_later() {
            *later.entry(number).or_default() += 1;
        }
        let mut bits = Bits::new(self.snapshot.sealed());
        for segment in self.snapshot.segments {
            let copies = segment.catalogue.column(Column::Copies)?.iter();
            for (number, copies) in (segment.first()..).zip(copies) {
                let later = later.get(&number).copied().unwrap_or(0);
                if fits(u64::from(*copies) + later) {
                    bits.set(number);
                }
            }
        }
        Ok(bits.to_bitmap())
    }

    /// The articles with such a record among those that came later.
    fn later(&self, fits: impl Fn(&RowRecord) -> bool) -> impl Iterator<Item = u32> {
        let all = self.snapshot.records.all_later();
        all.filter(move |(_, record)| fits(record))
            .map(|(number, _)| number)
    }

    /// The articles whose groups have so many.
    fn sized(&self, fits: impl Fn(usize) -> bool) -> RoaringBitmap {
        self.sealed(self.snapshot.standings.sized(&fits))
    }

    /// Those of these articles that are on disk.
    fn sealed(&self, mut found: RoaringBitmap) -> RoaringBitmap {
        found.remove_range(self.snapshot.sealed()..);
        found
    }

    fn by_number(&self, fits: impl Fn(u32) -> bool) -> RoaringBitmap {
        let mut bits = Bits::new(self.snapshot.sealed());
        for number in (0..self.snapshot.sealed()).filter(|number| fits(*number)) {
            bits.set(number);
        }
        bits.to_bitmap()
    }

    fn column(
        &self,
        column: Column,
        mut fits: impl FnMut(u32) -> bool,
    ) -> io::Result<RoaringBitmap> {
        let mut bits = Bits::new(self.snapshot.sealed());
        for segment in self.snapshot.segments {
            let numbers = segment.catalogue.column(column)?.iter();
            for (number, value) in (segment.first()..).zip(numbers) {
                if fits(*value) {
                    bits.set(number);
                }
            }
        }
        Ok(bits.to_bitmap())
    }

    fn named(
        &self,
        dictionary: Dictionary,
        fits: impl Fn(&str) -> bool,
    ) -> io::Result<RoaringBitmap> {
        let mut bits = Bits::new(self.snapshot.sealed());
        for segment in self.snapshot.segments {
            let names = segment.catalogue.names(dictionary)?;
            // No name never fits.
            let mut fit = vec![false];
            fit.extend(names.names.iter().map(|name| fits(name)));
            for (number, name) in (segment.first()..).zip(&names.rows) {
                if fit.get(*name as usize) == Some(&true) {
                    bits.set(number);
                }
            }
        }
        Ok(bits.to_bitmap())
    }
}

/// Where the index has the text of a field.
fn parts(field: TextField) -> &'static [text::Part] {
    match field {
        TextField::Anywhere => &[text::Part::Body, text::Part::Title],
        TextField::Title => &[text::Part::Title],
        TextField::Body => &[text::Part::Body],
        TextField::Author => &[text::Part::Author],
        TextField::Note => &[],
    }
}

/// The least and the greatest id that begin with these digits; nothing when no id does.
fn ids_that_begin(digits: &str) -> Option<(ArticleId, ArticleId)> {
    let fine = |it: u8| it.is_ascii_digit() || (b'a'..=b'f').contains(&it);
    if digits.len() > 32 || !digits.bytes().all(fine) {
        return None;
    }
    let fill = |with: char| {
        let rest = (digits.len()..32).map(|_| with);
        let all: String = digits.chars().chain(rest).collect();
        all.parse().ok()
    };
    fill('0').zip(fill('f'))
}
