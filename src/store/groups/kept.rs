//! The groups of a library on disk: written when they were found, and read back as far as somebody asks.
//!
//! Who stands with whom is read when the file is opened, since every list needs it; names and likeness as a whole when
//! somebody asks for one, since then most are asked for; scores, links and boilerplate at their places.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;
use std::sync::OnceLock;

use xxhash_rust::xxh3::xxh3_64;

use super::link::{self, LINK};
use super::partition::Partition;
use super::{Groups, Likeness};
use crate::group::{Group, Grouping, Link};
use crate::model::ArticleId;
use crate::store::boilerplate::Found;
use crate::store::library::catalogue::At;
use crate::store::versions::Score;

/// What the file begins with; the last byte is the version.
const MAGIC: &[u8; 16] = b"recto groups   \x03";

/// What stored groups are true of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::store) struct Of {
    /// The library.
    pub identity: u64,
    /// How many articles it has.
    pub articles: u32,
    /// A digest of which files of it are gone.
    pub gone: u64,
}

/// The parts of the file, in their order.
#[derive(Clone, Copy, Debug)]
enum Part {
    /// Members of the groups of two and more, group by group; inside a group the best first.
    Order,
    /// Where each of these begins in it; one more at the end.
    Starts,
    /// Their names.
    Names,
    /// Digests of these groups.
    Digests,
    /// By member of these groups: what it has in common with the version that it resembles most.
    Similarities,
    /// The scores, likewise.
    Scores,
    /// Where the links of each group end.
    LinkEnds,
    /// The links.
    Links,
    /// By article: the share that is boilerplate.
    Shares,
    /// By article: where its blocks of boilerplate end.
    FoundEnds,
    /// These blocks: the place and the number of other groups.
    Found,
}

const PARTS: usize = Part::Found as usize + 1;
/// Magic, what it is true of, where each part ends and what it sums up to, and a sum over all that.
const HEADER: usize = 16 + 8 + 4 + 8 + PARTS * 16 + 8;

/// The bytes of a score, and of a block of boilerplate.
const SCORE: usize = 33;
const FOUND: usize = 8;

/// Groups on disk, open for reading.
#[derive(Debug)]
pub(in crate::store) struct GroupsFile {
    file: At,
    /// Where each part begins; the end behind the last.
    starts: [u64; PARTS + 1],
    sums: [u64; PARTS],
    names: OnceLock<Vec<ArticleId>>,
    digests: OnceLock<Vec<u64>>,
    likeness: OnceLock<Vec<Likeness>>,
    shares: OnceLock<Vec<f64>>,
}

/// Writes groups as they were found: without corrections.
pub(in crate::store) fn write(
    path: &Path,
    of: Of,
    groups: &Groups,
    found: &Grouping,
) -> io::Result<()> {
    let mut parts: [Vec<u8>; PARTS] = Default::default();
    let mut put = |part: Part, bytes: &[u8]| parts[part as usize].extend_from_slice(bytes);
    let (order, starts) = groups.partition.list();
    order
        .iter()
        .for_each(|place| put(Part::Order, &place.to_le_bytes()));
    starts
        .iter()
        .for_each(|start| put(Part::Starts, &start.to_le_bytes()));
    let mut links = 0u32;
    for (at, group) in found.groups.iter().enumerate() {
        for place in groups.partition.listed(at).ok_or_else(damaged)? {
            let similarity = groups.similarity(*place as usize).unwrap_or(f64::NAN);
            put(Part::Similarities, &similarity.to_le_bytes());
            put(Part::Scores, &pack_score(groups.score(*place as usize)));
        }
        let name = groups.name(at);
        let name = name.unwrap_or(ArticleId::from_bytes([0; 16]));
        put(Part::Names, name.bytes());
        put(Part::Digests, &link::digest(group).to_le_bytes());
        for link in &group.links {
            put(Part::Links, &link::pack(link));
        }
        links += group.links.len() as u32;
        put(Part::LinkEnds, &links.to_le_bytes());
    }
    let mut ends = 0u32;
    for place in 0..of.articles as usize {
        let elsewhere = groups.elsewhere(place);
        put(Part::Shares, &elsewhere.share.to_le_bytes());
        for (block, others) in &elsewhere.blocks {
            put(Part::Found, &(*block as u32).to_le_bytes());
            put(Part::Found, &others.to_le_bytes());
        }
        ends += elsewhere.blocks.len() as u32;
        put(Part::FoundEnds, &ends.to_le_bytes());
    }
    let mut header = true_of(of);
    let mut end = HEADER as u64;
    for part in &parts {
        end += part.len() as u64;
        header.extend(end.to_le_bytes());
        header.extend(xxh3_64(part).to_le_bytes());
    }
    let sum = xxh3_64(&header).to_le_bytes();
    header.extend(sum);
    let unfinished = path.with_extension("new");
    let mut file = File::create(&unfinished)?;
    file.write_all(&header)?;
    for part in &parts {
        file.write_all(part)?;
    }
    file.sync_all()?;
    fs::rename(unfinished, path)
}

/// How the file begins.
fn true_of(of: Of) -> Vec<u8> {
    let mut bytes = MAGIC.to_vec();
    bytes.extend(of.identity.to_le_bytes());
    bytes.extend(of.articles.to_le_bytes());
    bytes.extend(of.gone.to_le_bytes());
    bytes
}

impl GroupsFile {
    /// Opens the groups of exactly that. An error where they are of something else, damaged, or not there.
    pub fn open(path: &Path, of: Of) -> io::Result<Self> {
        let file = At::open(path)?;
        let header = file.read(0, HEADER as u64)?;
        let (header, sum) = header.split_last_chunk::<8>().ok_or_else(damaged)?;
        if xxh3_64(header).to_le_bytes() != *sum {
            return Err(damaged());
        }
        let rest = header.strip_prefix(&*true_of(of)).ok_or_else(damaged)?;
        let mut starts = [HEADER as u64; PARTS + 1];
        let mut sums = [0; PARTS];
        for (at, part) in rest.as_chunks::<16>().0.iter().enumerate().take(PARTS) {
            let (end, sum) = part.split_at(8);
            starts[at + 1] = number(end);
            sums[at] = number(sum);
        }
        let in_order = starts.is_sorted() && starts[PARTS] == file.length();
        let opened = Self {
            file,
            starts,
            sums,
            names: OnceLock::new(),
            digests: OnceLock::new(),
            likeness: OnceLock::new(),
            shares: OnceLock::new(),
        };
        in_order.then_some(opened).ok_or_else(damaged)
    }

    /// A part, as it was written.
    fn whole(&self, part: Part) -> io::Result<Vec<u8>> {
        let at = part as usize;
        let bytes = self.file.read(self.starts[at], self.length(part))?;
        let sound = xxh3_64(&bytes) == self.sums[at];
        sound.then_some(bytes).ok_or_else(damaged)
    }

    /// Some entries of a part, of so many bytes each.
    fn some(&self, part: Part, size: usize, (from, to): (u32, u32)) -> io::Result<Vec<u8>> {
        let size = size as u64;
        let start = self.starts[part as usize] + u64::from(from) * size;
        let length = u64::from(to.saturating_sub(from)) * size;
        match start + length <= self.starts[part as usize + 1] {
            true => self.file.read(start, length),
            false => Err(damaged()),
        }
    }

    /// From where to where the entries of one are, by the part that says where they end.
    fn bounds(&self, ends: Part, at: u32) -> io::Result<(u32, u32)> {
        let bytes = self.some(ends, 4, (at.saturating_sub(1), at + 1))?;
        let mut all = numbers(&bytes);
        let first = if at == 0 { Some(0) } else { all.next() };
        first.zip(all.next()).ok_or_else(damaged)
    }

    /// Who stands with whom, of so many articles.
    pub(super) fn partition(&self, articles: usize) -> io::Result<Partition> {
        let order = numbers(&self.whole(Part::Order)?).collect();
        let starts = numbers(&self.whole(Part::Starts)?).collect();
        let partition = Partition::new(articles, order, starts).ok_or_else(damaged)?;
        let names = self.length(Part::Names) / 16;
        let fits = partition.groups() as u64 == names;
        fits.then_some(partition).ok_or_else(damaged)
    }

    fn length(&self, part: Part) -> u64 {
        self.starts[part as usize + 1] - self.starts[part as usize]
    }

    /// A part whose entries have so many bytes each; nothing where it is damaged.
    fn entries<T, const SIZE: usize>(&self, part: Part, entry: fn([u8; SIZE]) -> T) -> Vec<T> {
        let bytes = self.whole(part).unwrap_or_default();
        bytes.as_chunks().0.iter().map(|it| entry(*it)).collect()
    }

    /// The names of groups.
    pub(super) fn names(&self) -> &[ArticleId] {
        let read = || self.entries(Part::Names, ArticleId::from_bytes);
        self.names.get_or_init(read)
    }

    /// The digests of groups.
    pub(super) fn digests(&self) -> &[u64] {
        let read = || self.entries(Part::Digests, u64::from_le_bytes);
        self.digests.get_or_init(read)
    }

    /// By member: what it has in common with the version that it resembles most.
    pub(super) fn likeness(&self) -> &[Likeness] {
        let read = |bytes| Some(f64::from_le_bytes(bytes)).filter(|it| !it.is_nan());
        let read = || self.entries(Part::Similarities, read);
        self.likeness.get_or_init(read)
    }

    /// Says whether names, digests and likeness can be read.
    pub(super) fn is_sound(&self) -> bool {
        16 * self.names().len() as u64 == self.length(Part::Names)
            && 8 * self.digests().len() as u64 == self.length(Part::Digests)
            && 8 * self.likeness().len() as u64 == self.length(Part::Similarities)
    }

    /// The score of the member at a place in the order.
    pub(super) fn score(&self, slot: u32) -> Option<Score> {
        unpack_score(&self.some(Part::Scores, SCORE, (slot, slot + 1)).ok()?)
    }

    /// A group with its links.
    pub(super) fn group(&self, at: u32) -> io::Result<Group> {
        let links = self.some(Part::Links, LINK, self.bounds(Part::LinkEnds, at)?)?;
        group_of(&links).ok_or_else(damaged)
    }

    /// All groups with their links; relations are not kept.
    pub fn grouping(&self) -> io::Result<Grouping> {
        let links = self.whole(Part::Links)?;
        let ends = self.whole(Part::LinkEnds)?;
        let mut from = 0;
        let groups = numbers(&ends).map(|end| {
            let own = links.get(from..end as usize * LINK)?;
            from = end as usize * LINK;
            group_of(own)
        });
        let groups: Option<Vec<Group>> = groups.collect();
        Ok(Grouping {
            groups: groups.ok_or_else(damaged)?,
            relations: Vec::new(),
        })
    }

    /// The boilerplate of an article; nothing where the file cannot be read.
    pub(super) fn elsewhere(&self, article: u32) -> Found {
        let found = || {
            let bounds = self.bounds(Part::FoundEnds, article)?;
            self.some(Part::Found, FOUND, bounds)
        };
        let found = found().unwrap_or_default();
        let pairs: Vec<u32> = numbers(&found).collect();
        let pairs = pairs.as_chunks::<2>().0.iter();
        Found {
            blocks: pairs
                .map(|[block, others]| (*block as usize, *others))
                .collect(),
            share: self.share_of(article),
        }
    }

    /// The share of one article, without reading all.
    fn share_of(&self, article: u32) -> f64 {
        if self.shares.get().is_some() {
            return self.share(article);
        }
        let bytes = self.some(Part::Shares, 8, (article, article + 1));
        let share = bytes.ok().and_then(|it| it.try_into().ok());
        // Alone it has no checksum.
        let share = share.map(f64::from_le_bytes);
        share.filter(|it| (0.0..=1.0).contains(it)).unwrap_or(0.0)
    }

    /// The share of an article that is boilerplate.
    pub(super) fn share(&self, article: u32) -> f64 {
        let read = || self.entries(Part::Shares, f64::from_le_bytes);
        let shares = self.shares.get_or_init(read);
        shares.get(article as usize).copied().unwrap_or(0.0)
    }
}

/// The group of these links: every member stands in one.
fn group_of(links: &[u8]) -> Option<Group> {
    let links = links.as_chunks().0.iter().map(link::unpack);
    let links: Vec<Link> = links.collect::<Option<_>>()?;
    let mut members: Vec<ArticleId> = links.iter().flat_map(|it| [it.a, it.b]).collect();
    members.sort_unstable();
    members.dedup();
    Some(Group { members, links })
}

fn pack_score(score: Option<Score>) -> [u8; SCORE] {
    let Score {
        points,
        title,
        byline,
        date,
        complete,
        fuller,
        unrelated,
    } = score.unwrap_or_default();
    let mut bytes = [0; SCORE];
    for (at, flag) in [score.is_some(), title, byline, date].iter().enumerate() {
        bytes[0] |= u8::from(*flag) << at;
    }
    let numbers = [points, complete, fuller, unrelated];
    for (at, number) in bytes[1..].chunks_exact_mut(8).zip(numbers) {
        at.copy_from_slice(&number.to_le_bytes());
    }
    bytes
}

fn unpack_score(bytes: &[u8]) -> Option<Score> {
    let (flags, numbers) = bytes.split_first()?;
    let mut numbers = numbers
        .as_chunks()
        .0
        .iter()
        .map(|it| f64::from_le_bytes(*it));
    let flag = |at: u8| flags >> at & 1 == 1;
    let score = Score {
        points: numbers.next()?,
        title: flag(1),
        byline: flag(2),
        date: flag(3),
        complete: numbers.next()?,
        fuller: numbers.next()?,
        unrelated: numbers.next()?,
    };
    flag(0).then_some(score)
}

fn number(bytes: &[u8]) -> u64 {
    bytes.try_into().map_or(0, u64::from_le_bytes)
}

fn numbers(bytes: &[u8]) -> impl Iterator<Item = u32> + '_ {
    bytes.as_chunks().0.iter().map(|it| u32::from_le_bytes(*it))
}

fn damaged() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "the stored groups are damaged")
}
