use proptest::prelude::*;

use super::*;
use crate::group::{Points, Relation, RelationKind, SharedBlocks};

fn id(number: u8) -> ArticleId {
    ArticleId::from_bytes([number; 16])
}

fn link(a: u8, b: u8, share: f64) -> Link {
    Link {
        a: id(a.min(b)),
        b: id(a.max(b)),
        share_a: share,
        share_b: share,
        ..Link::bare(id(a.min(b)), id(a.max(b)), Reason::SameText)
    }
}

/// Groups of these members, every two of which are linked: the nearer their numbers, the stronger.
fn grouping(groups: &[&[u8]]) -> Grouping {
    let mut groups: Vec<Group> = groups
        .iter()
        .map(|members| {
            let mut members = members.to_vec();
            members.sort_unstable();
            let mut links = Vec::new();
            for (at, a) in members.iter().enumerate() {
                let others = members[at + 1..].iter();
                links.extend(others.map(|b| link(*a, *b, 1.0 / f64::from(1 + b - a))));
            }
            Group {
                members: members.into_iter().map(id).collect(),
                links,
            }
        })
        .collect();
    groups.sort_by_key(|group| group.members[0]);
    Grouping {
        groups,
        relations: Vec::new(),
    }
}

fn said(said: Said, number: u64, a: u8, b: u8) -> Correction {
    Correction::new(number, id(a), id(b), said).expect("two articles")
}

fn same(number: u64, a: u8, b: u8) -> Correction {
    said(Said::Same, number, a, b)
}

fn apart(number: u64, a: u8, b: u8) -> Correction {
    said(Said::Apart, number, a, b)
}

fn members(grouping: &Grouping) -> Vec<Vec<u8>> {
    let groups = grouping.groups.iter();
    groups
        .map(|group| group.members.iter().map(|it| it.bytes()[0]).collect())
        .collect()
}

#[track_caller]
fn check(groups: &[&[u8]], corrections: &[Correction], expected: &[&[u8]]) {
    let corrected = correct(&grouping(groups), corrections, |_| true);
    assert_eq!(members(&corrected), expected);
}

#[test]
fn who_is_parted_takes_along_what_is_nearer() {
    check(&[&[1, 2]], &[apart(1, 1, 2)], &[]);
    check(&[&[1, 2, 8, 9]], &[apart(1, 1, 9)], &[&[1, 2], &[8, 9]]);
    check(&[&[1, 2, 8, 9]], &[apart(1, 8, 9)], &[&[1, 2, 8]]);
    // Three that are parted from one another.
    let three = [apart(1, 1, 5), apart(1, 5, 9), apart(1, 1, 9)];
    check(&[&[1, 2, 5, 8, 9]], &three, &[&[1, 2], &[8, 9]]);
    // Of no concern to others.
    check(&[&[1, 2], &[3, 4]], &[apart(1, 1, 3)], &[&[1, 2], &[3, 4]]);
}

#[test]
fn who_is_joined_brings_the_group_along() {
    check(&[], &[same(1, 1, 2)], &[&[1, 2]]);
    check(&[&[1, 2], &[3, 4]], &[same(1, 2, 3)], &[&[1, 2, 3, 4]]);
    let both = [same(1, 2, 3), apart(2, 1, 4)];
    check(&[&[1, 2], &[3, 4]], &both, &[&[1, 2, 3]]);
}

#[test]
fn the_newest_statement_wins() {
    check(&[&[1, 2]], &[apart(1, 1, 2), same(2, 1, 2)], &[&[1, 2]]);
    check(&[&[1, 2]], &[same(1, 1, 2), apart(2, 1, 2)], &[]);
    // Not all of a triangle can hold: the oldest side gives way.
    let triangle = [same(1, 1, 2), same(2, 2, 3), apart(3, 1, 3)];
    check(&[], &triangle, &[&[2, 3]]);
    let triangle = [apart(1, 1, 3), same(2, 1, 2), same(3, 2, 3)];
    check(&[], &triangle, &[&[1, 2, 3]]);
}

#[test]
fn a_text_that_is_gone_still_holds_its_versions_together() {
    let corrections = [same(1, 1, 2), same(2, 2, 3)];
    let corrected = correct(&grouping(&[]), &corrections, |it| it != id(2));
    assert_eq!(members(&corrected), [[1, 3]]);
    assert_eq!(corrected.groups[0].links.len(), 1);
    let corrected = correct(&grouping(&[]), &corrections[..1], |it| it != id(2));
    assert_eq!(members(&corrected), Vec::<Vec<u8>>::new());
}

#[test]
fn a_group_without_links_keeps_together_what_nobody_parted() {
    let bare = Grouping {
        groups: vec![Group {
            members: [1, 2, 3].map(id).to_vec(),
            links: Vec::new(),
        }],
        relations: Vec::new(),
    };
    let corrected = correct(&bare, &[apart(1, 1, 3)], |_| true);
    assert_eq!(members(&corrected), [[1, 2]]);
}

#[test]
fn a_relation_inside_a_group_is_none() {
    let mut found = grouping(&[&[1, 2]]);
    found.relations.push(Relation {
        a: id(2),
        b: id(3),
        kind: RelationKind::Sibling,
        share_a: 0.5,
        share_b: 0.5,
        shared_blocks: SharedBlocks::default(),
        frame: [0.0; 2],
        points: Points::default(),
        blocks: None,
    });
    assert_eq!(
        correct(&found, &[apart(1, 1, 3)], |_| true).relations.len(),
        1
    );
    let joined = correct(&found, &[same(1, 1, 3)], |_| true);
    assert_eq!(members(&joined), [[1, 2, 3]]);
    assert!(joined.relations.is_empty());
    assert_eq!(joined.groups[0].links[1].reason, Reason::Said);
}

fn groupings() -> impl Strategy<Value = Grouping> {
    // Which of five groups each of sixteen articles is in; group 0 is none.
    proptest::collection::vec(0..6usize, 16).prop_map(|of| {
        let groups: Vec<Vec<u8>> = (1..6)
            .map(|group| {
                let members = (0u8..).zip(&of).filter(|(_, of)| **of == group);
                members.map(|(member, _)| member).collect()
            })
            .collect();
        let groups: Vec<&[u8]> = groups
            .iter()
            .filter(|group| group.len() > 1)
            .map(Vec::as_slice)
            .collect();
        grouping(&groups)
    })
}

fn statements() -> impl Strategy<Value = Vec<Correction>> {
    let statement = (0..16u8, 0..16u8, any::<bool>()).prop_map(|(a, b, is_same)| {
        let what = if is_same { Said::Same } else { Said::Apart };
        Correction::new(0, id(a), id(b), what)
    });
    proptest::collection::vec(statement, 0..24).prop_map(|all| {
        let numbered = (1..).zip(all.into_iter().flatten());
        numbered
            .map(|(number, it)| Correction { number, ..it })
            .collect()
    })
}

fn together(grouping: &Grouping, a: ArticleId, b: ArticleId) -> bool {
    let mut groups = grouping.groups.iter();
    groups.any(|group| group.members.contains(&a) && group.members.contains(&b))
}

proptest! {
    #[test]
    fn what_was_said_last_holds(found in groupings(), corrections in statements()) {
        let corrected = correct(&found, &corrections, |_| true);
        for it in standing(&corrections) {
            prop_assert_eq!(together(&corrected, it.a, it.b), it.said == Said::Same);
        }
        // A statement that does not count is ruled out by newer ones; the newest always counts.
        if let Some(newest) = corrections.last() {
            prop_assert!(standing(&corrections).contains(newest));
        }
    }

    #[test]
    fn the_order_of_input_does_not_matter(
        found in groupings(),
        corrections in statements(),
        seed in any::<u64>(),
    ) {
        let corrected = correct(&found, &corrections, |_| true);
        let (mut groups, mut statements) = (found.clone(), corrections.clone());
        groups.groups.reverse();
        for group in &mut groups.groups {
            group.links.reverse();
        }
        statements.sort_by_key(|it| it.number.wrapping_mul(seed | 1).rotate_left(17));
        let mut other = correct(&groups, &statements, |_| true);
        // Groups that nobody said anything about come back in the order in which they were given.
        other.groups.sort_by_key(|group| group.members[0]);
        for group in &mut other.groups {
            group.links.sort_by_key(|link| (link.a, link.b));
        }
        prop_assert_eq!(other, corrected);
    }

    #[test]
    fn groups_stay_sound_and_nothing_said_changes_nothing(
        found in groupings(),
        corrections in statements(),
    ) {
        prop_assert_eq!(&correct(&found, &[], |_| true), &found);
        // No group without two members, every member once, all of them tied, ordered.
        let corrected = correct(&found, &corrections, |_| true);
        let mut all: Vec<ArticleId> = Vec::new();
        for group in &corrected.groups {
            prop_assert!(group.members.len() > 1 && group.members.is_sorted());
            for member in &group.members {
                prop_assert!(group.links.iter().any(|link| [link.a, link.b].contains(member)));
            }
            all.extend(&group.members);
        }
        let count = all.len();
        all.sort();
        all.dedup();
        prop_assert_eq!(all.len(), count);
        prop_assert!(corrected.groups.is_sorted_by_key(|group| group.members[0]));
    }

    #[test]
    fn nobody_else_is_touched(found in groupings(), corrections in statements()) {
        let corrected = correct(&found, &corrections, |_| true);
        let about = |group: &&Group| corrections.iter().any(|it| group.members.iter().any(|id| it.is_about(*id)));
        for group in found.groups.iter().filter(|group| !about(group)) {
            prop_assert!(corrected.groups.contains(group));
        }
    }
}
