//! The SQLite file of the review log: how it is opened, created, read and written. docs/ON-DISK.md describes it for
//! people with `sqlite3`.
//!
//! `journal_mode=DELETE` with `synchronous=EXTRA` is the setting that survived power cuts, full disks and read-only
//! folders; WAL could not even be read on a full disk. One table and no index: the log is read from its beginning and
//! written at its end.

use std::borrow::Cow;
use std::path::Path;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{CachedStatement, Connection, ErrorCode, OpenFlags};

use super::event::{Act, Event, Hash, Row, path_bytes, path_from_bytes};
use crate::store::ingest::reason;
use crate::store::types::{LibraryId, StoreError, Subject};

/// The name of the file in the data directory.
pub const FILE: &str = "review.sqlite";

/// `rcto`: tells the file from other SQLite files.
const APPLICATION: i32 = 0x7263_746f;

/// The layout of the file. A recto that finds a higher number reads and does not write.
///
/// 2 knows the deeds `apart` and `same`, 3 `note` and `filter`, 4 `sketch`; the table is that of 1. A log of an older layout is read
/// as it is, and the first change lifts it, so that the recto that wrote it does not add to what it no longer
/// understands.
pub(super) const VERSION: i32 = 4;

/// So many events are hashed ahead of being written.
const CHUNK: usize = 512;

/// How long to wait for another recto that is writing.
const PATIENCE: Duration = Duration::from_secs(10);

const CREATE: &str = "
CREATE TABLE events (
    number    INTEGER PRIMARY KEY,
    step      INTEGER NOT NULL,
    library   TEXT NOT NULL,
    author    TEXT NOT NULL,
    time      INTEGER NOT NULL,
    deed      TEXT NOT NULL,
    value     TEXT,
    article   TEXT,
    path      ANY,
    record    INTEGER,
    record_id TEXT,
    url       TEXT,
    title     TEXT,
    hash      BLOB NOT NULL
) STRICT;";

const COLUMNS: &str = "number, step, library, author, time, deed, value, article, path, record, \
                       record_id, url, title, hash";

/// What a file turned out to be.
pub(super) enum State {
    /// Nothing is in it yet.
    Empty,
    /// A log that this recto can read and write.
    Ours,
    /// A log of a newer layout.
    Newer(i32),
}

/// Says whether there is a file; an error is not taken for an answer.
pub(super) fn exists(file: &Path) -> Result<bool, StoreError> {
    match file.try_exists() {
        Err(error) if error.kind() == std::io::ErrorKind::NotADirectory => Ok(false),
        answer => answer.map_err(|error| {
            let (file, why) = (file.display(), reason(&error));
            StoreError::Io(format!("{file} cannot be read: {why}"))
        }),
    }
}

/// Opens the file; without write permission SQLite opens it for reading by itself.
pub(super) fn open(file: &Path, create: bool) -> rusqlite::Result<Connection> {
    let mut flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    if create {
        flags |= OpenFlags::SQLITE_OPEN_CREATE;
    }
    let connection = Connection::open_with_flags(file, flags)?;
    connection.busy_timeout(PATIENCE)?;
    // No page is written before the change is whole: a large one would sync its journal in the middle.
    connection.execute_batch(
        "PRAGMA synchronous = EXTRA; PRAGMA temp_store = MEMORY; PRAGMA cache_spill = OFF; \
         PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON;",
    )?;
    // Answers with a row, unlike the others; a new file has this mode anyway.
    connection.query_row("PRAGMA journal_mode = DELETE", [], |_| Ok(()))?;
    Ok(connection)
}

/// Opens a damaged file to read what is left of it: a file that was cut off has sound pages in front of the cut, which
/// SQLite shows only to those who say that they know.
pub(super) fn open_damaged(file: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(file, flags)?;
    connection.busy_timeout(PATIENCE)?;
    connection.execute_batch("PRAGMA trusted_schema = OFF; PRAGMA writable_schema = ON;")?;
    Ok(connection)
}

/// Says what the file is, or why it is no review log.
pub(super) fn inspect(connection: &Connection) -> Result<State, StoreError> {
    let number = |pragma: &str| -> Result<i32, StoreError> {
        connection
            .query_row(&format!("PRAGMA {pragma}"), [], |row| row.get(0))
            .map_err(|error| trouble(&error))
    };
    let application = number("application_id")?;
    let version = number("user_version")?;
    let tables: i64 = connection
        .query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))
        .map_err(|error| trouble(&error))?;
    match (application, version) {
        (0, 0) if tables == 0 => Ok(State::Empty),
        (APPLICATION, 1..=VERSION) => Ok(State::Ours),
        (APPLICATION, newer) if newer > VERSION => Ok(State::Newer(newer)),
        _ => Err(StoreError::Damaged(
            "the file is not a review log, or its first page is damaged".into(),
        )),
    }
}

/// Lays out an empty file, inside the transaction of whoever calls.
pub(super) fn create(connection: &Connection) -> rusqlite::Result<()> {
    connection.execute_batch(CREATE)?;
    connection.pragma_update(None, "application_id", APPLICATION)?;
    connection.pragma_update(None, "user_version", VERSION)
}

/// Lifts a log of an older layout to the present one, inside the transaction of whoever calls.
pub(super) fn lift(connection: &Connection) -> rusqlite::Result<()> {
    connection.pragma_update(None, "user_version", VERSION)
}

/// Makes a directory and puts its name on disk, so that a power cut cannot take away the folder of a saved log.
pub(super) fn create_directory(directory: &Path) -> std::io::Result<()> {
    if directory.is_dir() {
        return Ok(());
    }
    let parent = directory.parent().filter(|it| !it.as_os_str().is_empty());
    if let Some(parent) = parent {
        create_directory(parent)?;
    }
    match std::fs::create_dir(directory) {
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists && directory.is_dir() => {}
        other => other?,
    }
    sync_directory(parent.unwrap_or(Path::new(".")))
}

/// Puts the names in a directory on disk.
pub(super) fn sync_directory(directory: &Path) -> std::io::Result<()> {
    if cfg!(unix) {
        std::fs::File::open(directory)?.sync_all()?;
    }
    Ok(())
}

/// Gives the events from `first` on, with the hashes that stand beside them, until `visit` says stop.
pub(super) fn events(
    connection: &Connection,
    first: u64,
    visit: &mut dyn FnMut(Event, Hash) -> bool,
) -> Result<(), StoreError> {
    let say = |error: rusqlite::Error| trouble(&error);
    let select = format!("SELECT {COLUMNS} FROM events WHERE number >= ?1 ORDER BY number");
    let mut statement = connection.prepare_cached(&select).map_err(say)?;
    let mut rows = statement.query([signed(first)]).map_err(say)?;
    while let Some(row) = rows.next().map_err(say)? {
        let (event, hash) = decode(row)?;
        if !visit(event, hash) {
            break;
        }
    }
    Ok(())
}

/// The number of the last event; 0 where there is none. Holds a lock that keeps others from writing for as long as the
/// transaction of whoever calls lasts.
pub(super) fn last(connection: &Connection) -> rusqlite::Result<u64> {
    let newest = "SELECT coalesce(max(number), 0) FROM events";
    connection.query_row(newest, [], |row| Ok(unsigned(row.get(0)).unwrap_or(0)))
}

/// The number and hash of the first row from `first` on, where its other columns cannot be read. None behind the last
/// row that can be had.
pub(super) fn next_row(
    connection: &Connection,
    first: u64,
) -> Result<Option<(u64, Option<Hash>)>, StoreError> {
    let select = "SELECT number, hash FROM events WHERE number >= ?1 ORDER BY number LIMIT 1";
    let row: rusqlite::Result<(i64, Option<Hash>)> =
        connection.query_row(select, [signed(first)], |row| {
            Ok((row.get(0)?, row.get(1).ok()))
        });
    match row {
        Ok((number, hash)) => Ok(u64::try_from(number).ok().map(|number| (number, hash))),
        Err(rusqlite::Error::QueryReturnedNoRows) => Ok(None),
        Err(error) => match trouble(&error) {
            StoreError::Damaged(_) => Ok(None),
            other => Err(other),
        },
    }
}

fn decode(row: &rusqlite::Row<'_>) -> Result<(Event, Hash), StoreError> {
    let number = unsigned(row.get(0)).ok_or_else(|| damaged("an event has no number".into()))?;
    let bad = |column: &str| damaged(format!("event {number} has no sound {column}"));
    let text = |index: usize, column: &str| -> Result<Option<String>, StoreError> {
        row.get(index).map_err(|_| bad(column))
    };
    let need = |index: usize, column: &str| text(index, column)?.ok_or_else(|| bad(column));
    let subject = match text(7, "article")? {
        None => None,
        Some(article) => Some(Subject {
            article: article.parse().map_err(|_| bad("article"))?,
            path: match row.get_ref(8) {
                // The type says no more than the bytes do, and must not say otherwise: the hash does not cover it.
                Ok(ValueRef::Text(bytes)) if std::str::from_utf8(bytes).is_ok() => {
                    path_from_bytes(bytes.to_vec())
                }
                Ok(ValueRef::Blob(bytes)) if std::str::from_utf8(bytes).is_err() => {
                    path_from_bytes(bytes.to_vec())
                }
                _ => return Err(bad("path")),
            },
            record: match row.get_ref(9) {
                Ok(ValueRef::Null) => None,
                _ => Some(unsigned(row.get(9)).ok_or_else(|| bad("record"))?),
            },
            record_id: text(10, "record_id")?,
            url: text(11, "url")?,
            title: text(12, "title")?,
        }),
    };
    let event = Event {
        number,
        step: unsigned(row.get(1)).ok_or_else(|| bad("step"))?,
        library: LibraryId(need(2, "library")?),
        author: need(3, "author")?,
        time: row.get(4).map_err(|_| bad("time"))?,
        subject,
        act: Act::parse(need(5, "deed")?, text(6, "value")?),
    };
    Ok((event, row.get(13).map_err(|_| bad("hash"))?))
}

fn damaged(why: String) -> StoreError {
    StoreError::Damaged(why)
}

/// A number of the file that cannot be below zero.
fn unsigned(number: rusqlite::Result<i64>) -> Option<u64> {
    u64::try_from(number.ok()?).ok()
}

/// Writes events at the end of the log.
///
/// Each binding costs a copy, and most events of a large change differ in few columns: what is bound stays bound.
pub(super) struct Writer<'a> {
    statement: CachedStatement<'a>,
    /// Columns 2 to 7 and 9 as they are bound.
    bound: Option<Bound>,
}

/// The columns that seldom change from one event to the next.
#[derive(PartialEq, Eq)]
struct Bound {
    step: u64,
    library: String,
    author: String,
    time: i64,
    deed: String,
    value: Option<String>,
    path: Option<Vec<u8>>,
}

impl<'a> Writer<'a> {
    /// Prepares the statement.
    pub(super) fn new(connection: &'a Connection) -> rusqlite::Result<Self> {
        let insert = format!(
            "INSERT INTO events ({COLUMNS}) VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14)"
        );
        Ok(Self {
            statement: connection.prepare_cached(&insert)?,
            bound: None,
        })
    }

    /// Writes one event with its hash.
    pub(super) fn put(&mut self, row: &Row<'_>, hash: &Hash) -> rusqlite::Result<()> {
        self.bind_common(row)?;
        let subject = row.subject;
        let statement = &mut self.statement;
        statement.raw_bind_parameter(1, signed(row.number))?;
        statement.raw_bind_parameter(8, subject.map(|it| it.article.to_string()))?;
        statement.raw_bind_parameter(10, subject.and_then(|it| it.record).map(signed))?;
        for (at, column) in [
            (11, subject.and_then(|it| it.record_id.as_deref())),
            (12, subject.and_then(|it| it.url.as_deref())),
            (13, subject.and_then(|it| it.title.as_deref())),
        ] {
            statement.raw_bind_parameter(at, column)?;
        }
        statement.raw_bind_parameter(14, hash.as_slice())?;
        statement.raw_execute()?;
        Ok(())
    }

    fn bind_common(&mut self, row: &Row<'_>) -> rusqlite::Result<()> {
        let (deed, value) = row.act.words();
        let path = row.subject.map(|subject| path_bytes(&subject.path));
        let is_bound = self.bound.as_ref().is_some_and(|it| {
            (it.step, it.time) == (row.step, row.time)
                && (it.library.as_str(), it.author.as_str()) == (&row.library.0, row.author)
                && (it.deed.as_str(), it.value.as_deref()) == (deed, value.as_deref())
                && it.path.as_deref() == path.as_deref()
        });
        if is_bound {
            return Ok(());
        }
        let statement = &mut self.statement;
        statement.raw_bind_parameter(2, signed(row.step))?;
        statement.raw_bind_parameter(3, &row.library.0)?;
        statement.raw_bind_parameter(4, row.author)?;
        statement.raw_bind_parameter(5, row.time)?;
        statement.raw_bind_parameter(6, deed)?;
        statement.raw_bind_parameter(7, value.as_deref())?;
        let bytes = path.as_deref().map(|bytes| {
            ToSqlOutput::Borrowed(match std::str::from_utf8(bytes) {
                Ok(_) => ValueRef::Text(bytes),
                Err(_) => ValueRef::Blob(bytes),
            })
        });
        statement.raw_bind_parameter(9, bytes)?;
        self.bound = Some(Bound {
            step: row.step,
            library: row.library.0.clone(),
            author: row.author.to_owned(),
            time: row.time,
            deed: deed.to_owned(),
            value: value.map(Cow::into_owned),
            path: path.map(Cow::into_owned),
        });
        Ok(())
    }
}

/// Writes events at the end of the log, chained to the hash of the last one; gives that of the newest. `meanwhile` sees
/// them all, in order, on another core where there are many.
pub(super) fn append(
    connection: &Connection,
    last: Hash,
    rows: &[Row<'_>],
    mut meanwhile: impl FnMut(&[Row<'_>]) + Send,
) -> rusqlite::Result<Hash> {
    let mut writer = Writer::new(connection)?;
    let mut hash = last;
    if rows.len() <= CHUNK {
        let mut bytes = Vec::with_capacity(512);
        for row in rows {
            hash = row.hash(&hash, &mut bytes);
            writer.put(row, &hash)?;
        }
        meanwhile(rows);
        return Ok(hash);
    }
    // One core hashes while the other writes what is hashed.
    thread::scope(|scope| {
        let (send, hashed) = mpsc::channel();
        scope.spawn(move || {
            let mut bytes = Vec::with_capacity(512);
            let mut hash = last;
            for chunk in rows.chunks(CHUNK) {
                let hashes = chunk.iter().map(|row| {
                    hash = row.hash(&hash, &mut bytes);
                    hash
                });
                if send.send(hashes.collect::<Vec<Hash>>()).is_err() {
                    return;
                }
                meanwhile(chunk);
            }
        });
        for (chunk, hashes) in rows.chunks(CHUNK).zip(hashed) {
            for (row, new) in chunk.iter().zip(&hashes) {
                writer.put(row, new)?;
                hash = *new;
            }
        }
        Ok(hash)
    })
}

/// SQLite's integers are signed; no log reaches their end.
fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// What went wrong, as a sentence that says what to do.
pub(super) fn sentence(error: &rusqlite::Error) -> String {
    let hint = match error.sqlite_error_code() {
        Some(ErrorCode::DiskFull) => "the disk is full; free some space",
        Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => {
            "the file or its folder is read-only; make both writable"
        }
        Some(ErrorCode::CannotOpen) => {
            "the file cannot be opened; check that its folder exists and is writable"
        }
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
            "another recto is writing and did not finish in ten seconds; try again"
        }
        Some(ErrorCode::SystemIoFailure) => "the disk reported an error; check it and try again",
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
            "the file is damaged or is not a review log"
        }
        _ => return error.to_string(),
    };
    format!("{hint} ({error})")
}

/// What went wrong while reading: damage stays, anything else may pass.
pub(super) fn trouble(error: &rusqlite::Error) -> StoreError {
    let why = sentence(error);
    match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase | ErrorCode::Unknown) => {
            StoreError::Damaged(why)
        }
        _ => StoreError::Io(format!("the review log cannot be read: {why}")),
    }
}

/// What went wrong with a change that was not saved.
pub(super) fn refusal(error: &rusqlite::Error) -> StoreError {
    match error.sqlite_error_code() {
        Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied | ErrorCode::CannotOpen) => {
            StoreError::ReadOnly(sentence(error))
        }
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => trouble(error),
        _ => StoreError::Io(format!("the change was not saved: {}", sentence(error))),
    }
}
