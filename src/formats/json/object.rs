//! A JSON object whose values are looked at but not built: names, and the text of each value, borrowed.
//!
//! A record of a crawl has a few fields that matter and one long text. Building a tree of it copies the text and throws
//! the rest away; here the parser only proves that the record is JSON, and a field is decoded when somebody asks for it.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

/// Names and raw values of an object, in order. Of equal names the last one counts.
#[derive(Debug, Default)]
pub struct Object<'a> {
    fields: Vec<(Cow<'a, str>, &'a str)>,
}

impl<'a> Object<'a> {
    /// Reads an object; the values are known to be valid JSON afterwards.
    pub fn parse(text: &'a str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(text)
    }

    /// The raw value of a field.
    pub fn get(&self, name: &str) -> Option<&'a str> {
        let mut fields = self.fields.iter().rev();
        fields.find(|(field, _)| field == name).map(|it| it.1)
    }

    /// Names and raw values, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &'a str)> {
        self.fields.iter().map(|(name, value)| (&**name, *value))
    }
}

impl<'de> Deserialize<'de> for Object<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Fields;

        impl<'de> Visitor<'de> for Fields {
            type Value = Object<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut fields = Vec::new();
                // Names raw, too: read as text that may hold lone surrogates, nothing would look for control characters.
                while let Some((name, value)) = map.next_entry::<&RawValue, &RawValue>()? {
                    fields.push((string(name.get()).unwrap_or_default(), value.get()));
                }
                Ok(Object { fields })
            }
        }

        deserializer.deserialize_map(Fields)
    }
}

/// A string that is borrowed where it has no escapes. A lone surrogate, which no text may hold, is U+FFFD.
struct Text<'a>(Cow<'a, str>);

impl<'de> Deserialize<'de> for Text<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Bytes;

        impl<'de> Visitor<'de> for Bytes {
            type Value = Text<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string")
            }

            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
                Ok(Text(Cow::Borrowed(text)))
            }

            fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
                Ok(Text(Cow::Owned(text.to_owned())))
            }

            fn visit_borrowed_bytes<E>(self, bytes: &'de [u8]) -> Result<Self::Value, E> {
                Ok(Text(lossy(bytes)))
            }

            fn visit_bytes<E>(self, bytes: &[u8]) -> Result<Self::Value, E> {
                Ok(Text(Cow::Owned(lossy(bytes).into_owned())))
            }
        }

        // Asked for bytes, serde_json lets lone surrogates through where it would refuse a string.
        deserializer.deserialize_bytes(Bytes)
    }
}

/// A surrogate is three bytes, of which each would become a U+FFFD of its own.
fn lossy(bytes: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => Cow::Owned(
            String::from_utf8_lossy(bytes).replace("\u{fffd}\u{fffd}\u{fffd}", "\u{fffd}"),
        ),
    }
}

/// Decodes the raw value of a string; none for other values.
pub fn string(raw: &str) -> Option<Cow<'_, str>> {
    if !raw.starts_with('"') {
        return None;
    }
    if let Some(plain) = raw.get(1..raw.len() - 1).filter(|it| !it.contains('\\')) {
        return Some(Cow::Borrowed(plain));
    }
    let Text(text) = serde_json::from_str(raw).ok()?;
    Some(text)
}

/// The raw values of an array; none for other values.
pub fn array(raw: &str) -> Option<Vec<&str>> {
    if !raw.starts_with('[') {
        return None;
    }
    let values: Vec<&RawValue> = serde_json::from_str(raw).ok()?;
    Some(values.into_iter().map(RawValue::get).collect())
}

/// The fields of an object; none for other values.
pub fn object(raw: &str) -> Option<Object<'_>> {
    if !raw.starts_with('{') {
        return None;
    }
    Object::parse(raw).ok()
}

/// A JSON value in words.
pub fn kind_of(raw: &str) -> &'static str {
    match raw.as_bytes().first() {
        Some(b'n') => "null",
        Some(b't' | b'f') => "true or false",
        Some(b'"') => "a string",
        Some(b'[') => "an array",
        Some(b'{') => "an object",
        _ => "a number",
    }
}

/// Says whether arrays and objects stand deeper in each other than `deepest`.
pub fn is_deeper(text: &str, deepest: usize) -> bool {
    let (mut depth, mut at) = (0_usize, 0);
    let bytes = text.as_bytes();
    while let Some(&byte) = bytes.get(at) {
        at += 1;
        match byte {
            b'"' => at = end_of_string(bytes, at),
            b'{' | b'[' => {
                depth += 1;
                if depth > deepest {
                    return true;
                }
            }
            b'}' | b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    false
}

/// The place behind the quote that ends a string whose content begins at `at`.
fn end_of_string(bytes: &[u8], mut at: usize) -> usize {
    while let Some(found) = memchr::memchr2(b'"', b'\\', bytes.get(at..).unwrap_or_default()) {
        at += found + 1;
        if bytes.get(at - 1) == Some(&b'"') {
            return at;
        }
        at += 1;
    }
    bytes.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_stay_as_they_were_written() {
        let text = r#"{"a":1e999,"b":"x\ny","a":123456789012345678901234567890,"c":[1, 2],"d":{"e":null}}"#;
        let object = Object::parse(text).unwrap();
        assert_eq!(object.get("a"), Some("123456789012345678901234567890"));
        assert_eq!(string(object.get("b").unwrap()).unwrap(), "x\ny");
        assert_eq!(array(object.get("c").unwrap()).unwrap(), ["1", "2"]);
        let inner = super::object(object.get("d").unwrap()).unwrap();
        assert_eq!(inner.get("e").map(kind_of), Some("null"));
        assert_eq!(object.get("z"), None);
        assert_eq!(object.iter().count(), 5);
    }

    #[test]
    fn control_characters_are_no_json_in_names_either() {
        for text in ["{\"a\u{1}\":1}", "{\"a\u{1b}[2J\":1}", "{\"a\":\"\u{1b}\"}"] {
            assert!(Object::parse(text).is_err(), "{text:?}");
        }
        let object = Object::parse(r#"{"a\u001b\ud800":"x"}"#).unwrap();
        assert_eq!(
            object.get("a\u{1b}\u{fffd}").map(|it| string(it).unwrap()),
            Some("x".into())
        );
        assert_eq!(string("\"\"").as_deref(), Some(""));
    }

    #[test]
    fn a_lone_surrogate_is_one_replacement() {
        assert_eq!(string(r#""a\ud800b""#).as_deref(), Some("a\u{fffd}b"));
        assert_eq!(string(r#""\ud83d\ude00""#).as_deref(), Some("😀"));
    }

    #[test]
    fn depth_is_counted_outside_of_strings() {
        assert!(!is_deeper(r#"{"a":"[[[[","b":[1]}"#, 2));
        assert!(is_deeper(r#"{"a":[[1]]}"#, 2));
        assert!(!is_deeper(r#""\"[[[""#, 0));
        assert!(is_deeper(&"[".repeat(600), 512));
    }
}
