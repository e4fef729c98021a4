//! Which format an input has: by its name, then by how it begins.

use std::path::Path;

use memchr::memmem;
use serde::{Deserialize, Serialize};

/// A format that can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Format {
    /// Plain text.
    Text,
    /// Markdown.
    Markdown,
    /// A web page.
    Html,
    /// One JSON object, or an array of them.
    Json,
    /// One JSON object a line.
    JsonLines,
    /// A JSON Feed.
    JsonFeed,
    /// A feed in XML: RSS 0.9 to 2.0 or Atom.
    Feed,
    /// Comma-separated values (or semicolons, as the first line shows).
    Csv,
    /// Values with tabs between them.
    Tsv,
    /// A web archive: pages as they were sent, or (WET) their text.
    Warc,
    /// An electronic book.
    Epub,
    /// Columns of Apache Parquet.
    Parquet,
}

impl Format {
    /// Every format.
    pub const ALL: &[Self] = &[
        Self::Text,
        Self::Markdown,
        Self::Html,
        Self::Json,
        Self::JsonLines,
        Self::JsonFeed,
        Self::Feed,
        Self::Csv,
        Self::Tsv,
        Self::Warc,
        Self::Epub,
        Self::Parquet,
    ];

    /// The name as written in output and queries.
    pub fn name(self) -> &'static str {
        match self {
            Self::Text => "txt",
            Self::Markdown => "md",
            Self::Html => "html",
            Self::Json => "json",
            Self::JsonLines => "jsonl",
            Self::JsonFeed => "jsonfeed",
            Self::Feed => "feed",
            Self::Csv => "csv",
            Self::Tsv => "tsv",
            Self::Warc => "warc",
            Self::Epub => "epub",
            Self::Parquet => "parquet",
        }
    }

    /// The format of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|it| it.name() == name)
    }

    /// The format that the extension of a file stands for.
    pub fn of_path(path: &Path) -> Option<Self> {
        let extension = path.extension()?.to_str()?.to_ascii_lowercase();
        Some(match &*extension {
            "txt" | "text" => Self::Text,
            "md" | "markdown" | "mdown" | "mkd" => Self::Markdown,
            "html" | "htm" | "xhtml" => Self::Html,
            "json" => Self::Json,
            "jsonl" | "ndjson" | "jsonlines" => Self::JsonLines,
            "rss" | "atom" | "rdf" => Self::Feed,
            "csv" => Self::Csv,
            "tsv" | "tab" => Self::Tsv,
            "warc" | "wet" => Self::Warc,
            "epub" => Self::Epub,
            "parquet" | "pq" | "parq" => Self::Parquet,
            _ => return None,
        })
    }

    /// The format of an input: by its name, unless it begins like something else that cannot be mistaken; without a
    /// name, by how it begins.
    pub fn of(path: &Path, head: &[u8]) -> Self {
        let named = Self::of_path(path);
        match (named, Self::unmistakable(head)) {
            // A name that lies.
            (_, Some(format @ (Self::Parquet | Self::Epub | Self::Warc | Self::JsonFeed))) => {
                format
            }
            // A page that was saved under the name of a feed is no feed, and the reader of feeds says so.
            (Some(named), _) => named,
            (None, Some(format)) => format,
            (None, None) => Self::of_content(head),
        }
    }

    /// The format of a beginning that no other format has.
    fn unmistakable(head: &[u8]) -> Option<Self> {
        let text = head
            .strip_prefix(b"\xef\xbb\xbf")
            .unwrap_or(head)
            .trim_ascii_start();
        if head.starts_with(b"PAR1") {
            Some(Self::Parquet)
        } else if is_epub(head) {
            Some(Self::Epub)
        } else if text.starts_with(b"WARC/") {
            Some(Self::Warc)
        } else if text.starts_with(b"{") && is_json_feed(text) {
            Some(Self::JsonFeed)
        } else if is_feed(text) {
            Some(Self::Feed)
        } else {
            None
        }
    }

    /// The format that the first bytes of a text look like.
    fn of_content(head: &[u8]) -> Self {
        let head = head
            .strip_prefix(b"\xef\xbb\xbf")
            .unwrap_or(head)
            .trim_ascii_start();
        match head.first() {
            Some(b'<') if is_html(head) => Self::Html,
            Some(b'{') if is_json_line(head) => Self::JsonLines,
            Some(b'{') if is_object_start(head) => Self::Json,
            Some(b'[') if is_object_start(head[1..].trim_ascii_start()) => Self::Json,
            _ => Self::Text,
        }
    }
}

/// A ZIP whose first member says what it is, as the format of books demands.
fn is_epub(head: &[u8]) -> bool {
    head.starts_with(b"PK\x03\x04")
        && memmem::find(
            head.get(..200).unwrap_or(head),
            b"mimetypeapplication/epub+zip",
        )
        .is_some()
}

/// The address of the format's version stands in every JSON Feed, and near its beginning.
fn is_json_feed(head: &[u8]) -> bool {
    let start = head.get(..2048).unwrap_or(head);
    memmem::find(start, b"jsonfeed.org/version/").is_some()
        || memmem::find(start, b"jsonfeed.org\\/version\\/").is_some()
}

fn is_feed(head: &[u8]) -> bool {
    let start = head.get(..4096).unwrap_or(head);
    let has = |tag: &[u8]| memmem::find(start, tag).is_some();
    (start.starts_with(b"<?xml") || start.starts_with(b"<rss") || start.starts_with(b"<feed"))
        && (has(b"<rss") || has(b"<feed") || has(b"<rdf:RDF"))
        && !has(b"<html")
}

fn is_html(head: &[u8]) -> bool {
    let start = head[..head.len().min(256)].to_ascii_lowercase();
    [
        &b"<!doctype html"[..],
        b"<html",
        b"<head",
        b"<body",
        b"<!--",
    ]
    .iter()
    .any(|tag| start.starts_with(tag))
        || start.starts_with(b"<?xml") && start.windows(5).any(|window| window == b"<html")
}

/// Says whether the first line is a whole object and not the only line of one.
fn is_json_line(head: &[u8]) -> bool {
    let line = head.split(|&byte| byte == b'\n').next().unwrap_or_default();
    is_object_start(head) && line.trim_ascii_end().ends_with(b"}") && head.len() > line.len()
}

fn is_object_start(head: &[u8]) -> bool {
    head.strip_prefix(b"{")
        .is_some_and(|rest| matches!(rest.trim_ascii_start().first(), Some(b'"' | b'}')))
}

/// Beginnings of files that are not text.
const MAGIC: [(&[u8], &str); 20] = [
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"),
    (b"RIFF", "RIFF (WebP, WAV, AVI)"),
    (b"%PDF-", "PDF"),
    (b"PK\x03\x04", "ZIP or an office document"),
    (b"PK\x05\x06", "ZIP"),
    (b"7z\xbc\xaf\x27\x1c", "7-Zip"),
    (b"Rar!\x1a", "RAR"),
    (b"\x7fELF", "ELF program"),
    (b"MZ\x90\0", "Windows program"),
    (b"SQLite format 3\0", "SQLite database"),
    (b"\xd0\xcf\x11\xe0", "old office document"),
    (b"ID3", "MP3"),
    (b"OggS", "Ogg"),
    (b"\0asm", "WebAssembly"),
    (b"\xca\xfe\xba\xbe", "Java class or Mach-O"),
    (b"{\\rtf", "RTF"),
    (b"\x00\x00\x01\x00", "icon"),
    (b"!<arch>\n", "ar archive"),
];

/// Says what kind of binary file begins like this, if it is one. UTF-16 is text.
pub fn binary(head: &[u8]) -> Option<&'static str> {
    if let Some((_, name)) = MAGIC.iter().find(|(magic, _)| head.starts_with(magic)) {
        return Some(name);
    }
    if head.get(257..262) == Some(b"ustar") {
        return Some("tar archive: unpack it first");
    }
    if head.starts_with(b"\0\0\xfe\xff") || head.starts_with(b"\xff\xfe\0\0") {
        return Some("UTF-32: convert it to UTF-8");
    }
    let text16 = head.starts_with(b"\xff\xfe") || head.starts_with(b"\xfe\xff");
    (!text16 && is_binary(head)).then_some("binary data")
}

/// Text may hold a stray NUL; data holds many, or one among bytes that are neither UTF-8 nor printable.
fn is_binary(head: &[u8]) -> bool {
    let nuls = head.iter().filter(|&&byte| byte == 0).count();
    let controls = || {
        head.iter()
            .filter(|byte| byte.is_ascii_control() && !byte.is_ascii_whitespace())
            .count()
    };
    nuls >= 2 && nuls * 500 > head.len()
        || nuls > 0 && controls() * 10 > head.len() && std::str::from_utf8(head).is_err()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_decide_first() {
        for (path, format) in [
            ("a.txt", Some(Format::Text)),
            ("A.TXT", Some(Format::Text)),
            ("a.md", Some(Format::Markdown)),
            ("dir.html/a.htm", Some(Format::Html)),
            ("a.jsonl", Some(Format::JsonLines)),
            ("a.json", Some(Format::Json)),
            ("a.csv", Some(Format::Csv)),
            ("a.warc", Some(Format::Warc)),
            ("a", None),
            ("a.xyz", None),
        ] {
            assert_eq!(Format::of_path(Path::new(path)), format, "{path}");
        }
    }

    #[test]
    fn then_the_beginning_does() {
        for (head, format) in [
            ("A plain text. {\"a\":1}", Format::Text),
            ("\u{feff} <!DOCTYPE html><p>x", Format::Html),
            ("<u>not a page</u>", Format::Text),
            ("{\"text\":\"a\"}\n{\"text\":\"b\"}\n", Format::JsonLines),
            ("{\n  \"text\": \"a\"\n}\n", Format::Json),
            ("{\"text\":\"a\"}", Format::Json),
            ("[{\"text\":\"a\"}]", Format::Json),
            ("[1] A footnote", Format::Text),
            ("{curly} text", Format::Text),
            ("WARC/1.0\r\n", Format::Warc),
            ("PAR1", Format::Parquet),
            (
                "{\"version\":\"https://jsonfeed.org/version/1.1\"",
                Format::JsonFeed,
            ),
            ("<?xml version='1.0'?>\n<rss version='2.0'>", Format::Feed),
            ("<feed xmlns='http://www.w3.org/2005/Atom'>", Format::Feed),
        ] {
            assert_eq!(
                Format::of(Path::new("-"), head.as_bytes()),
                format,
                "{head:?}"
            );
        }
        let lies = |name: &str, head: &[u8]| Format::of(Path::new(name), head);
        assert_eq!(lies("a.txt", b"PAR1\x15"), Format::Parquet);
        assert_eq!(lies("a.json", b"WARC/1.0"), Format::Warc);
        assert_eq!(lies("a.txt", b"{\"text\":\"a\"}\n{"), Format::Text);
    }

    #[test]
    fn binary_files_are_named() {
        assert_eq!(binary(b"\x89PNG\r\n"), Some("PNG"));
        assert_eq!(binary(b"a\0b\0c"), Some("binary data"));
        assert_eq!(binary(b"\0\x01\xff\xfe"), Some("binary data"));
        assert_eq!(binary(b"a stray \0 in a text"), None);
        assert_eq!(binary(b"\xff\xfea\0"), None);
        assert_eq!(binary(b"plain"), None);
    }
}
