//! Electronic books to articles: each document of the spine is one, in reading order.
//!
//! Nothing is unpacked to disk and names lead nowhere but to members of the archive, so `../` and links mean nothing.
//! Two members that share their bytes are a bomb, and the book is refused.

mod package;

use std::collections::HashSet;
use std::io::{self, Read};

use zip::ZipArchive;
use zip::result::ZipError;

use super::Format;
use super::input::{Input, Seekable};
use super::reader::{Page, Place, Reader};
use package::Package;

/// Where every book says which file describes it.
const CONTAINER: &str = "META-INF/container.xml";

/// The most that the files which describe a book may take, in bytes.
const DESCRIPTION: u64 = 8 * 1024 * 1024;

type Archive = ZipArchive<Seekable>;

/// Reads a book.
pub fn read(reader: &mut Reader<'_>, input: Input<'_>) -> io::Result<()> {
    let input = input.seekable(&reader.options.limits)?;
    match open(input) {
        Ok((mut archive, package)) => chapters(reader, &mut archive, &package),
        Err(reason) => reader.error(reason),
    }
    Ok(())
}

fn open(input: Seekable) -> Result<(Archive, Package), String> {
    let mut archive =
        ZipArchive::new(input).map_err(|error| format!("not an EPUB: {}", said(&error)))?;
    refuse_overlaps(&mut archive)?;
    let container = member(&mut archive, CONTAINER, DESCRIPTION)
        .map_err(|why| format!("not an EPUB: {CONTAINER} {why}"))?;
    let path = package::root_file(&container)
        .ok_or_else(|| format!("not an EPUB: {CONTAINER} names no package document"))?;
    let document = member(&mut archive, &path, DESCRIPTION)
        .map_err(|why| format!("damaged EPUB: its package document {path} {why}"))?;
    let package = Package::read(&path, &document);
    match package.chapters.is_empty() {
        true => Err("damaged EPUB: its package document lists no chapters".to_owned()),
        false => Ok((archive, package)),
    }
}

fn chapters(reader: &mut Reader<'_>, archive: &mut Archive, package: &Package) {
    let limits = reader.options.limits;
    let mut seen = HashSet::new();
    let (mut total, mut found) = (0_u64, 0);
    for (number, path) in (1..).zip(&package.chapters) {
        if reader.cancel.is_cancelled() {
            return;
        }
        // A spine may name a chapter many times, to make the book endless.
        if !seen.insert(path) {
            continue;
        }
        let place = Place::record(Format::Epub, number);
        let bytes = match member(archive, path, limits.record_bytes) {
            Ok(bytes) => bytes,
            Err(why) => {
                reader.fail(place, format!("its file {path} {why}"));
                continue;
            }
        };
        total += bytes.len() as u64;
        if total > limits.file_bytes {
            reader.error(format!(
                "too large: more than {} MB after decompression, the limit (setting max-file-mb)",
                limits.file_bytes / (1024 * 1024)
            ));
            return;
        }
        // Covers, title pages and pages of pictures are no articles.
        if is_frame(&bytes) || !has_text(&bytes) {
            continue;
        }
        found += 1;
        let page = Page {
            bytes,
            charset: None,
            whole: true,
            fields: &package.fields,
        };
        reader.page(place, page);
    }
    if found == 0 {
        reader.error("no text in it: none of its chapters has a word");
    }
}

/// Says whether a page names itself as one that only leads to others (the vocabulary of EPUB's structural semantics).
fn is_frame(page: &[u8]) -> bool {
    const FRAMES: [&str; 5] = ["titlepage", "cover", "toc", "landmarks", "loi"];
    let text = String::from_utf8_lossy(page.get(..4096).unwrap_or(page));
    let mut kinds = text.split("epub:type=").skip(1);
    kinds.any(|rest| {
        let quote = rest.chars().next().unwrap_or_default();
        let value = rest.get(1..).and_then(|it| it.split(quote).next());
        let words = value.unwrap_or_default().split_ascii_whitespace();
        words.into_iter().any(|word| FRAMES.contains(&word))
    })
}

/// Says whether anything but markup stands in the body of a page.
fn has_text(page: &[u8]) -> bool {
    let text = String::from_utf8_lossy(page);
    let body = text
        .find("<body")
        .and_then(|at| text.get(at..))
        .unwrap_or(&text);
    let mut in_tag = false;
    body.chars().any(|character| {
        match character {
            '<' => in_tag = true,
            '>' => in_tag = false,
            _ => return !in_tag && character.is_alphanumeric(),
        }
        false
    })
}

/// A member of the archive; the mistake ends a sentence that begins with its name.
fn member(archive: &mut Archive, path: &str, limit: u64) -> Result<Vec<u8>, String> {
    let member = match archive.by_name(path) {
        Ok(member) => member,
        Err(ZipError::FileNotFound) => return Err("is not in the archive".to_owned()),
        Err(error) => return Err(format!("cannot be unpacked: {}", said(&error))),
    };
    if member.is_symlink() {
        return Err("is a link".to_owned());
    }
    let mut bytes = Vec::new();
    let read = member.take(limit.saturating_add(1)).read_to_end(&mut bytes);
    if bytes.len() as u64 > limit {
        let mb = limit / (1024 * 1024);
        return Err(format!(
            "is too large: more than {mb} MB, the limit (setting max-record-mb)"
        ));
    }
    match read {
        Ok(_) => Ok(bytes),
        Err(error) => Err(format!("cannot be unpacked: {error}")),
    }
}

/// Bombs let many members share the same bytes; honest archives never do.
fn refuse_overlaps(archive: &mut Archive) -> Result<(), String> {
    let mut ranges = Vec::with_capacity(archive.len().min(1 << 16));
    for at in 0..archive.len() {
        // A member that is damaged is named when it is read.
        if let Ok(member) = archive.by_index_raw(at) {
            let start = member.header_start();
            ranges.push((start, start.saturating_add(member.compressed_size())));
        }
    }
    ranges.sort_unstable();
    let overlaps = ranges.windows(2).any(|pair| pair[0].1 > pair[1].0);
    match overlaps {
        true => Err(
            "corrupt EPUB: members of the archive overlap, as in a decompression bomb".to_owned(),
        ),
        false => Ok(()),
    }
}

/// What the archive's reader says, as the end of a sentence.
fn said(error: &ZipError) -> String {
    match error {
        ZipError::InvalidArchive(why) => format!("invalid zip archive ({why})"),
        ZipError::UnsupportedArchive(why) => format!("unsupported zip archive ({why})"),
        other => other.to_string(),
    }
}
