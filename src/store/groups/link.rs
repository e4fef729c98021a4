//! Links of a group as bytes, all of one length.

use xxhash_rust::xxh3::xxh3_64;

use crate::group::{Group, Link, Points, Reason, SharedBlocks};
use crate::model::ArticleId;

/// The bytes of a link.
pub const LINK: usize = REASON + 1 + 11 * 8;
/// Where the byte of its reason stands.
const REASON: usize = 2 * 16 + 4 * 4;

/// By their numbers on disk.
const REASONS: [Reason; 6] = [
    Reason::SameWords,
    Reason::SameText,
    Reason::Contained,
    Reason::SameBody,
    Reason::MuchShared,
    Reason::Said,
];

/// Differs between groups of other members or with other links.
pub fn digest(group: &Group) -> u64 {
    let mut bytes = Vec::with_capacity(group.members.len() * 16 + group.links.len() * LINK);
    for member in &group.members {
        bytes.extend_from_slice(member.bytes());
    }
    for link in &group.links {
        bytes.extend(pack(link));
    }
    xxh3_64(&bytes)
}

/// A link as bytes; which blocks are shared is left out.
pub fn pack(link: &Link) -> [u8; LINK] {
    let mut bytes = [0; LINK];
    let mut rest = &mut bytes[..];
    let mut put = |part: &[u8]| {
        let (own, behind) = std::mem::take(&mut rest).split_at_mut(part.len());
        own.copy_from_slice(part);
        rest = behind;
    };
    put(link.a.bytes());
    put(link.b.bytes());
    let blocks = link.shared_blocks;
    for count in [blocks.a, blocks.of_a, blocks.b, blocks.of_b] {
        put(&count.to_le_bytes());
    }
    let reason = REASONS.iter().position(|it| *it == link.reason);
    put(&[reason.unwrap_or_default() as u8]);
    let Points {
        shares,
        own_stretch,
        numbers,
        names,
        titles,
        dates,
        address,
    } = link.points;
    let [frame_a, frame_b] = link.frame;
    for share in [link.share_a, link.share_b, frame_a, frame_b] {
        put(&share.to_le_bytes());
    }
    for points in [shares, own_stretch, numbers, names, titles, dates, address] {
        put(&points.to_le_bytes());
    }
    bytes
}

/// Reads it again.
pub fn unpack(bytes: &[u8; LINK]) -> Option<Link> {
    let (a, rest) = bytes.split_first_chunk()?;
    let (b, rest) = rest.split_first_chunk()?;
    let (counts, rest) = rest.split_first_chunk::<16>()?;
    let (reason, rest) = rest.split_first()?;
    let mut counts = counts
        .as_chunks()
        .0
        .iter()
        .map(|it| u32::from_le_bytes(*it));
    let mut shares = rest.as_chunks().0.iter().map(|it| f64::from_le_bytes(*it));
    let reason = *REASONS.get(usize::from(*reason))?;
    // In the order in which they were written.
    Some(Link {
        shared_blocks: SharedBlocks {
            a: counts.next()?,
            of_a: counts.next()?,
            b: counts.next()?,
            of_b: counts.next()?,
        },
        share_a: shares.next()?,
        share_b: shares.next()?,
        frame: [shares.next()?, shares.next()?],
        points: Points {
            shares: shares.next()?,
            own_stretch: shares.next()?,
            numbers: shares.next()?,
            names: shares.next()?,
            titles: shares.next()?,
            dates: shares.next()?,
            address: shares.next()?,
        },
        ..Link::bare(ArticleId::from_bytes(*a), ArticleId::from_bytes(*b), reason)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_comes_back() {
        let id = |byte| ArticleId::from_bytes([byte; 16]);
        for reason in REASONS {
            let link = Link {
                share_a: 0.5,
                share_b: 0.25,
                shared_blocks: SharedBlocks {
                    a: 1,
                    of_a: 2,
                    b: 3,
                    of_b: 4,
                },
                frame: [0.1, 0.2],
                points: Points {
                    shares: 1.0,
                    own_stretch: 2.0,
                    numbers: -3.0,
                    names: 4.0,
                    titles: 5.0,
                    dates: 6.0,
                    address: 7.0,
                },
                ..Link::bare(id(1), id(2), reason)
            };
            assert_eq!(unpack(&pack(&link)).as_ref(), Some(&link));
        }
    }
}
