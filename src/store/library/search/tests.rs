//! Every backend agrees with `query::eval`: what is found, in which order, and how it is shown.

mod collection;
mod oracle;

use collection::{Case, backends, today};

use super::*;
use crate::model::{Decision, Verdict};
use crate::query;

fn find(text: &str, by: By, limit: usize) -> Find {
    let query = query::parse(text, today()).unwrap_or_else(|error| panic!("{text}: {error}"));
    Find {
        query: Arc::new(query),
        by,
        from: Edge::Top,
        after: None,
        limit,
    }
}

#[test]
fn every_backend_agrees_with_the_oracle() {
    let queries = oracle::queries();
    assert!(queries.len() > 300, "{}", queries.len());
    let mut found_something = 0;
    for (case, eager) in backends().iter().flat_map(|it| [(it, false), (it, true)]) {
        let searcher = match eager {
            true => Searcher::eager(1),
            false => Searcher::default(),
        };
        for text in &queries {
            for by in [By::Article, By::Group] {
                let find = find(text, by, 1000);
                let expected = case.oracle(&find);
                let page = case.find(&searcher, &find);
                assert_eq!(page.hits, expected, "{text} {by:?} in {}", case.name);
                assert_eq!(
                    page.count,
                    Count::Exact(expected.len() as u64),
                    "{text} in {}",
                    case.name
                );
                assert_eq!(page.next, None, "{text} in {}", case.name);
                found_something += u32::from(!expected.is_empty());
            }
        }
    }
    assert!(found_something > 1000, "{found_something}");
}

#[test]
fn pages_put_together_are_the_whole_list() {
    for case in backends() {
        let searcher = Searcher::default();
        for text in [
            "",
            "virus",
            "the OR virus sort:relevance",
            "sort:title",
            "sort:-words limit:9",
            "/vir/ sort:site",
        ] {
            for by in [By::Article, By::Group] {
                let mut whole = case.find(&searcher, &find(text, by, 1000)).hits;
                for from in [Edge::Top, Edge::Bottom] {
                    let mut ask = find(text, by, 4);
                    ask.from = from;
                    let mut all = Vec::new();
                    loop {
                        let page = case.find(&searcher, &ask);
                        assert_eq!(page.count, Count::Exact(whole.len() as u64));
                        all.extend(page.hits);
                        let Some(next) = page.next else { break };
                        ask.after = Some(next);
                    }
                    assert_eq!(all, whole, "{text} {by:?} {from:?} in {}", case.name);
                    whole.reverse();
                }
            }
        }
    }
}

#[test]
fn the_next_page_stays_right_when_decisions_change() {
    for mut case in backends() {
        let searcher = Searcher::default();
        let whole = case
            .find(&searcher, &find("is:untagged", By::Article, 1000))
            .hits;
        let mut ask = find("is:untagged", By::Article, 3);
        let page = case.find(&searcher, &ask);
        // The last row of the page vanishes, and one that was not shown yet.
        let mut decisions = case.decisions();
        for at in [2, 5] {
            let decision = Decision {
                tags: ["seen".to_owned()].into(),
                verdict: Some(Verdict::Drop),
                superseded: false,
                notes: Vec::new(),
            };
            decisions.insert(whole[at].id, decision);
        }
        case.decide(decisions);
        ask.after = page.next;
        let next = case.find(&searcher, &ask);
        let ids =
            |hits: &[crate::store::types::Hit]| hits.iter().map(|it| it.id).collect::<Vec<_>>();
        assert_eq!(
            ids(&next.hits),
            [whole[3].id, whole[4].id, whole[6].id],
            "{}",
            case.name
        );
    }
}

#[test]
fn relevance_is_what_counting_in_every_article_gives() {
    let queries = [
        "virus",
        "Virus",
        "vir*",
        "title:virus",
        "body:virus",
        "\"virus fight\"",
        "病毒",
        "바이러스",
        "the OR virus",
        "the -virus",
        "v* OR zebra",
        "masks plane",
        "毒 OR が",
        "",
    ];
    for case in backends() {
        let searcher = Searcher::default();
        for text in queries {
            for sort in [
                "sort:relevance",
                "sort:-relevance",
                "sort:relevance sort:title limit:4",
            ] {
                for by in [By::Article, By::Group] {
                    let ask = find(&format!("({text}) {sort}").replace("()", ""), by, 1000);
                    let expected = case.most_relevant(&ask);
                    let found = case.find(&searcher, &ask);
                    let ids = found.hits.iter().map(|hit| hit.id).collect::<Vec<_>>();
                    assert_eq!(ids, expected, "{text} {sort} {by:?} in {}", case.name);
                }
            }
        }
    }
}

#[test]
fn what_has_to_be_read_comes_in_parts_that_stay() {
    let case = Case::large();
    let searcher = Searcher::default();
    let ask = find("/vir(us|al)/ sort:title", By::Article, 10);
    let mut parts = Vec::new();
    let whole = case.find_in_parts(&searcher, &ask, &Cancel::new(), &mut |page| {
        parts.push(page);
    });
    let whole = whole.unwrap();
    assert!(parts.len() > 3, "{}", parts.len());
    let mut least = 0;
    for part in &parts {
        assert!(whole.hits.starts_with(&part.hits));
        let Count::AtLeast(count) = part.count else {
            panic!("{:?}", part.count)
        };
        assert!(count >= least, "the count only grows");
        least = count;
    }
    assert!(!parts[parts.len() / 2].hits.is_empty());
    // Half of a thousand titles tell nothing.
    assert!(case.reads() > 500, "{}", case.reads());
    // Asked again, or narrowed down, less is read or nothing.
    let before = case.reads();
    assert_eq!(case.find(&searcher, &ask), whole);
    assert_eq!(case.reads(), before);
    let narrower = case.find(
        &searcher,
        &find("/vir(us|al)/ sort:title 7", By::Article, 10),
    );
    assert!(matches!(narrower.count, Count::Exact(count) if count > 0));
    assert!(case.reads() - before < before / 2);
}

#[test]
fn what_takes_its_time_begins_with_first_hits_that_stay() {
    let case = Case::large();
    for text in [
        "\"words about\"",
        "w*",
        "\"words about\" -viral",
        "w* OR \"words about\"",
    ] {
        let searcher = Searcher::eager(2);
        let ask = find(text, By::Article, 10);
        let mut parts = Vec::new();
        let whole = case.find_in_parts(&searcher, &ask, &Cancel::new(), &mut |page| {
            parts.push(page);
        });
        let whole = whole.unwrap();
        let [part] = parts.as_slice() else {
            panic!("{text}: {}", parts.len())
        };
        assert!(
            !part.hits.is_empty() && whole.hits.starts_with(&part.hits),
            "{text}"
        );
        assert!(
            matches!(part.count, Count::AtLeast(count) if count > 0),
            "{text}"
        );
        // Known, nothing of it takes its time.
        let again = case.find_in_parts(&searcher, &ask, &Cancel::new(), &mut |_| panic!("{text}"));
        assert_eq!(again, Ok(whole), "{text}");
    }
    // Words that are rare are looked for at once, and so is what is put in the order of relevance.
    for (text, common) in [
        ("\"words about\"", 1 << 20),
        ("\"words about\" sort:relevance", 2),
    ] {
        let searcher = Searcher::eager(common);
        let ask = find(text, By::Article, 10);
        let found = case.find_in_parts(&searcher, &ask, &Cancel::new(), &mut |_| panic!("{text}"));
        assert!(!found.unwrap().hits.is_empty());
    }
}

#[test]
fn work_that_is_called_off_goes_on_where_it_was() {
    let case = Case::large();
    let searcher = Searcher::default();
    let ask = find("/vir(us|al)/", By::Article, 10);
    let cancel = Cancel::new();
    let called_off = case.find_in_parts(&searcher, &ask, &cancel, &mut |_| cancel.cancel());
    assert_eq!(called_off, Err(StoreError::Cancelled));
    let first = case.reads();
    assert!(first > 0);
    case.find(&searcher, &ask);
    assert!(
        case.reads() < case.articles() + 700,
        "{} {first}",
        case.reads()
    );
    assert_eq!(
        case.find(&Searcher::default(), &ask),
        case.find(&searcher, &ask)
    );
}

#[test]
fn dead_articles_are_not_found() {
    for mut case in backends() {
        let searcher = Searcher::default();
        let all = case.find(&searcher, &find("", By::Article, 1000)).hits;
        case.kill(3);
        for text in ["", "virus OR -virus", "-tag:nobody", "/./ OR -/./"] {
            let rest = case
                .find(&Searcher::default(), &find(text, By::Article, 1000))
                .hits;
            assert_eq!(rest.len(), all.len() - 1, "{text} in {}", case.name);
        }
    }
}

#[test]
fn a_stored_order_is_taken_over() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("orders-1");
    for case in backends() {
        let (before, after) = (Searcher::default(), Searcher::default());
        let ask = find("", By::Article, 1000);
        let page = case.find(&before, &ask);
        case.store_order(&before, &path, 1);
        assert!(after.load_order(&path, 2).is_err());
        after.load_order(&path, 1).unwrap();
        assert_eq!(case.find(&after, &ask), page, "{}", case.name);
    }
}

#[test]
fn a_cursor_from_elsewhere_is_refused() {
    for case in backends() {
        let mut ask = find("", By::Article, 3);
        ask.after = Some(Cursor("nowhere".to_owned()));
        let answer = case.find_in_parts(&Searcher::default(), &ask, &Cancel::new(), &mut |_| {});
        assert!(
            matches!(answer, Err(StoreError::Refused(_))),
            "{}",
            case.name
        );
    }
}
