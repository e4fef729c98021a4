//! The words by which lines above and below a story give themselves away.

/// What stands in front of a name, without a colon.
pub const BYLINES: [&str; 24] = [
    "By",
    "BY",
    "by",
    "Written by",
    "Reported by",
    "Posted by",
    "Published by",
    "Story by",
    "Words by",
    "Text by",
    "Von",
    "VON",
    "von",
    "Par",
    "PAR",
    "Por",
    "POR",
    "Di",
    "Door",
    "Автор",
    "Текст",
    "文",
    "作者",
    "撰文",
];

/// Labels of a name: `Author: Ann Lee`.
pub const AUTHOR_LABELS: [&str; 19] = [
    "author",
    "authors",
    "byline",
    "by",
    "written by",
    "reporter",
    "autor",
    "autorin",
    "autoren",
    "text",
    "auteur",
    "auteurs",
    "autore",
    "автор",
    "авторы",
    "作者",
    "记者",
    "撰文",
    "文",
];

/// Labels of a title.
pub const TITLE_LABELS: [&str; 9] = [
    "title",
    "headline",
    "titel",
    "titre",
    "título",
    "titolo",
    "заголовок",
    "标题",
    "タイトル",
];

/// Labels of a date; the date itself knows more of them.
pub const DATE_LABELS: [&str; 12] = [
    "date",
    "published",
    "publish date",
    "published on",
    "posted",
    "posted on",
    "updated",
    "datum",
    "fecha",
    "veröffentlicht",
    "publié le",
    "日期",
];

/// Labels of an address.
pub const URL_LABELS: [&str; 12] = [
    "original url",
    "url",
    "link",
    "permalink",
    "source",
    "original",
    "originally published at",
    "via",
    "quelle",
    "fuente",
    "来源",
    "出典",
];

/// Words of a name that are written small.
pub const PARTICLES: [&str; 22] = [
    "and", "und", "et", "y", "e", "of", "for", "in", "at", "de", "del", "della", "der", "den",
    "di", "da", "van", "von", "la", "le", "the", "&",
];
