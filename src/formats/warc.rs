//! Web archives to articles: `response`, `resource` and `conversion` records (WARC 1.0 and 1.1, so WET as well).
//!
//! A record is read by its length and by nothing else, so a page that talks of WARC is no record. Where a length lies,
//! reading goes on at the next line that begins a record. Our own reader, because one is needed that streams, has
//! limits and survives damage; the crates for it hold whole records or stop at the first mistake.

mod http;

use std::io::{self, BufRead, BufReader, Read};

use super::Format;
use super::csv::quoted;
use super::reader::{Page, Place, Reader};
use http::{Body, Headers};

/// The most that the headers of a record may take, in bytes.
const HEADERS: u64 = 1024 * 1024;

/// Reads an archive.
pub fn read(reader: &mut Reader<'_>, input: &mut dyn Read) -> io::Result<()> {
    let mut archive = Archive {
        input: BufReader::with_capacity(1 << 16, input),
        passed_over: Vec::new(),
    };
    let mut number = 0;
    while !reader.cancel.is_cancelled() {
        let place = Place::record(Format::Warc, number + 1);
        match archive.find_record() {
            Ok(Found::End) => break,
            Ok(Found::Record) => {}
            Ok(Found::Junk) => reader.warn(
                place,
                "there is something in front of it that is no record; it was passed over",
            ),
            Err(error) => return Err(cut_short(reader, place, error)),
        }
        number += 1;
        match archive.record(reader, place) {
            Ok(Ok(())) => {}
            Ok(Err(reason)) => reader.fail(place, reason),
            Err(error) => return Err(cut_short(reader, place, error)),
        }
    }
    if number == 0 && !reader.cancel.is_cancelled() {
        reader.error("no records in it: nothing begins like WARC/1.0");
    }
    archive.report(reader, number);
    Ok(())
}

/// Names the record in which the input ended.
fn cut_short(reader: &mut Reader<'_>, place: Place, error: io::Error) -> io::Error {
    reader.fail(place, "it is cut short");
    error
}

struct Archive<R> {
    input: R,
    /// What holds no article, by kind, with its count.
    passed_over: Vec<(String, u64)>,
}

/// What stands at a place between records.
enum Found {
    /// A record.
    Record,
    /// Something else, and then a record.
    Junk,
    End,
}

impl<R: BufRead> Archive<R> {
    /// Goes to the line that begins the next record, and takes it.
    fn find_record(&mut self) -> io::Result<Found> {
        let mut junk = false;
        loop {
            let Some(line) = self.line()? else {
                return Ok(Found::End);
            };
            let line = line.trim_ascii();
            if line.starts_with(b"WARC/") {
                return Ok(match junk {
                    true => Found::Junk,
                    false => Found::Record,
                });
            }
            junk |= !line.is_empty();
        }
    }

    /// A line, or as much of it as headers may take; none at the end.
    fn line(&mut self) -> io::Result<Option<Vec<u8>>> {
        let mut line = Vec::new();
        (&mut self.input)
            .take(HEADERS)
            .read_until(b'\n', &mut line)?;
        Ok(Some(line).filter(|line| !line.is_empty()))
    }

    /// Reads the record whose first line was taken. The inner mistake concerns the record, the outer one the input.
    fn record(&mut self, reader: &mut Reader<'_>, place: Place) -> io::Result<Result<(), String>> {
        let headers = match Headers::read(&mut self.input, HEADERS)? {
            Ok(headers) => headers,
            Err(reason) => return Ok(Err(format!("its headers {reason}"))),
        };
        let length = match headers.get("Content-Length") {
            None => {
                return Ok(Err(
                    "it has no Content-Length, so nobody knows where it ends".to_owned(),
                ));
            }
            Some(length) => match length
                .bytes()
                .all(|it| it.is_ascii_digit())
                .then(|| length.parse::<u64>())
            {
                Some(Ok(length)) => length,
                _ => return Ok(Err("its Content-Length is not a number of bytes".to_owned())),
            },
        };
        let kind = headers
            .get("WARC-Type")
            .unwrap_or_default()
            .to_ascii_lowercase();
        let mut block = (&mut self.input).take(length);
        let result = match &*kind {
            "response" | "resource" | "conversion" => {
                article(reader, place, &kind, &headers, &mut block)?
            }
            _ => Ok(Some(match kind.is_empty() {
                true => "without a WARC-Type".to_owned(),
                false => kind.chars().take(30).collect(),
            })),
        };
        io::copy(&mut block, &mut io::sink())?;
        if block.limit() > 0 {
            let _ = result;
            return Ok(Err(
                "it is truncated: the file ends inside it, or its Content-Length is wrong"
                    .to_owned(),
            ));
        }
        Ok(result.map(|passed_over| {
            if let Some(what) = passed_over {
                self.pass_over(what);
            }
        }))
    }

    fn pass_over(&mut self, what: String) {
        if let Some((_, count)) = self.passed_over.iter_mut().find(|it| it.0 == what) {
            *count += 1;
        } else if self.passed_over.len() < 20 {
            // Kinds come from the file, so their number is limited.
            self.passed_over.push((what, 1));
        }
    }

    /// Says in one line what holds no article; what belongs to every archive is not worth a word, unless there is nothing
    /// else among its so many records.
    fn report(&self, reader: &mut Reader<'_>, records: u64) {
        const EXPECTED: [&str; 4] = ["warcinfo", "request", "metadata", "revisit"];
        let nothing_else = self.passed_over.iter().map(|it| it.1).sum::<u64>() == records;
        let kinds: Vec<String> = self
            .passed_over
            .iter()
            .filter(|(what, _)| nothing_else || !EXPECTED.contains(&&**what))
            .map(|(what, count)| format!("{count} {what}"))
            .collect();
        if !kinds.is_empty() {
            reader.warning(format!(
                "records that hold no article were passed over: {}",
                kinds.join(", ")
            ));
        }
    }
}

/// Makes an article of a record's block; what holds none is told by its kind.
fn article(
    reader: &mut Reader<'_>,
    place: Place,
    kind: &str,
    headers: &Headers,
    block: &mut io::Take<impl BufRead>,
) -> io::Result<Result<Option<String>, String>> {
    let limits = reader.options.limits;
    let mut fields = headers.to_json();
    let (content_type, body) = if kind == "response" {
        let sent = match http::Response::read(block, HEADERS)? {
            Ok(sent) => sent,
            Err(reason) => return Ok(Err(reason)),
        };
        if !(200..300).contains(&sent.status) {
            return Ok(Ok(Some(format!("with status {}", sent.status))));
        }
        let content_type = sent.headers.get("Content-Type").map(str::to_owned);
        if let Some(kind) = unread(content_type.as_deref()) {
            return Ok(Ok(Some(kind)));
        }
        fields.pop();
        fields.push_str(&format!(",\"http_headers\":{}}}", sent.headers.to_json()));
        let body = match sent.body(block, limits.record_bytes)? {
            Body::Read(body) => body,
            Body::TooLarge => return Ok(Err(limits.too_large())),
            Body::Damaged(reason) => return Ok(Err(reason)),
        };
        (content_type, body)
    } else {
        let content_type = headers.get("Content-Type").map(str::to_owned);
        if let Some(kind) = unread(content_type.as_deref()) {
            return Ok(Ok(Some(kind)));
        }
        let mut body = Vec::new();
        block
            .take(limits.record_bytes.saturating_add(1))
            .read_to_end(&mut body)?;
        if body.len() as u64 > limits.record_bytes {
            return Ok(Err(limits.too_large()));
        }
        (content_type, body)
    };
    if block.limit() > 0 {
        // What is there of it is not all of it.
        let mut next = [0];
        if block.read(&mut next)? == 0 {
            return Ok(Ok(None));
        }
    }
    let charset = content_type.as_deref().and_then(http::charset);
    let kind = content_type.as_deref().map(http::media_type);
    let kind = kind.as_deref().unwrap_or_default();
    let is_text = kind == "text/plain";
    // What is named a page is read as one; what has no name, or none that says anything, is looked at.
    let is_page = kind.contains("html") || super::sniff::binary(&body).is_none();
    if !is_text && is_page {
        let page = Page {
            bytes: body,
            charset,
            whole: false,
            fields: &fields,
        };
        reader.page(place, page);
    } else if is_text {
        let decoded = super::encoding::decode(body, charset.as_deref());
        if let Some(complaint) = decoded.complaint() {
            reader.warn(place, complaint);
        }
        fields.pop();
        fields.push_str(&format!(",\"text\":{}}}", quoted(decoded.without_mark())));
        reader.fields(place, &fields);
    } else {
        return Ok(Ok(Some("without text".to_owned())));
    }
    Ok(Ok(None))
}

/// The media type, unless it is one that holds articles. What says nothing is looked at.
fn unread(content_type: Option<&str>) -> Option<String> {
    const READ: [&str; 5] = [
        "text/html",
        "application/xhtml+xml",
        "text/plain",
        "",
        "application/octet-stream",
    ];
    let kind = http::media_type(content_type?);
    (!READ.contains(&&*kind)).then(|| kind.chars().take(40).collect())
}
