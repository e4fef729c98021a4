//! Why articles are versions of one text, in sentences.

use crate::group::Link;
use crate::model::{ArticleId, siglum};

/// A sentence for each link of a group; versions are named by their letters, A the first of `versions`.
pub fn sentences(links: &[Link], versions: &[ArticleId]) -> Vec<String> {
    let name = |id: ArticleId| {
        let at = versions.iter().position(|known| *known == id);
        at.map_or_else(|| id.to_string(), siglum)
    };
    links
        .iter()
        .map(|link| {
            let (a, b) = (name(link.a), name(link.b));
            let blocks = link.shared_blocks;
            format!(
                "{a} and {b}: {reason} {share_a} of {a} stands in {b}, {share_b} of {b} in {a}. \
                 Paragraphs shared: {} of {} in {a}, {} of {} in {b}.",
                blocks.a,
                blocks.of_a,
                blocks.b,
                blocks.of_b,
                reason = link.reason,
                share_a = percent(link.share_a),
                share_b = percent(link.share_b),
            )
        })
        .collect()
}

fn percent(share: f64) -> String {
    format!("{:.0} %", (share * 100.0).floor())
}
