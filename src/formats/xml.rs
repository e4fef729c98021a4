//! What the readers of XML share.

use quick_xml::events::BytesStart;

/// An attribute of an element. Only the five entities of XML are known; whatever else follows a `&` stays as it stands,
/// as in the addresses of careless feeds, where the reader of quick-xml would refuse the whole value.
pub fn attribute(start: &BytesStart<'_>, key: &str) -> Option<String> {
    // Duplicates are not looked for: that would cost a square of their number.
    let mut all = start.attributes();
    let found = all
        .with_checks(false)
        .flatten()
        .find(|it| it.key.into_inner() == key)?;
    Some(
        found
            .value
            .replace("&lt;", "<")
            .replace("&gt;", ">")
            .replace("&quot;", "\"")
            .replace("&apos;", "'")
            .replace("&amp;", "&"),
    )
}
