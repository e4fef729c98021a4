//! Bytes to text, never a failure.
//!
//! A byte order mark decides; then valid UTF-8, which other encodings hardly ever look like; then what the document
//! declares; then a guess over the first 64 KB. What cannot be decoded becomes U+FFFD and is counted.

use std::borrow::Cow;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, ISO_2022_JP, UTF_8, UTF_16BE, UTF_16LE};

/// As much as the detector is fed: more costs time and changes nothing.
const DETECT: usize = 64 * 1024;

/// A text and how it was decoded.
#[derive(Debug)]
pub struct Decoded {
    /// The text. A UTF-8 byte order mark stays in it, so that offsets count bytes of the file.
    pub text: String,
    /// The bytes were valid UTF-8, so offsets into `text` are offsets into the file.
    pub as_in_file: bool,
    /// The name of the encoding.
    pub encoding: &'static str,
    /// Nothing says what the encoding is; it was guessed.
    pub guessed: bool,
    /// How many U+FFFD stand for what could not be decoded.
    pub replaced: usize,
}

impl Decoded {
    /// The text without a byte order mark.
    pub fn without_mark(&self) -> &str {
        self.text.strip_prefix('\u{feff}').unwrap_or(&self.text)
    }

    /// What to tell the reader about it, if anything.
    pub fn complaint(&self) -> Option<String> {
        let guess = self
            .guessed
            .then(|| format!("not UTF-8: read as {}", self.encoding));
        let damage = damage(self.encoding, self.replaced as u64);
        match (guess, damage) {
            (Some(guess), Some(damage)) => Some(format!("{guess}; {damage}")),
            (guess, damage) => guess.or(damage),
        }
    }
}

/// What to tell about places that could not be decoded, if there are any.
pub fn damage(encoding: &str, places: u64) -> Option<String> {
    let (places, are) = match places {
        0 => return None,
        1 => ("1 place".to_owned(), "is"),
        n => (format!("{n} places"), "are"),
    };
    Some(format!(
        "{places} could not be decoded as {encoding} and {are} shown as \u{fffd}"
    ))
}

/// UTF-16, by its byte order mark or, where that is missing, because every other byte of an ASCII text is NUL.
pub fn wide(head: &[u8]) -> Option<&'static Encoding> {
    match Encoding::for_bom(head) {
        // The mark of little-endian UTF-32 begins like that of UTF-16.
        Some((encoding, _)) if encoding == UTF_8 || head.starts_with(b"\xff\xfe\0\0") => {
            return None;
        }
        Some((encoding, _)) => return Some(encoding),
        None => {}
    }
    let (pairs, _) = head.get(..64).unwrap_or(head).as_chunks::<2>();
    let all = |nul: usize| pairs.iter().all(|it| it[nul] == 0 && it[1 - nul] != 0);
    match pairs.len() {
        0..4 => None,
        _ if all(1) => Some(UTF_16LE),
        _ if all(0) => Some(UTF_16BE),
        _ => None,
    }
}

/// The encoding of a long text by its first bytes, and whether that is only a guess; none for UTF-8. `declared` is the
/// label that the text itself gives, if any.
pub fn of_stream(head: &[u8], declared: Option<&str>) -> Option<(&'static Encoding, bool)> {
    let is_utf8 = match std::str::from_utf8(head) {
        Ok(_) => true,
        // The head may end inside a character.
        Err(error) => error.error_len().is_none(),
    };
    if is_utf8 || is_mostly_utf8(head) {
        return None;
    }
    match believable(declared) {
        Some(encoding) => Some((encoding, false)),
        None => Some((detect(head), true)),
    }
}

/// The encoding with a label, unless the label contradicts the bytes: ASCII that claims UTF-16, UTF-8 that is none.
fn believable(label: Option<&str>) -> Option<&'static Encoding> {
    label
        .and_then(|label| Encoding::for_label(label.as_bytes()))
        .filter(|encoding| ![UTF_8, UTF_16LE, UTF_16BE].contains(encoding))
}

/// Decodes a whole document. `declared` is the label that the document itself gives, if any.
pub fn decode(bytes: Vec<u8>, declared: Option<&str>) -> Decoded {
    if let Some(encoding) = wide(&bytes) {
        return decode_as(encoding, &bytes);
    }
    let bytes = match String::from_utf8(bytes) {
        Ok(text) => {
            if let Some(decoded) = iso_2022_jp(&text) {
                return decoded;
            }
            return Decoded {
                text,
                as_in_file: true,
                encoding: UTF_8.name(),
                guessed: false,
                replaced: 0,
            };
        }
        Err(error) => error.into_bytes(),
    };
    if is_mostly_utf8(&bytes) {
        return decode_as(UTF_8, &bytes);
    }
    match believable(declared) {
        Some(encoding) => decode_as(encoding, &bytes),
        None => Decoded {
            guessed: true,
            ..decode_as(detect(&bytes), &bytes)
        },
    }
}

fn decode_as(encoding: &'static Encoding, bytes: &[u8]) -> Decoded {
    let (text, _) = encoding.decode_with_bom_removal(bytes);
    let replaced = text.matches('\u{fffd}').count();
    Decoded {
        text: match text {
            Cow::Borrowed(text) => text.to_owned(),
            Cow::Owned(text) => text,
        },
        as_in_file: false,
        encoding: encoding.name(),
        guessed: false,
        replaced,
    }
}

/// ISO-2022-JP is ASCII with escape sequences, so it passes for UTF-8; it counts only when all of it decodes.
fn iso_2022_jp(text: &str) -> Option<Decoded> {
    if !(text.is_ascii() && text.contains("\u{1b}$B") && text.contains("\u{1b}(B")) {
        return None;
    }
    Some(decode_as(ISO_2022_JP, text.as_bytes())).filter(|decoded| decoded.replaced == 0)
}

/// Says whether damaged UTF-8 explains the bytes better than another encoding: no fewer sound sequences than broken ones.
fn is_mostly_utf8(bytes: &[u8]) -> bool {
    let (mut sound, mut broken) = (0_usize, 0_usize);
    for chunk in bytes.utf8_chunks() {
        sound += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        broken += usize::from(!chunk.invalid().is_empty());
    }
    sound > 0 && sound >= broken
}

fn detect(bytes: &[u8]) -> &'static Encoding {
    let head = &bytes[..bytes.len().min(DETECT)];
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Allow);
    detector.feed(head, head.len() == bytes.len());
    detector.guess(None, Utf8Detection::Deny)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn decodes(bytes: &[u8], declared: Option<&str>, text: &str, replaced: usize) {
        let decoded = decode(bytes.to_vec(), declared);
        assert_eq!(
            (&*decoded.text, decoded.replaced),
            (text, replaced),
            "as {}",
            decoded.encoding
        );
        let complains = replaced > 0 || decoded.guessed;
        assert_eq!(decoded.complaint().is_some(), complains);
        assert_eq!(decoded.as_in_file, decoded.text.as_bytes() == bytes);
    }

    #[test]
    fn every_encoding_is_read() {
        decodes(b"plain", None, "plain", 0);
        decodes("\u{feff}m\u{e4}rz".as_bytes(), None, "\u{feff}märz", 0);
        decodes(b"\xff\xfeh\0\xe9\0", None, "hé", 0);
        decodes(b"\xfe\xff\0h\0\xe9", None, "hé", 0);
        decodes(
            b"Der M\xe4rz war k\xfchl und gr\xfcn.",
            None,
            "Der März war kühl und grün.",
            0,
        );
        decodes(
            b"\xcf\xf0\xe8\xe2\xe5\xf2",
            Some("windows-1251"),
            "Привет",
            0,
        );
        decodes(b"\x1b$B$3$s\x1b(B", None, "こん", 0);
    }

    #[test]
    fn a_guess_is_named() {
        let says = |bytes: &[u8], declared| decode(bytes.to_vec(), declared).complaint();
        let guess = says(b"Der M\xe4rz war k\xfchl und gr\xfcn.", None);
        assert_eq!(guess.as_deref(), Some("not UTF-8: read as windows-1252"));
        let sure: [(&[u8], _); 4] = [
            (b"M\xe4rz", Some("iso-8859-1")),
            (b"\xff\xfeh\0\xe9\0", None),
            ("März".as_bytes(), None),
            (b"\x1b$B$3$s\x1b(B", None),
        ];
        for (bytes, declared) in sure {
            assert_eq!(says(bytes, declared), None);
        }
    }

    #[test]
    fn labels_that_lie_are_not_believed() {
        decodes("Zürich".as_bytes(), Some("iso-8859-1"), "Zürich", 0);
        decodes(b"plain", Some("utf-16"), "plain", 0);
        decodes(b"caf\xe9 cr\xe8me", Some("utf-8"), "café crème", 0);
        decodes(b"+AGEAYg-", Some("utf-7"), "+AGEAYg-", 0);
    }

    #[test]
    fn damage_is_counted() {
        decodes(
            b"caf\xc3\xa9 cr\xc3\xa8me \xff",
            None,
            "café crème \u{fffd}",
            1,
        );
        decodes(b"\xe2\x82\xac 5 \xe2\x82", None, "€ 5 \u{fffd}", 1);
    }
}
