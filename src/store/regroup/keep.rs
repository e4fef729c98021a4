//! Grouping files with what was kept of the last time: only files that are new or have grown are read.

use std::collections::{HashMap, HashSet};
use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use roaring::RoaringBitmap;
use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::xxh3_64;

use super::catalogue::{Catalogue, OnDisk, Place, Record, Whole};
use super::file::{self, Numbers, Writer, damaged, push, push_signed};
use super::kept::{Keeping, Kept};
use super::read::{self, Task};
use super::{Clock, Regrouped, Settings, Stage, Step, Telling, complain, disk, take};
use crate::cancel::Cancel;
use crate::model::ArticleId;
use crate::store::ingest::{Found, STDIN, expand, reason};
use crate::store::types::StoreError;

/// The file of records.
const RECORDS: &str = "records";
/// After so many bytes of sources, what was read is put on disk.
const SAVE_EVERY: u64 = 512 << 20;
/// So many bytes at the beginning, and in front of where reading ended, tell whether a file only grew.
const SAMPLE: u64 = 1 << 16;

/// How a file was when it was read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct ReadFile {
    path: PathBuf,
    bytes: u64,
    /// When it was changed, in nanoseconds since 1970.
    modified: u128,
    /// How far it was read and how many records that were; nothing where it can only be read as a whole.
    until: Option<(u64, u64)>,
    /// Hashes of its beginning and of what stands in front of that place.
    samples: Option<[u64; 2]>,
    /// Whether it was read to its end.
    ended: bool,
}

/// Reads what paths name, groups it, and keeps in `folder` what makes the next time cheap.
pub fn regroup_kept(
    paths: &[PathBuf],
    settings: &Settings,
    folder: &Path,
    cancel: &Cancel,
    progress: &mut dyn FnMut(Step),
) -> Result<Regrouped, StoreError> {
    let mut clock = Clock::new();
    let mut diagnostics = Vec::new();
    let fail = |error: io::Error| {
        StoreError::Io(format!(
            "{} cannot be read or written: {}",
            folder.display(),
            reason(&error)
        ))
    };
    let keeping = Keeping {
        memory: settings.memory,
        threads: settings.threads,
    };
    let (kept, loaded) = std::thread::scope(|scope| {
        let loaded = scope.spawn(|| load(folder));
        let kept = Kept::open(folder, keeping, u32::MAX);
        (kept, loaded.join().ok().and_then(Result::ok))
    });
    let mut kept = kept?;
    let (mut catalogue, mut known) = loaded.unwrap_or_default();
    let articles = catalogue.ids.len() as u32;
    kept.forget_from(articles)?;
    if kept.articles() != articles {
        (catalogue, known) = Default::default();
        kept.forget();
    }
    catalogue.settle();
    let raws = std::mem::take(&mut catalogue.raws);

    let files = expand(paths, &settings.formats.exclude, cancel, &mut diagnostics);
    let mut tasks = Vec::new();
    // By task and by the order of paths: the number of the file in the catalogue.
    let (mut numbers, mut order) = (Vec::new(), Vec::new());
    let by_path: HashMap<PathBuf, usize> = known
        .iter()
        .enumerate()
        .map(|(at, file)| (file.path.clone(), at))
        .collect();
    let mut moved = moved(&known, &files);
    let mut stays = vec![false; known.len()];
    for found in files {
        let at = match by_path.get(&found.path) {
            Some(at) => *at,
            None => match was_at(&mut moved, &known, &found) {
                Some(at) => {
                    known[at].path.clone_from(&found.path);
                    catalogue.files[at].clone_from(&found.path);
                    at
                }
                None => {
                    known.push(ReadFile::default());
                    stays.push(false);
                    catalogue.files.push(found.path.clone());
                    known.len() - 1
                }
            },
        };
        order.push(at);
        let from = match &known[at] {
            file if is_same(file, &found) => {
                stays[at] = true;
                continue;
            }
            file if has_grown(file, &found.path) => {
                stays[at] = true;
                file.until.unwrap_or_default()
            }
            _ => (0, 0),
        };
        known[at] = ReadFile {
            path: found.path.clone(),
            bytes: found.bytes,
            modified: modified(&found.path),
            ..ReadFile::default()
        };
        numbers.push(at as u32);
        tasks.push(Task { found, from });
    }
    if !stays.iter().all(|stays| *stays) {
        catalogue.retain(|file| stays[file as usize]);
    }
    let read: HashSet<u32> = numbers.iter().copied().collect();
    for (at, _) in stays.iter().enumerate().filter(|(_, stays)| !**stays) {
        if !read.contains(&(at as u32)) {
            known[at] = ReadFile {
                path: known[at].path.clone(),
                ..ReadFile::default()
            };
        }
    }
    catalogue.index();

    let all = tasks
        .iter()
        .map(|it| it.found.bytes.saturating_sub(it.from.0))
        .sum();
    let (mut done, mut saved) = (0, 0);
    let mut outcome = Ok(());
    read::read(
        &tasks,
        &settings.formats,
        settings.threads,
        cancel,
        |mut batch| {
            done += batch.bytes;
            let stage = Stage::Sign;
            progress(Step { stage, done, all });
            let (file, until) = (numbers[batch.file as usize], batch.until);
            batch.in_file(file);
            let add = |_, content: Option<u64>, prints: &[u32]| {
                let prints = content.is_some().then_some(prints);
                kept.add_prints(content.unwrap_or_default(), prints)
                    .map(drop)
            };
            outcome = take(batch, &mut catalogue, &mut diagnostics, add);
            if until.is_some() {
                let file = &mut known[file as usize];
                (file.until, file.samples) = (until, None);
            }
            if outcome.is_ok() && done - saved > SAVE_EVERY {
                saved = done;
                outcome = kept
                    .seal()
                    .and_then(|()| save(folder, &catalogue, &mut known).map_err(fail));
            }
            match outcome {
                Ok(()) => Ok(()),
                Err(_) => Err(io::Error::other("kept")),
            }
        },
    )
    .or_else(|error| std::mem::replace(&mut outcome, Ok(())).and(Err(disk(error))))?;
    if cancel.is_cancelled() {
        return Err(StoreError::Cancelled);
    }
    catalogue.shrink();
    catalogue.settle();
    for (article, raw) in (0u32..).zip(&raws) {
        if catalogue.raws[article as usize] != *raw {
            kept.touch(article);
        }
    }
    for number in &numbers {
        known[*number as usize].ended = true;
    }
    if !numbers.is_empty() || !stays.iter().all(|stays| *stays) {
        kept.seal()?;
        save(folder, &catalogue, &mut known).map_err(fail)?;
    }
    clock.report(
        Stage::Sign,
        format!(
            "{} records, {} articles, {} MB new",
            catalogue.records.len(),
            catalogue.places.iter().flatten().count(),
            done >> 20
        ),
    );

    let dead: RoaringBitmap = (0u32..)
        .zip(&catalogue.places)
        .filter(|(_, place)| place.is_none())
        .map(|(article, _)| article)
        .collect();
    let articles = OnDisk {
        catalogue: &catalogue,
        options: &settings.formats,
        whole: Whole::default(),
    };
    let mut said = |stage, what| clock.report(stage, what);
    let telling = settings.telling;
    let mut grouped =
        kept.group_and_tell(&articles, &dead, telling, cancel, progress, &mut said)?;
    if telling == Telling::Relations {
        kept.relate(&mut grouped, &articles, cancel, progress)?;
    }
    complain(grouped.changed(), &catalogue, &mut diagnostics);
    let mut places = vec![u32::MAX; catalogue.files.len()];
    for (place, file) in (0u32..).zip(order) {
        places[file] = place;
    }
    let mut order: Vec<u32> = (0..catalogue.records.len() as u32).collect();
    order.sort_by_key(|at| places[catalogue.records[*at as usize].file as usize]);
    clock.report(
        Stage::Link,
        format!(
            "{} groups; {} MB kept",
            grouped.groups(),
            kept.bytes() >> 20
        ),
    );
    let found = Regrouped::new(catalogue, order, grouped, clock);
    Ok(Regrouped {
        diagnostics,
        ..found
    })
}

fn modified(path: &Path) -> u128 {
    let time = fs::metadata(path).and_then(|it| it.modified()).ok();
    let time = time.and_then(|it| it.duration_since(UNIX_EPOCH).ok());
    time.map_or(0, |it| it.as_nanos())
}

/// Whether a file was read to its end and is as it was.
fn is_same(file: &ReadFile, found: &Found) -> bool {
    file.ended
        && found.path != Path::new(STDIN)
        && (file.bytes, file.modified) == (found.bytes, modified(&found.path))
}

/// Whether a file with a record a line has more lines now and is otherwise as it was, as far as samples tell.
fn has_grown(file: &ReadFile, path: &Path) -> bool {
    let Some((until, _)) = file.until else {
        return false;
    };
    let goes_on = || -> io::Result<bool> {
        let mut input = File::open(path)?;
        input.seek(SeekFrom::Start(until))?;
        let mut next = [0];
        let new_line = match input.read(&mut next)? {
            0 => true,
            _ => matches!(next, [b'\n' | b'\r']),
        };
        Ok(new_line && Some(samples(path, until)?) == file.samples)
    };
    goes_on().unwrap_or(false)
}

/// Files that are named no more, by the hash of their beginning: one may have got another name. Small ones are read anew
/// sooner than looked for.
fn moved(known: &[ReadFile], files: &[Found]) -> HashMap<u64, usize> {
    let named: HashSet<&Path> = files.iter().map(|found| &*found.path).collect();
    let gone = known.iter().enumerate();
    let gone = gone.filter(|(_, file)| !named.contains(&*file.path));
    let large = |until: (u64, u64)| until.0 >= SAMPLE;
    gone.filter(|(_, file)| file.until.is_some_and(large))
        .filter_map(|(at, file)| Some((file.samples?[0], at)))
        .collect()
}

/// Which of these a file was, as far as samples tell.
fn was_at(moved: &mut HashMap<u64, usize>, known: &[ReadFile], found: &Found) -> Option<usize> {
    if moved.is_empty() || found.bytes < SAMPLE {
        return None;
    }
    let [beginning, _] = samples(&found.path, SAMPLE).ok()?;
    let at = *moved.get(&beginning)?;
    if !has_grown(&known[at], &found.path) {
        return None;
    }
    moved.remove(&beginning)
}

fn samples(path: &Path, until: u64) -> io::Result<[u64; 2]> {
    let mut input = File::open(path)?;
    let length = SAMPLE.min(until);
    let mut sums = [0; 2];
    for (sum, start) in sums.iter_mut().zip([0, until - length]) {
        let mut bytes = vec![0; length as usize];
        input.seek(SeekFrom::Start(start))?;
        input.read_exact(&mut bytes)?;
        *sum = xxh3_64(&bytes);
    }
    Ok(sums)
}

/// Writes which records there are: a line of JSON with the files, then records and ids as numbers.
fn save(folder: &Path, catalogue: &Catalogue, files: &mut [ReadFile]) -> io::Result<()> {
    for file in files.iter_mut().filter(|file| file.samples.is_none()) {
        // A file that cannot be looked at now will be read anew.
        let until = file.until.map(|(until, _)| until);
        file.samples = until.and_then(|until| samples(&file.path, until).ok());
    }
    let mut writer = Writer::new(&folder.join(RECORDS))?;
    let head = serde_json::to_vec(files)?;
    let mut bytes = Vec::new();
    push(&mut bytes, head.len() as u64);
    bytes.extend(head);
    push(&mut bytes, catalogue.ids.len() as u64);
    for id in &catalogue.ids {
        bytes.extend(id.bytes());
        flush(&mut bytes, &mut writer)?;
    }
    let (mut article, mut end, mut within) = (0, 0, 0);
    let mut last_file = u32::MAX;
    for (at, record) in catalogue.records.iter().enumerate() {
        push_signed(&mut bytes, i64::from(record.article) - article);
        article = i64::from(record.article);
        push(&mut bytes, u64::from(record.file));
        push(&mut bytes, u64::from(record.number));
        bytes.extend(record.raw.to_le_bytes());
        if record.file != last_file {
            (last_file, end, within) = (record.file, 0, 0);
        }
        match record.place {
            Place::Line { length, offset, .. } => {
                push(&mut bytes, u64::from(length) + 1);
                push_signed(&mut bytes, offset as i64 - end);
                end = (offset + u64::from(length)) as i64;
            }
            Place::Held(_) => {
                push(&mut bytes, 0);
                push(&mut bytes, within);
                within += 1;
            }
            Place::Within { record, .. } => {
                push(&mut bytes, 0);
                push(&mut bytes, u64::from(record));
                within = u64::from(record) + 1;
            }
        }
        let name = catalogue.name(at).unwrap_or_default();
        push(&mut bytes, name.len() as u64);
        bytes.extend(name.as_bytes());
        flush(&mut bytes, &mut writer)?;
    }
    writer.put(&bytes)?;
    writer.finish()
}

fn flush(bytes: &mut Vec<u8>, writer: &mut Writer) -> io::Result<()> {
    if bytes.len() > 1 << 16 {
        writer.put(bytes)?;
        bytes.clear();
    }
    Ok(())
}

/// Reads it again.
fn load(folder: &Path) -> io::Result<(Catalogue, Vec<ReadFile>)> {
    let bytes = file::read(&folder.join(RECORDS))?;
    let mut numbers = Numbers(&bytes);
    let length = numbers.next().ok_or_else(damaged)? as usize;
    let (head, rest) = numbers.0.split_at_checked(length).ok_or_else(damaged)?;
    let files: Vec<ReadFile> = serde_json::from_slice(head)?;
    let mut catalogue = Catalogue::default();
    catalogue.files = files.iter().map(|file| file.path.clone()).collect();
    records(Numbers(rest), &mut catalogue).ok_or_else(damaged)?;
    Ok((catalogue, files))
}

fn records(mut numbers: Numbers<'_>, catalogue: &mut Catalogue) -> Option<()> {
    for _ in 0..numbers.next()? {
        let (id, rest) = numbers.0.split_first_chunk::<16>()?;
        numbers.0 = rest;
        catalogue.ids.push(ArticleId::from_bytes(*id));
    }
    let (mut article, mut end) = (0, 0);
    let mut last_file = u32::MAX;
    while !numbers.0.is_empty() {
        article += numbers.signed()?;
        let (file, number) = (numbers.small()?, numbers.small()?);
        let raw = numbers.eight()?;
        if file != last_file {
            (last_file, end) = (file, 0);
        }
        let place = match numbers.next()? {
            0 => Place::Within {
                file,
                record: numbers.small()?,
            },
            length => {
                let offset = end + numbers.signed()?;
                end = offset + length as i64 - 1;
                Place::Line {
                    file,
                    length: u32::try_from(length - 1).ok()?,
                    offset: u64::try_from(offset).ok()?,
                }
            }
        };
        let name = numbers.next()? as usize;
        let (name, rest) = numbers.0.split_at_checked(name)?;
        numbers.0 = rest;
        let record = Record {
            article: u32::try_from(article).ok()?,
            file,
            number,
            raw,
            place,
        };
        catalogue.ids.get(record.article as usize)?;
        catalogue.files.get(file as usize)?;
        catalogue.push(record, name);
    }
    Some(())
}
