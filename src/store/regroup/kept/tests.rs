//! However articles come and go: the same groups, links and evidence as of all at once.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::super::articles::Reader;
use super::*;
use crate::group::{
    Document, Facts, Grouping, Options, Profile, Profiler, Relation, Signer, group,
};
use crate::model::ArticleId;

/// Articles in memory.
#[derive(Clone, Debug, Default)]
struct Shelf(Vec<(ArticleId, String, Vec<String>)>);

impl Shelf {
    fn put(&mut self, id: u128, title: &str, blocks: Vec<String>) -> u32 {
        let id = ArticleId::from_bytes(id.to_be_bytes());
        self.0.push((id, title.to_owned(), blocks));
        self.0.len() as u32 - 1
    }

    fn sign(&self, article: u32) -> Signature {
        let blocks = self.0[article as usize].2.iter();
        Signer::default().sign(blocks.map(String::as_str))
    }
}

impl Articles for Shelf {
    fn id(&self, article: u32) -> ArticleId {
        self.0[article as usize].0
    }

    fn reader(&self) -> Box<dyn Reader + '_> {
        Box::new(FromShelf(self))
    }
}

struct FromShelf<'a>(&'a Shelf);

impl Reader for FromShelf<'_> {
    fn profile(&mut self, article: u32, profiler: &mut Profiler) -> Option<Profile> {
        let (_, title, blocks) = &self.0.0[article as usize];
        let facts = Facts {
            title: (!title.is_empty()).then_some(title.as_str()),
            ..Facts::default()
        };
        Some(profiler.profile(&facts, blocks.iter().map(String::as_str)))
    }
}

fn open(folder: &Path, known: u32) -> Kept {
    let keeping = Keeping {
        memory: 1 << 30,
        threads: 2,
    };
    Kept::open(folder, keeping, known).unwrap()
}

fn regroup(kept: &mut Kept, shelf: &Shelf, dead: &RoaringBitmap) -> Grouped {
    let found = kept.group(shelf, dead, &Cancel::new(), &mut |_| {});
    found.unwrap()
}

/// The same where only groups are told.
fn only_groups(kept: &mut Kept, shelf: &Shelf, dead: &RoaringBitmap) -> Grouped {
    let (telling, cancel) = (Telling::Groups, Cancel::new());
    let found = kept.group_and_tell(shelf, dead, telling, &cancel, &mut |_| {}, &mut |_, _| {});
    found.unwrap()
}

/// The members of groups of two and more, by what each article's group is called.
fn by_name(found: &Grouped, shelf: &Shelf) -> BTreeSet<Vec<ArticleId>> {
    let mut groups: HashMap<u32, Vec<ArticleId>> = HashMap::new();
    for (article, name) in (0u32..).zip(&found.names) {
        groups.entry(*name).or_default().push(shelf.id(article));
    }
    let mut groups: Vec<_> = groups.into_values().filter(|it| it.len() > 1).collect();
    groups.iter_mut().for_each(|it| it.sort_unstable());
    groups.into_iter().collect()
}

fn members(grouping: &Grouping) -> BTreeSet<Vec<ArticleId>> {
    let groups = grouping.groups.iter();
    groups.map(|it| it.members.clone()).collect()
}

/// Grouped with nothing kept, by the engine in memory.
fn at_once(shelf: &Shelf, dead: &RoaringBitmap) -> Grouping {
    all_at_once(shelf, dead, false)
}

/// The same, if wanted with template siblings and quotations.
fn all_at_once(shelf: &Shelf, dead: &RoaringBitmap, relations: bool) -> Grouping {
    let there = (0u32..).zip(&shelf.0).filter(|(at, _)| !dead.contains(*at));
    let documents: Vec<Document<'_>> = there
        .map(|(_, (id, title, blocks))| Document {
            id: *id,
            title: (!title.is_empty()).then_some(title.as_str()),
            url: None,
            date: None,
            blocks: blocks.iter().map(String::as_str).collect(),
        })
        .collect();
    let options = Options {
        relations,
        blocks: false,
    };
    let mut grouping = group(&documents, &options, &Cancel::new()).unwrap();
    // Who reads articles only where pairs are judged does not know how many blocks a copy has.
    for link in grouping.groups.iter_mut().flat_map(|it| &mut it.links) {
        if link.reason == crate::group::Reason::SameWords {
            link.shared_blocks = crate::group::SharedBlocks::default();
        }
    }
    grouping
}

/// One article of a made-up collection: which story, which of its sentences, which number stands in it, which frame.
type Plan = (usize, Vec<bool>, u8, usize, bool);

fn plans() -> impl Strategy<Value = Vec<Plan>> {
    let plan = (
        0..6usize,
        proptest::collection::vec(any::<bool>(), 9),
        0..3u8,
        0..4usize,
        proptest::bool::weighted(0.2),
    );
    proptest::collection::vec(plan, 1..70)
}

fn sentence(story: usize, number: usize) -> String {
    let word = |at: usize| {
        let n = (story * 131 + number * 17 + at * 7) % 97;
        format!("w{}{}", (b'a' + (n % 26) as u8) as char, n)
    };
    (0..12).map(word).collect::<Vec<_>>().join(" ")
}

fn make(shelf: &mut Shelf, at: usize, (story, has, number, frame, titled): &Plan) -> u32 {
    let mut blocks: Vec<String> = (0..3 * frame).map(|it| sentence(100 + frame, it)).collect();
    for (at, _) in has.iter().enumerate().filter(|(_, has)| **has) {
        blocks.push(sentence(*story, at));
    }
    if *number > 0 {
        blocks.push(format!(
            "and it was {number} degrees in the north of story {story} today"
        ));
    }
    let title = if *titled {
        format!("Story {story}")
    } else {
        String::new()
    };
    // Ids in another order than that of reading.
    let id = (at as u128 + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15_F39C_C060_5CED_C835);
    shelf.put(id, &title, blocks)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]

    #[test]
    fn adding_and_removing_gives_what_grouping_at_once_gives(
        plans in plans(),
        cuts in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..7),
        gone in proptest::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>()), 0..9),
    ) {
        let folder = tempfile::tempdir().unwrap();
        let mut shelf = Shelf::default();
        let mut kept = open(folder.path(), 0);
        let mut cuts: Vec<(usize, u8)> = cuts.iter().map(|(at, what)| (at.index(plans.len()), *what)).collect();
        cuts.push((plans.len(), 0));
        cuts.sort_unstable();
        let mut dead = RoaringBitmap::new();
        for (cut, what) in cuts {
            while shelf.0.len() < cut {
                let at = shelf.0.len();
                let article = make(&mut shelf, at, &plans[at]);
                prop_assert_eq!(kept.add(&shelf.sign(article)).unwrap(), article);
            }
            if what & 1 == 1 {
                kept.seal().unwrap();
                drop(kept);
                kept = open(folder.path(), shelf.0.len() as u32);
                prop_assert_eq!(kept.articles(), shelf.0.len() as u32);
            }
            // Some die, and some of these come back.
            for (when, which) in &gone {
                if !shelf.0.is_empty() && when.index(plans.len()) <= cut {
                    let article = which.index(shelf.0.len()) as u32;
                    if !dead.remove(article) {
                        dead.insert(article);
                    }
                }
            }
            if what & 4 == 4 {
                let found = only_groups(&mut kept, &shelf, &dead);
                prop_assert_eq!(by_name(&found, &shelf), members(&at_once(&shelf, &dead)));
            }
            if what & 2 == 0 {
                let found = regroup(&mut kept, &shelf, &dead);
                prop_assert_eq!(found.grouping(&shelf), at_once(&shelf, &dead));
                let whole = all_at_once(&shelf, &dead, true);
                for name in found.names.iter().copied().collect::<BTreeSet<u32>>() {
                    let own: Vec<u32> = (0u32..).zip(&found.names).filter(|it| *it.1 == name).map(|it| it.0).collect();
                    prop_assert_eq!(related_to(folder.path(), &shelf, &own), of_these(&whole, &shelf, &own));
                }
            }
        }
    }
}

/// What is found when somebody asks for these articles.
fn related_to(folder: &Path, shelf: &Shelf, of: &[u32]) -> Vec<Relation> {
    let keeping = Keeping {
        memory: 1 << 30,
        threads: 2,
    };
    let asked = (of, shelf.0.len() as u32);
    let found = related(folder, keeping, asked, shelf, &Cancel::new());
    found.unwrap().unwrap()
}

/// The relations of these articles among all.
fn of_these(all: &Grouping, shelf: &Shelf, of: &[u32]) -> Vec<Relation> {
    let is_of = |id: &ArticleId| of.iter().any(|it| shelf.id(*it) == *id);
    let relations = all.relations.iter();
    let own = relations.filter(|it| is_of(&it.a) || is_of(&it.b));
    own.cloned().collect()
}

/// A collection with versions, frames and copies.
fn shelf(articles: usize) -> Shelf {
    let mut shelf = Shelf::default();
    for at in 0..articles {
        let has = (0..9).map(|it| (at * 7 + it * 3) % 11 > 3).collect();
        make(
            &mut shelf,
            at,
            &(at % 23, has, (at % 3) as u8, at % 4, at % 5 == 0),
        );
    }
    shelf
}

fn add(kept: &mut Kept, shelf: &Shelf) {
    for article in kept.articles()..shelf.0.len() as u32 {
        kept.add(&shelf.sign(article)).unwrap();
    }
}

#[test]
fn nothing_is_judged_twice() {
    let folder = tempfile::tempdir().unwrap();
    let shelf = shelf(300);
    let mut kept = open(folder.path(), 0);
    add(&mut kept, &shelf);
    let first = regroup(&mut kept, &shelf, &RoaringBitmap::new());
    assert!(first.judged[0] > 100, "{:?}", first.judged);
    let again = regroup(&mut kept, &shelf, &RoaringBitmap::new());
    assert_eq!((again.judged, &again.names), ([0, 0], &first.names));
    drop(kept);
    let mut kept = open(folder.path(), 300);
    let again = regroup(&mut kept, &shelf, &RoaringBitmap::new());
    assert_eq!((again.judged, &again.names), ([0, 0], &first.names));
}

#[test]
fn what_changes_no_group_is_weighed_only_to_be_told() {
    // Stories of 180 words in two versions, and one sentence that stands in all of them: each story more makes that
    // count a little less.
    let word = |n: usize| -> String {
        let letters = (0..4).map(|at| b'a' + (n / 26usize.pow(at) % 26) as u8);
        letters.map(char::from).collect()
    };
    let sentence = |n: usize| {
        (0..12)
            .map(|at| word(12 * n + at))
            .collect::<Vec<_>>()
            .join(" ")
    };
    let mut shelf = Shelf::default();
    for at in 0..18usize {
        let sentences = (0..15 + at % 2).map(|it| sentence(20 * (at / 2) + it));
        let blocks = sentences.chain([sentence(1000)]).collect();
        shelf.put((at as u128 + 1) << 100, "", blocks);
    }
    let folder = tempfile::tempdir().unwrap();
    let none = RoaringBitmap::new();
    let mut kept = open(folder.path(), 0);
    let begin = Shelf(shelf.0[..12].to_vec());
    add(&mut kept, &begin);
    regroup(&mut kept, &begin, &none);
    add(&mut kept, &shelf);
    let found = only_groups(&mut kept, &shelf, &none);
    assert_eq!(by_name(&found, &shelf), members(&at_once(&shelf, &none)));
    // The three new stories.
    assert_eq!(found.judged[1], 3);
    drop(kept);
    let mut kept = open(folder.path(), 18);
    let told = regroup(&mut kept, &shelf, &none);
    assert_eq!(told.judged, [0, 6]);
    assert_eq!(told.grouping(&shelf), at_once(&shelf, &none));
}

#[test]
fn many_small_runs_become_few() {
    let folder = tempfile::tempdir().unwrap();
    let shelf = shelf(200);
    let mut kept = open(folder.path(), 0);
    for article in 0..200 {
        kept.add(&shelf.sign(article)).unwrap();
        kept.seal().unwrap();
    }
    assert!(
        kept.manifest.runs.len() < 25,
        "{}",
        kept.manifest.runs.len()
    );
    let found = regroup(&mut kept, &shelf, &RoaringBitmap::new());
    assert_eq!(
        found.grouping(&shelf),
        at_once(&shelf, &RoaringBitmap::new())
    );
    let files = fs::read_dir(folder.path()).unwrap().count();
    assert_eq!(files, kept.manifest.runs.len() + 6);
}

#[test]
fn an_article_that_is_told_of_otherwise_is_judged_anew() {
    let folder = tempfile::tempdir().unwrap();
    let mut shelf = shelf(120);
    let mut kept = open(folder.path(), 0);
    add(&mut kept, &shelf);
    regroup(&mut kept, &shelf, &RoaringBitmap::new());
    shelf.0[7].1 = "Weather of 7 May".into();
    shelf.0[30].1 = "Weather of 8 May".into();
    kept.touch(7);
    kept.touch(30);
    kept.seal().unwrap();
    drop(kept);
    let mut kept = open(folder.path(), 120);
    let found = regroup(&mut kept, &shelf, &RoaringBitmap::new());
    assert_eq!(
        found.grouping(&shelf),
        at_once(&shelf, &RoaringBitmap::new())
    );
    assert!(found.judged[0] > 0);
}

#[test]
fn what_the_caller_does_not_know_is_forgotten() {
    let folder = tempfile::tempdir().unwrap();
    let shelf = shelf(100);
    let mut kept = open(folder.path(), 0);
    for article in 0..60 {
        kept.add(&shelf.sign(article)).unwrap();
    }
    kept.seal().unwrap();
    add(&mut kept, &shelf);
    regroup(&mut kept, &shelf, &RoaringBitmap::new());
    drop(kept);
    let mut kept = open(folder.path(), 70);
    assert_eq!((kept.articles(), kept.begun_anew()), (60, None));
    add(&mut kept, &shelf);
    let found = regroup(&mut kept, &shelf, &RoaringBitmap::new());
    assert_eq!(
        found.grouping(&shelf),
        at_once(&shelf, &RoaringBitmap::new())
    );
}

#[test]
fn damage_is_noticed_and_costs_only_work() {
    let shelf = shelf(90);
    let none = RoaringBitmap::new();
    let whole = at_once(&shelf, &none);
    let folder = tempfile::tempdir().unwrap();
    let mut kept = open(folder.path(), 0);
    add(&mut kept, &shelf);
    regroup(&mut kept, &shelf, &none);
    drop(kept);
    let names: BTreeSet<PathBuf> = fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| !path.ends_with(LOCK))
        .collect();
    assert_eq!(names.len(), 6);
    for name in names {
        let bytes = fs::read(&name).unwrap();
        for cut in [0, 9, bytes.len() / 2, bytes.len() - 1] {
            let mut bytes = bytes.clone();
            match cut % 2 {
                0 => bytes.truncate(cut),
                _ => bytes[cut] ^= 0x55,
            }
            let other = tempfile::tempdir().unwrap();
            for entry in fs::read_dir(folder.path()).unwrap().flatten() {
                fs::copy(entry.path(), other.path().join(entry.file_name())).unwrap();
            }
            fs::write(other.path().join(name.file_name().unwrap()), bytes).unwrap();
            let mut kept = open(other.path(), 90);
            add(&mut kept, &shelf);
            let found = kept.group(&shelf, &none, &Cancel::new(), &mut |_| {});
            let found = match found {
                Err(StoreError::Damaged(_)) => {
                    assert_eq!(kept.articles(), 0);
                    add(&mut kept, &shelf);
                    regroup(&mut kept, &shelf, &none)
                }
                found => found.unwrap(),
            };
            assert_eq!(found.grouping(&shelf), whole, "{} {cut}", name.display());
        }
    }
}

#[test]
fn work_that_was_called_off_leaves_what_was_there() {
    let folder = tempfile::tempdir().unwrap();
    let shelf = shelf(150);
    let none = RoaringBitmap::new();
    let mut kept = open(folder.path(), 0);
    for article in 0..100 {
        kept.add(&shelf.sign(article)).unwrap();
    }
    regroup(&mut kept, &shelf, &none);
    add(&mut kept, &shelf);
    for stage in [Stage::Propose, Stage::Verify, Stage::Link] {
        let cancel = Cancel::new();
        let outcome = kept.group(&shelf, &none, &cancel, &mut |step| {
            if step.stage == stage {
                cancel.cancel();
            }
        });
        assert!(matches!(outcome, Err(StoreError::Cancelled)), "{stage:?}");
    }
    drop(kept);
    let mut kept = open(folder.path(), 150);
    assert_eq!(kept.articles(), 150);
    let found = regroup(&mut kept, &shelf, &none);
    assert!(found.judged[0] > 0);
    assert_eq!(found.grouping(&shelf), at_once(&shelf, &none));
}

#[test]
fn what_articles_are_related_to_is_looked_for_when_asked() {
    let folder = tempfile::tempdir().unwrap();
    let (shelf, none) = (shelf(200), RoaringBitmap::new());
    let mut kept = open(folder.path(), 0);
    add(&mut kept, &shelf);
    let found = regroup(&mut kept, &shelf, &none);
    let whole = all_at_once(&shelf, &none, true);
    let mut seen = 0;
    for article in 0..200 {
        let own: Vec<u32> = (0..200)
            .filter(|it| found.names[*it as usize] == found.names[article as usize])
            .collect();
        let related = related_to(folder.path(), &shelf, &own);
        assert_eq!(related, of_these(&whole, &shelf, &own), "{article}");
        seen += related.len();
    }
    assert!(seen > 0);
    // What was grouped is another collection, or nothing was.
    let cancel = Cancel::new();
    let ask = |folder: &Path, all| related(folder, kept.keeping, (&[0], all), &shelf, &cancel);
    assert_eq!(ask(folder.path(), 199).unwrap(), None);
    assert_eq!(ask(&folder.path().join("nowhere"), 200).unwrap(), None);
    cancel.cancel();
    let outcome = ask(folder.path(), 200);
    assert!(matches!(outcome, Err(StoreError::Cancelled)), "{outcome:?}");
    let cancel = Cancel::new();
    let ask = |folder: &Path, all| related(folder, kept.keeping, (&[0], all), &shelf, &cancel);
    let pairs = &kept.manifest.state.as_ref().unwrap().pairs;
    fs::write(folder.path().join(pairs), "damaged").unwrap();
    let outcome = ask(folder.path(), 200);
    assert!(matches!(outcome, Err(StoreError::Io(_))), "{outcome:?}");
}

#[test]
fn two_programs_do_not_keep_in_one_folder() {
    let folder = tempfile::tempdir().unwrap();
    let kept = open(folder.path(), 0);
    let keeping = kept.keeping;
    let other = Kept::open(folder.path(), keeping, 0);
    assert!(other.is_err_and(|error| error.to_string().contains("another recto")));
}
