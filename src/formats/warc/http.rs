//! What a server sent: headers, chunks, and the compression that it put round a page.

use std::io::{self, BufRead, Read};

use crate::formats::csv::quoted;

/// Names and values, in order.
#[derive(Debug, Default)]
pub struct Headers {
    list: Vec<(String, String)>,
}

impl Headers {
    /// Reads headers up to the blank line; the inner mistake says what is wrong with them.
    pub fn read(input: &mut impl BufRead, limit: u64) -> io::Result<Result<Self, String>> {
        let mut headers = Self::default();
        let mut left = limit;
        loop {
            let mut line = Vec::new();
            let count = input.by_ref().take(left).read_until(b'\n', &mut line)?;
            left -= count as u64;
            if count == 0 {
                let why = if left == 0 {
                    "are too large"
                } else {
                    "are truncated: the file ends in them"
                };
                return Ok(Err(why.to_owned()));
            }
            let line = String::from_utf8_lossy(&line);
            let text = line.trim_end();
            if text.is_empty() {
                return Ok(Ok(headers));
            }
            match (
                text.starts_with([' ', '\t']),
                headers.list.last_mut(),
                text.split_once(':'),
            ) {
                // A value that goes on in the next line.
                (true, Some((_, value)), _) => {
                    value.push(' ');
                    value.push_str(text.trim());
                }
                (_, _, Some((name, value))) => {
                    headers
                        .list
                        .push((name.trim().to_owned(), value.trim().to_owned()));
                }
                _ => {}
            }
        }
    }

    /// The first value of a header, whatever its case.
    pub fn get(&self, name: &str) -> Option<&str> {
        let found = self
            .list
            .iter()
            .find(|it| it.0.eq_ignore_ascii_case(name))?;
        Some(&found.1)
    }

    /// As a JSON object.
    pub fn to_json(&self) -> String {
        let fields: Vec<String> = self
            .list
            .iter()
            .map(|(name, value)| format!("{}:{}", quoted(name), quoted(value)))
            .collect();
        format!("{{{}}}", fields.join(","))
    }
}

/// The answer of a server, up to its body.
pub struct Response {
    /// The status code.
    pub status: u16,
    /// Its headers.
    pub headers: Headers,
}

/// The body of an answer.
pub enum Body {
    /// All of it, as it was before it was sent.
    Read(Vec<u8>),
    /// It is larger than allowed.
    TooLarge,
    /// It cannot be unpacked; says why.
    Damaged(String),
}

impl Response {
    /// Reads the first line and the headers.
    pub fn read(input: &mut impl BufRead, limit: u64) -> io::Result<Result<Self, String>> {
        let mut line = Vec::new();
        input.by_ref().take(8192).read_until(b'\n', &mut line)?;
        let line = String::from_utf8_lossy(&line);
        let mut words = line.split_ascii_whitespace();
        let is_http = words.next().is_some_and(|word| word.starts_with("HTTP/"));
        let status = words.next().and_then(|word| word.parse().ok());
        let (true, Some(status)) = (is_http, status) else {
            return Ok(Err("not an HTTP response".to_owned()));
        };
        Ok(Headers::read(input, limit)?
            .map(|headers| Self { status, headers })
            .map_err(|why| format!("the HTTP headers {why}")))
    }

    /// Reads the body and takes off what it was wrapped in for sending; at most `limit` bytes of it.
    pub fn body(&self, input: &mut impl Read, limit: u64) -> io::Result<Body> {
        let mut body = Vec::new();
        input.take(limit.saturating_add(1)).read_to_end(&mut body)?;
        if body.len() as u64 > limit {
            return Ok(Body::TooLarge);
        }
        let list = |name: &str| {
            let value = self
                .headers
                .get(name)
                .unwrap_or_default()
                .to_ascii_lowercase();
            let words = value.split(',').map(|word| word.trim().to_owned());
            words
                .filter(|word| !word.is_empty() && word != "identity")
                .collect::<Vec<_>>()
        };
        if list("Transfer-Encoding").iter().any(|it| it == "chunked") {
            match unchunked(&body) {
                Some(whole) => body = whole,
                // Many tools store the body without its chunks and leave the header.
                None if body.first().is_some_and(u8::is_ascii_hexdigit) => {
                    return Ok(Body::Damaged(
                        "the chunks of its body are damaged".to_owned(),
                    ));
                }
                None => {}
            }
        }
        let codings = list("Content-Encoding");
        if codings.len() > 2 {
            return Ok(Body::Damaged(
                "its body is wrapped more than twice".to_owned(),
            ));
        }
        for coding in codings.iter().rev() {
            match unwrapped(coding, &body, limit) {
                Some(Ok(inner)) if inner.len() as u64 > limit => return Ok(Body::TooLarge),
                Some(Ok(inner)) => body = inner,
                Some(Err(error)) => {
                    return Ok(Body::Damaged(format!(
                        "its body is damaged ({coding}): {error}"
                    )));
                }
                None => {
                    return Ok(Body::Damaged(format!(
                        "its body is wrapped in {coding}, which is not known"
                    )));
                }
            }
        }
        Ok(Body::Read(body))
    }
}

/// Takes off one coding; gives at most a byte more than `limit`. None for codings that are not known.
fn unwrapped(coding: &str, body: &[u8], limit: u64) -> Option<io::Result<Vec<u8>>> {
    let decoder: Box<dyn Read + '_> = match coding {
        // Stored without the coding that the header names, as some tools do.
        "gzip" | "x-gzip" if !body.starts_with(b"\x1f\x8b") => Box::new(body),
        "gzip" | "x-gzip" => Box::new(flate2::read::MultiGzDecoder::new(body)),
        // Servers send both kinds under this name.
        "deflate" if body.first().is_some_and(|first| first & 0x0f == 8) => {
            Box::new(flate2::read::ZlibDecoder::new(body))
        }
        "deflate" => Box::new(flate2::read::DeflateDecoder::new(body)),
        "br" => Box::new(brotli_decompressor::Decompressor::new(body, 4096)),
        "zstd" => {
            match zstd::Decoder::new(body).and_then(|mut it| it.window_log_max(27).map(|()| it)) {
                Ok(decoder) => Box::new(decoder),
                Err(error) => return Some(Err(error)),
            }
        }
        _ => return None,
    };
    let mut inner = Vec::new();
    let read = decoder
        .take(limit.saturating_add(1))
        .read_to_end(&mut inner);
    Some(read.map(|_| inner))
}

/// Joins the chunks of a body; none when they are damaged.
fn unchunked(mut body: &[u8]) -> Option<Vec<u8>> {
    let mut whole = Vec::new();
    loop {
        let end = memchr::memchr(b'\n', body)?;
        let (line, rest) = body.split_at(end + 1);
        let size = line.split(|it| *it == b';').next()?.trim_ascii();
        if size.is_empty() || size.len() > 8 {
            return None;
        }
        let size = usize::from_str_radix(std::str::from_utf8(size).ok()?, 16).ok()?;
        if size == 0 {
            return Some(whole);
        }
        whole.extend_from_slice(rest.get(..size)?);
        body = rest.get(size..)?;
        body = body
            .strip_prefix(b"\r\n")
            .or_else(|| body.strip_prefix(b"\n"))?;
    }
}

/// The media type of a `Content-Type`, in small letters.
pub fn media_type(content_type: &str) -> String {
    let kind = content_type.split(';').next().unwrap_or_default();
    kind.trim().to_ascii_lowercase()
}

/// The charset of a `Content-Type`.
pub fn charset(content_type: &str) -> Option<String> {
    let mut parts = content_type.split(';').skip(1);
    let value = parts.find_map(|part| {
        let (name, value) = part.split_once('=')?;
        name.trim().eq_ignore_ascii_case("charset").then_some(value)
    })?;
    let label = value.trim().trim_matches(['"', '\'']);
    (!label.is_empty()).then(|| label.to_owned())
}
