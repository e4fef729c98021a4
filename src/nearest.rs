//! The nearest of some valid names: what "did you mean" asks.
//!
//! Optimal string alignment distance (insert, delete, replace, swap two neighbours), because people swap letters.

/// The name nearest to what was typed, if one is near enough that a slip of the fingers explains it.
pub fn nearest<'a>(typed: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    // A pasted essay is not a slip; no name of ours is near it.
    let typed: Vec<char> = typed.chars().take(64).collect();
    let allowed = (typed.len() / 3).max(1);
    names
        .into_iter()
        .map(|name| (distance(&typed, name), name))
        .filter(|(distance, name)| {
            *distance <= allowed && *distance < name.chars().count().max(typed.len())
        })
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}

/// How many slips lie between the two, capitals not counted.
fn distance(typed: &[char], name: &str) -> usize {
    let typed: Vec<char> = typed.iter().map(char::to_ascii_lowercase).collect();
    let name: Vec<char> = name.chars().map(|c| c.to_ascii_lowercase()).collect();
    let mut before: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=name.len()).collect();
    for (row, &a) in typed.iter().enumerate() {
        let mut current = vec![row + 1];
        for (column, &b) in name.iter().enumerate() {
            let mut best = (above[column] + usize::from(a != b))
                .min(above[column + 1] + 1)
                .min(current[column] + 1);
            if row > 0 && column > 0 && a == name[column - 1] && typed[row - 1] == b {
                best = best.min(before[column - 1] + 1);
            }
            current.push(best);
        }
        before = std::mem::replace(&mut above, current);
    }
    above.last().copied().unwrap_or(typed.len())
}

/// `; did you mean "x"?`, or nothing.
pub fn did_you_mean<'a>(typed: &str, names: impl IntoIterator<Item = &'a str>) -> String {
    nearest(typed, names).map_or_else(String::new, |name| format!("; did you mean \"{name}\"?"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_found_and_strangers_are_not() {
        let names = ["title", "tag", "date", "versions", "is"];
        for (typed, expected) in [
            ("titel", Some("title")),
            ("Title", Some("title")),
            ("tga", Some("tag")),
            ("version", Some("versions")),
            ("dat", Some("date")),
            ("http", None),
            ("x", None),
            ("", None),
        ] {
            assert_eq!(nearest(typed, names), expected, "{typed:?}");
        }
    }
}
