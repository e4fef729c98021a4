//! Which texts are versions of one another, and why.
//!
//! `cargo run --example group`

#![allow(clippy::expect_used, reason = "an example that cannot go on says why")]

use std::fmt::Write;

use recto::cancel::Cancel;
use recto::group::{Document, Options, group};
use recto::model::ArticleId;

/// Two papers with the same report, one of them with an appeal below it, and another report.
const TEXTS: [&str; 3] = [
    "The new bridge over the lower river was opened on Monday after six years of work. It carries two lanes and a path \
     for bicycles, and it turns for ships twice a day. The mayor thanked the engineers, who had lost one winter to ice.",
    "The new bridge over the lower river was opened on Monday after six years of work. It carries two lanes and a path \
     for bicycles, and it turns for ships twice a day. The mayor thanked the engineers, who had lost one winter to ice. \
     Our reporters live on your support. Become a member today.",
    "Bees kept on the roofs of the old market made two hundred jars of honey this summer, more than in any year before. \
     The keepers say that the lime trees along the canal, planted after the war, have at last grown tall enough.",
];

fn number(id: &ArticleId) -> u8 {
    id.bytes()[0]
}

pub fn run() -> String {
    let documents = TEXTS.iter().zip(1..).map(|(text, number)| Document {
        // Any bytes name an article here; recto takes a hash of title and body.
        id: ArticleId::from_bytes([number; 16]),
        title: None,
        url: None,
        date: None,
        blocks: vec![*text],
    });
    let documents: Vec<Document> = documents.collect();
    let grouping =
        group(&documents, &Options::default(), &Cancel::new()).expect("nobody called it off");

    let mut said = String::new();
    for group in &grouping.groups {
        let members: Vec<u8> = group.members.iter().map(number).collect();
        let _ = writeln!(said, "versions of one text: {members:?}");
        for link in &group.links {
            let _ = writeln!(
                said,
                "{:.0} % of {} stands in {}: {}",
                link.share_a * 100.0,
                number(&link.a),
                number(&link.b),
                link.reason
            );
        }
    }
    said
}

fn main() {
    print!("{}", run());
}
