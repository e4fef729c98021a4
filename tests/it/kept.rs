//! A library that is kept on disk is the same as one in memory: read at once, in pieces, after a kill, after changes.

use std::collections::BTreeSet;
use std::fs;
use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use recto::cancel::Cancel;
use recto::formats::Options;
use recto::group;
use recto::group::correct::{Correction, Said};
use recto::model::{ArticleId, Date};
use recto::query;
use recto::store::local::{LocalLibrary, Stage, Status};
use recto::store::traits::Library;
use recto::store::types::{By, Edge, Entry, Find};

/// So little memory that a few articles make a segment.
const BUDGET: usize = 40_000;

struct Case {
    folder: tempfile::TempDir,
    cache: tempfile::TempDir,
}

/// A text of its own for each number, and the same for the same.
fn text(number: usize) -> String {
    const WORDS: [&str; 24] = [
        "harbour", "winter", "council", "bridge", "island", "engine", "market", "garden", "signal",
        "teacher", "river", "paper", "window", "silver", "mountain", "letter", "kitchen", "forest",
        "captain", "village", "orchard", "station", "lantern", "meadow",
    ];
    let mut state = number as u64 * 2_654_435_761 + 12_345;
    let mut next = || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        WORDS[(state >> 40) as usize % WORDS.len()]
    };
    let sentence = |next: &mut dyn FnMut() -> &'static str| {
        let words: Vec<&str> = (0..14).map(|_| next()).collect();
        format!("{} {number}.", words.join(" "))
    };
    let paragraphs: Vec<String> = (0..4).map(|_| sentence(&mut next)).collect();
    paragraphs.join("\n\n")
}

fn line(id: usize, text: &str) -> String {
    let record = serde_json::json!({
        "id": format!("r{id}"),
        "title": (!id.is_multiple_of(7)).then(|| format!("Story {id}")),
        "date": format!("2020-{:02}-{:02}", id % 12 + 1, id % 28 + 1),
        "text": text,
    });
    record.to_string() + "\n"
}

impl Case {
    /// Lines with exact copies, versions and damage, a document, a table that cannot be read in place.
    fn new() -> Self {
        let case = Self {
            folder: tempfile::tempdir().unwrap(),
            cache: tempfile::tempdir().unwrap(),
        };
        let mut lines = String::new();
        for at in 0..140 {
            match at {
                30 | 110 => lines.push_str("{ damaged\n"),
                // The same text again, sometimes with a word more: a copy or a version.
                _ if at % 9 == 5 => lines.push_str(&line(at, &text(at / 2))),
                _ if at % 11 == 3 => {
                    lines.push_str(&line(at, &format!("{}\n\nRead more.", text(at / 3))));
                }
                _ => lines.push_str(&line(at, &text(at))),
            }
        }
        case.write("a.jsonl", &lines);
        case.write("b.txt", &format!("A document\n\n{}\n", text(7)));
        // And one that quotes another.
        let (quoted, own) = (text(20), [text(2000), text(2001), text(2002)].join("\n\n"));
        let passage: Vec<&str> = quoted.split("\n\n").take(2).collect();
        case.write("d.txt", &format!("{own}\n\n{}\n", passage.join("\n\n")));
        let mut table = String::from("id,title,text\n");
        for at in 0..30 {
            let body = text(1000 + at % 25).replace('\n', " ");
            table.push_str(&format!("t{at},Row {at},\"{body}\"\n"));
        }
        case.write("c.csv", &table);
        case
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.path(name), text).unwrap();
    }

    fn library(&self, budget: usize) -> LocalLibrary {
        let paths = [self.folder.path().to_owned()];
        LocalLibrary::new(&paths, &Options::default()).kept_in(self.cache.path(), budget)
    }

    /// Reads it to the end, with how many bytes of sources that took.
    fn kept(&self) -> (LocalLibrary, u64) {
        let library = self.library(BUDGET);
        assert!(library.read(&Cancel::new(), &mut |_| {}));
        let bytes = library.status().progress.bytes;
        (library, bytes)
    }

    fn in_memory(&self) -> LocalLibrary {
        let paths = [self.folder.path().to_owned()];
        LocalLibrary::open(&paths, &Options::default(), &Cancel::new(), &mut |_| {}).unwrap()
    }

    fn cached(&self) -> PathBuf {
        let all = fs::read_dir(self.cache.path().join("libraries")).unwrap();
        all.map(|entry| entry.unwrap().path()).next().unwrap()
    }

    fn segments(&self) -> usize {
        let all = fs::read_dir(self.cached()).unwrap();
        let names = all.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        names.filter(|name| name.starts_with("seg-")).count()
    }
}

fn hits(library: &LocalLibrary, query: &str, by: By) -> Vec<(ArticleId, String, u32)> {
    let today = Date::new(2020, 6, 1).unwrap();
    let mut find = Find {
        query: Arc::new(query::parse(query, today).unwrap()),
        by,
        from: Edge::Top,
        after: None,
        limit: 37,
    };
    let mut all = Vec::new();
    loop {
        let page = library.find(&find, &Cancel::new()).unwrap();
        all.extend(
            page.hits
                .into_iter()
                .map(|hit| (hit.id, hit.title, hit.versions)),
        );
        find.after = page.next;
        if find.after.is_none() {
            return all;
        }
    }
}

/// Everything that can be asked of an article. Versions and sources are sorted: what was read later may have another
/// number.
fn entry(library: &LocalLibrary, id: ArticleId) -> Entry {
    let mut entry = library.entry(id, &Cancel::new()).unwrap();
    entry.versions.sort();
    entry.sources.sort_by_key(|it| (it.path.clone(), it.record));
    entry
}

/// The articles of other groups that one is related to. Of which version that is said may differ where their order does.
fn related(library: &LocalLibrary, id: ArticleId) -> BTreeSet<ArticleId> {
    let why = library.why(id, &Cancel::new()).unwrap();
    let versions = library.versions(id, &Cancel::new()).unwrap();
    let sections = why.sections.iter();
    let related =
        sections.filter(|it| it.title.contains("same form") || it.title.contains("passage"));
    let pairs = related.flat_map(|it| it.ties.iter().filter_map(|it| it.pair));
    let ends = pairs.flat_map(|(a, b)| [a, b]);
    ends.filter(|id| !versions.contains(id)).collect()
}

#[track_caller]
fn assert_same(kept: &LocalLibrary, memory: &LocalLibrary) {
    assert_eq!(kept.articles(), memory.articles());
    assert_eq!(kept.records(), memory.records());
    for query in [
        "",
        "harbour",
        "versions:>1",
        "title:story sort:words",
        "has:error",
        "path:a.jsonl",
        "path:c.csv sort:-copies",
        "format:csv OR format:txt",
        "copies:>1",
        "is:dup sort:title",
        "is:unique",
        "is:best sort:-sim",
        "sim:>50%",
        "boiler:>1% sort:boiler",
        "id:r5",
        "\"read more\" sort:relevance",
        "differs:body",
        "-tag:nothing sort:date",
    ] {
        for by in [By::Article, By::Group] {
            assert_eq!(
                hits(kept, query, by),
                hits(memory, query, by),
                "{query:?} {by:?}"
            );
        }
    }
    for (id, _, _) in hits(memory, "", By::Article) {
        assert_eq!(entry(kept, id), entry(memory, id));
        let cancel = Cancel::new();
        assert_eq!(
            kept.boilerplate(id, &cancel),
            memory.boilerplate(id, &cancel)
        );
        let standing = |library: &LocalLibrary| {
            library
                .standing(&memory.entry(id, &cancel).unwrap().article)
                .unwrap()
        };
        assert_eq!(standing(kept), standing(memory), "{id}");
        assert_eq!(related(kept, id), related(memory, id), "{id}");
    }
    let said = |library: &LocalLibrary| -> Vec<String> {
        let all = library.diagnostics();
        let mut all: Vec<String> = all.iter().map(ToString::to_string).collect();
        all.sort();
        all
    };
    assert_eq!(said(kept), said(memory));
}

#[test]
fn what_is_on_disk_is_what_was_in_memory_and_is_not_read_again() {
    let case = Case::new();
    let memory = case.in_memory();
    let (kept, bytes) = case.kept();
    assert!(case.segments() > 1, "{}", case.segments());
    assert!(bytes > 0);
    assert_same(&kept, &memory);
    let quoting = hits(&memory, "path:d.txt", By::Article)[0].0;
    assert!(!related(&kept, quoting).is_empty());
    drop(kept);
    let (again, bytes) = case.kept();
    assert_eq!(bytes, 0, "nothing changed");
    assert_same(&again, &memory);
}

#[test]
fn related_articles_that_cannot_be_looked_for_are_not_none() {
    let case = Case::new();
    let (kept, _) = case.kept();
    let quoting = hits(&kept, "path:d.txt", By::Article)[0].0;
    let told = |cancel: &Cancel| {
        let why = kept.why_in_parts(quoting, cancel, &mut |_| {}).unwrap();
        let last = why.sections.last().unwrap();
        last.ties[0].text.clone()
    };
    assert!(told(&Cancel::new()).contains('%'));
    let called_off = Cancel::new();
    called_off.cancel();
    assert!(told(&called_off).contains("called off"));
    let grouping = case.cached().join("grouping");
    for name in ["kept.json", "nothing"] {
        let path = grouping.join(name);
        if path.exists() {
            fs::write(path, "{ damaged").unwrap();
        } else {
            fs::remove_dir_all(&grouping).unwrap();
        }
        let said = told(&Cancel::new());
        assert!(said.starts_with("They cannot be looked for: "), "{said}");
    }
}

#[test]
fn groups_that_are_on_disk_are_not_looked_for_again() {
    let case = Case::new();
    let memory = case.in_memory();
    drop(case.kept());
    let again = case.library(BUDGET);
    let mut stages = Vec::new();
    assert!(again.read(&Cancel::new(), &mut |it| stages.push(it.stage)));
    assert!(!stages.contains(&Stage::Grouping), "{stages:?}");
    // What is said of them is heeded all the same, and taken back.
    let groups = memory.grouping().unwrap();
    let group = groups.groups.iter().find(|it| it.members.len() > 1);
    let members = &group.unwrap().members;
    let alone = hits(&memory, "versions:1", By::Article);
    let said = [
        Correction::new(1, members[0], members[1], Said::Apart).unwrap(),
        Correction::new(2, alone[0].0, alone[1].0, Said::Same).unwrap(),
    ];
    for corrections in [&said[..], &said[1..], &[]] {
        again.set_corrections(corrections);
        memory.set_corrections(corrections);
        assert_same(&again, &memory);
        let (found, expected) = (again.grouping().unwrap(), memory.grouping().unwrap());
        assert_eq!(found.groups.len(), expected.groups.len());
    }
    // Another opening with corrections at hand from the beginning.
    let corrected = case.library(BUDGET);
    corrected.set_corrections(&said);
    assert!(corrected.read(&Cancel::new(), &mut |_| {}));
    memory.set_corrections(&said);
    assert_same(&corrected, &memory);
}

#[test]
fn looking_for_versions_tells_how_far_it_is() {
    let case = Case::new();
    // On disk, and in memory.
    for budget in [BUDGET, 256 << 20] {
        let library = case.library(budget);
        let mut steps = Vec::new();
        assert!(library.read(&Cancel::new(), &mut |it| {
            assert!(it.step.is_none() || it.stage == Stage::Grouping);
            steps.extend(it.step);
        }));
        let order = [
            group::Stage::Sign,
            group::Stage::Propose,
            group::Stage::Verify,
        ];
        let place = |step: &group::Step| order.iter().position(|it| *it == step.stage);
        let stages: Vec<usize> = steps.iter().filter_map(place).collect();
        assert!(stages.is_sorted());
        // On disk they were signed when they were sealed.
        let first = usize::from(budget == BUDGET);
        for stage in &order[first..] {
            let done = steps.iter().filter(|it| it.stage == *stage);
            let shares: Vec<u64> = done.map(|it| 1000 * it.done / it.all.max(1)).collect();
            assert!(shares.is_sorted(), "{stage:?}");
            let ends = shares
                .last()
                .is_some_and(|share| (900..=1000).contains(share));
            assert!(ends, "{stage:?}: {:?}", shares.last());
        }
        fs::remove_dir_all(case.cache.path().join("libraries")).ok();
    }
}

#[test]
fn groups_that_are_damaged_are_looked_for_again() {
    let case = Case::new();
    let memory = case.in_memory();
    drop(case.kept());
    for name in ["groups", "order"] {
        let path = case.cached().join(name);
        let whole = fs::read(&path).unwrap();
        fs::write(&path, &whole[..whole.len() / 2]).unwrap();
        assert_same(&case.kept().0, &memory);
        assert_eq!(fs::read(&path).unwrap().len(), whole.len(), "{name}");
    }
    // Order, starts, names, digests and likeness, whose ends stand in the header: a byte in the middle of each.
    let path = case.cached().join("groups");
    let whole = fs::read(&path).unwrap();
    let end = |part: usize| {
        let at = 36 + 16 * part;
        u64::from_le_bytes(whole[at..at + 8].try_into().unwrap()) as usize
    };
    for part in 1..5 {
        let mut bytes = whole.clone();
        let middle = end(part - 1).midpoint(end(part));
        bytes[middle] ^= 0x55;
        fs::write(&path, bytes).unwrap();
        assert_same(&case.kept().0, &memory);
    }
}

#[test]
fn a_copy_in_a_file_that_is_gone_no_longer_counts() {
    let case = Case::new();
    // The same as in the lines and in the table, in a file of its own that goes away.
    case.write("z.jsonl", &(line(900, &text(1)) + &line(901, &text(2))));
    drop(case.kept());
    fs::remove_file(case.path("z.jsonl")).unwrap();
    let memory = case.in_memory();
    let (kept, _) = case.kept();
    assert_same(&kept, &memory);
    assert_eq!(hits(&kept, "path:z.jsonl", By::Article), []);
}

#[test]
fn a_small_collection_leaves_nothing_behind() {
    let case = Case::new();
    let library = case.library(1 << 30);
    assert!(library.read(&Cancel::new(), &mut |_| {}));
    assert!(!case.cache.path().join("libraries").exists());
}

#[test]
fn reading_that_was_called_off_goes_on_where_it_was() {
    let case = Case::new();
    let memory = case.in_memory();
    for _ in 0..4 {
        let library = case.library(BUDGET);
        let cancel = Cancel::new();
        let mut batches = 0;
        let mut stop = |_: Status| {
            batches += 1;
            if batches == 3 {
                cancel.cancel();
            }
        };
        library.read(&cancel, &mut stop);
    }
    let (kept, _) = case.kept();
    assert_same(&kept, &memory);
}

/// What another process does until it is killed.
#[test]
#[ignore = "another test starts it in a process of its own"]
fn reading_in_a_process_of_its_own() {
    let folder = |name| std::env::var_os(name).map(PathBuf::from);
    let (Some(source), Some(cache)) = (folder("KEPT_SOURCE"), folder("KEPT_CACHE")) else {
        return;
    };
    let library = LocalLibrary::new(&[source], &Options::default()).kept_in(&cache, BUDGET);
    library.read(&Cancel::new(), &mut |_| {});
    for it in library.diagnostics().iter() {
        println!("said: {}", it.message);
    }
    let groups = hits(&library, "versions:>1", By::Group);
    println!("found: {} in {} groups", library.articles(), groups.len());
}

#[cfg(unix)]
#[test]
fn a_disk_that_is_full_costs_a_sentence_and_nothing_else() {
    let case = Case::new();
    let memory = case.in_memory();
    let groups = hits(&memory, "versions:>1", By::Group);
    let found = format!("found: {} in {} groups", memory.articles(), groups.len());
    let mut told = 0;
    // No file may grow over so many blocks: sooner or later a write fails in the middle.
    for blocks in ["1", "4", "16", "40", "100"] {
        let mut child = Command::new("sh");
        child.args(["-c", "trap '' XFSZ; ulimit -f $0; exec \"$@\"", blocks]);
        child.arg(std::env::current_exe().unwrap());
        child.args(["--ignored", "--exact", "--nocapture"]);
        child.arg("kept::reading_in_a_process_of_its_own");
        child.env("KEPT_SOURCE", case.folder.path());
        child.env("KEPT_CACHE", case.cache.path());
        let said = child.output().unwrap();
        let said = String::from_utf8_lossy(&said.stdout);
        assert!(said.contains(&found), "{blocks}: {said}");
        told += u32::from(said.contains("kept"));
    }
    assert!(told >= 3, "{told}");
    assert_same(&case.kept().0, &memory);
}

#[test]
fn killed_at_any_moment_it_ends_with_the_same_library() {
    let case = Case::new();
    let more: String = (2000..2400)
        .map(|at| line(at, &text(at - at % 5)))
        .collect();
    case.write("more.jsonl", &more);
    let memory = case.in_memory();
    let start = || {
        let mut child = Command::new(std::env::current_exe().unwrap());
        child.args(["--ignored", "--exact"]);
        child.arg("kept::reading_in_a_process_of_its_own");
        child.env("KEPT_SOURCE", case.folder.path());
        child.env("KEPT_CACHE", case.cache.path());
        child.stdout(Stdio::null()).stderr(Stdio::null());
        child.spawn().unwrap()
    };
    // How long one takes tells when to kill the others.
    let clock = Instant::now();
    assert!(start().wait().unwrap().success());
    let whole = clock.elapsed();
    assert_same(&case.kept().0, &memory);
    fs::remove_dir_all(case.cached()).unwrap();
    for at in 0..20 {
        if at % 7 == 6 {
            // Now and then from the beginning, so that every stage is met.
            let _ = fs::remove_dir_all(case.cached());
        }
        let mut child = start();
        std::thread::sleep(whole * (at * 7 % 20) / 20);
        let _ = child.kill();
        child.wait().unwrap();
    }
    let (kept, _) = case.kept();
    assert_same(&kept, &memory);
}

#[test]
fn a_file_that_grew_is_read_from_where_it_grew() {
    let case = Case::new();
    drop(case.kept());
    let before = fs::metadata(case.path("a.jsonl")).unwrap().len();
    let mut file = fs::File::options()
        .append(true)
        .open(case.path("a.jsonl"))
        .unwrap();
    for at in 500..540 {
        // New ones, and copies of what is on disk.
        let of = if at % 4 == 0 { at - 490 } else { at };
        file.write_all(line(at, &text(of)).as_bytes()).unwrap();
    }
    drop(file);
    let (kept, bytes) = case.kept();
    assert!(
        bytes < before,
        "{bytes} of {before} bytes and more were read"
    );
    assert_same(&kept, &case.in_memory());
    drop(kept);
    assert_same(&case.kept().0, &case.in_memory());
}

#[test]
fn changed_and_removed_files_are_noticed() {
    let case = Case::new();
    drop(case.kept());
    case.write("b.txt", &format!("Another document\n\n{}\n", text(8888)));
    let later = SystemTime::now() + Duration::from_secs(5);
    let file = fs::File::options()
        .append(true)
        .open(case.path("b.txt"))
        .unwrap();
    file.set_modified(later).unwrap();
    drop(file);
    fs::remove_file(case.path("c.csv")).unwrap();
    case.write(
        "d.md",
        "# New\n\nA new document that stands behind all others.\n",
    );
    let (kept, _) = case.kept();
    assert_same(&kept, &case.in_memory());
    drop(kept);
    let (again, bytes) = case.kept();
    assert_eq!(bytes, 0);
    assert_same(&again, &case.in_memory());
}

#[test]
fn a_damaged_library_is_built_anew() {
    let case = Case::new();
    let memory = case.in_memory();
    drop(case.kept());
    let manifest = case.cached().join("manifest.json");
    let mut text = fs::read_to_string(&manifest).unwrap();
    text.push('x');
    fs::write(&manifest, text).unwrap();
    assert_same(&case.kept().0, &memory);
    let catalogue = case.cached().join("seg-000002").join("catalogue");
    let bytes = fs::read(&catalogue).unwrap();
    fs::write(&catalogue, &bytes[..bytes.len() / 2]).unwrap();
    let (kept, _) = case.kept();
    let said = kept.diagnostics();
    assert!(
        said.iter().any(|it| it.message.contains("built anew")),
        "{said:?}"
    );
    drop(kept);
    assert_same(&case.kept().0, &memory);
}

#[cfg(unix)]
#[test]
fn a_cache_that_cannot_be_written_costs_a_sentence() {
    let case = Case::new();
    // A file stands where the folder should be.
    fs::write(case.cache.path().join("libraries"), "").unwrap();
    let (library, _) = case.kept();
    let said = library.diagnostics();
    assert!(
        said.iter()
            .any(|it| it.message.contains("nothing of this collection is kept")),
        "{said:?}"
    );
    assert_eq!(library.articles(), case.in_memory().articles());
}

#[test]
fn two_at_once_are_no_harm() {
    let case = Case::new();
    drop(case.kept());
    let memory = case.in_memory();
    let file = fs::File::open(case.cached().join("lock")).unwrap();
    file.lock().unwrap();
    let (kept, bytes) = case.kept();
    assert_eq!(bytes, 0);
    let said = kept.diagnostics();
    assert!(
        said.iter().any(|it| it.message.contains("another recto")),
        "{said:?}"
    );
    assert_eq!(hits(&kept, "", By::Article), hits(&memory, "", By::Article));
}
