//! Small texts of our own, one rule each, and what must hold for any input.

use proptest::prelude::*;

use super::*;
use crate::model::{ArticleId, Date};

const FERRY: [&str; 5] = [
    "The last ferry of the season left the island on Sunday evening with forty passengers and a piano on board.",
    "\"We had hoped for a quieter crossing,\" said the captain, who has made the trip for nineteen years. \"The piano did not.\"",
    "The line will start again in April, when the repair of the north pier is done, the port authority said.",
    "Until then the mail comes twice a week on the supply boat, and whoever wants to travel must ask the crew.",
    "Residents of the island, 212 by the last count, held a small farewell with soup and brass music.",
];

const LIGHTHOUSE: [&str; 4] = [
    "A lighthouse that nobody has needed since the seventies will be sold, the ministry announced on Tuesday.",
    "Its keeper moved out in 1974, when the lamp was made to run by itself, and only gulls have lived there since.",
    "Four buyers have asked for the plans so far; one of them wants to brew beer in the engine room.",
    "The price is said to be about that of a parking space in the capital.",
];

const APPEAL: [&str; 3] = [
    "Dear readers, independent reporting needs independent money.",
    "If you can, please support us every month, starting from just 2 euros. It is quick to set up, and every contribution makes a difference.",
    "Remind me later.",
];

proptest! {
    /// What [`Evidence::slack`] promises: however weights change, the points stay within it.
    #[test]
    fn points_change_no_more_than_the_slack_says(
        left in proptest::collection::vec(0..60usize, 1..300),
        right in proptest::collection::vec(0..60usize, 1..300),
        common in proptest::collection::vec(0..60usize, 0..200),
        levels in proptest::collection::vec((0..12u8, 0..12u8), 60),
        few in any::<bool>(),
    ) {
        let text = |own: &[usize]| {
            let words = common.iter().chain(own).map(|word| format!("w{word}"));
            words.collect::<Vec<_>>().join(" ")
        };
        let mut profiler = Profiler::default();
        let mut profile = |text: &str| profiler.profile(&Facts::default(), text.split(". "));
        let mut sides = [profile(&text(&left)), profile(&text(&right))];
        let mut grams: Vec<u32> = sides.iter().flat_map(Profile::prints).collect();
        grams.sort_unstable();
        grams.dedup();
        let weights = |now: bool| {
            let level = |at: usize| match levels[at % 60] {
                (before, _) if !now || (few && !at.is_multiple_of(9)) => before,
                (_, level) => level,
            };
            let steps = grams.iter().enumerate().map(|(at, gram)| (*gram, level(at)));
            Weights::from_steps(steps.filter(|(_, level)| *level > 0))
        };
        let (before, now) = (weights(false), weights(true));
        let moved = [0, 1].map(|side| {
            let mut own: Vec<u32> = sides[side].prints().collect();
            own.sort_unstable();
            own.dedup();
            let shift: f64 = own.iter().map(|gram| f64::from(before.shift(&now, *gram))).sum();
            shift * f64::from(sides[side].span())
        });
        let mut judge = Judge::default();
        let mut weighed = |weights: &Weights| {
            sides.iter_mut().for_each(|it| it.weigh(weights));
            judge.evidence(0, &sides[0], &sides[1])
        };
        let tuning = Tuning::default();
        let (before, now) = (weighed(&before), weighed(&now));
        let change = before.points(&tuning).sum() - now.points(&tuning).sum();
        let slack = before.slack(moved, &tuning);
        prop_assert!(change.abs() <= 1.01 * slack + 0.001, "{change} {slack}");
    }
}

fn id(number: u8) -> ArticleId {
    ArticleId::from_bytes([number; 16])
}

fn document<'a>(number: u8, blocks: &[&'a str]) -> Document<'a> {
    Document {
        id: id(number),
        title: None,
        url: None,
        date: None,
        blocks: blocks.to_vec(),
    }
}

fn grouping(texts: &[&[&str]]) -> Grouping {
    let documents: Vec<Document<'_>> = (0u8..)
        .zip(texts)
        .map(|(number, blocks)| document(number, blocks))
        .collect();
    group(&documents, &Options::default(), &Cancel::new()).expect("nobody cancels")
}

/// The groups as lists of the numbers of their members.
fn groups(texts: &[&[&str]]) -> Vec<Vec<u8>> {
    let grouping = grouping(texts);
    let numbers = |group: &Group| group.members.iter().map(|id| id.bytes()[0]).collect();
    grouping.groups.iter().map(numbers).collect()
}

#[track_caller]
fn same(left: &[&str], right: &[&str]) {
    assert_eq!(
        groups(&[left, right, &LIGHTHOUSE]),
        [[0, 1]],
        "{left:?} {right:?}"
    );
}

#[track_caller]
fn apart(left: &[&str], right: &[&str]) {
    assert!(groups(&[left, right]).is_empty(), "{left:?} {right:?}");
}

#[test]
fn versions_of_one_text_are_grouped() {
    let with_appeal = [&FERRY[..], &APPEAL[..]].concat();
    let (head, tail) = FERRY[2].split_at(44);
    let broken = [FERRY[0], FERRY[1], head, tail, FERRY[3], FERRY[4]];
    let one_line = FERRY.join(" ");
    let curly = FERRY.map(|block| block.replacen('"', "“", 1).replace('"', "”"));
    let curly: Vec<&str> = curly.iter().map(String::as_str).collect();
    let capitals = FERRY.map(str::to_uppercase);
    let capitals: Vec<&str> = capitals.iter().map(String::as_str).collect();
    let corrected = FERRY[4].replace("212", "214");
    let corrected = [FERRY[0], FERRY[1], FERRY[2], FERRY[3], &corrected];
    let menu = [
        "Home",
        "News",
        "Sport",
        "Weather",
        "Subscribe",
        "Contact us",
    ];
    let page = [&menu[..], &FERRY[..], &menu[..]].concat();
    let matter = ["---", "layout: post", "date: 2024-03-01", "---"];
    let matter = [&matter[..], &FERRY[..]].concat();
    for version in [
        &FERRY[..],
        &with_appeal,
        &broken,
        &[&one_line],
        &curly,
        &capitals,
        &corrected,
        &page,
        &matter,
        &FERRY[..3],
    ] {
        same(&FERRY, version);
        same(version, &with_appeal);
    }
}

#[test]
fn short_articles_are_grouped() {
    let ten = "Storm tears the roof off the town hall, nobody hurt";
    same(&[ten], &[ten]);
    same(
        &[ten],
        &["STORM tears the roof off the town hall – nobody hurt"],
    );
    same(&[ten], &[ten, APPEAL[0]]);
    same(
        &[ten],
        &["Storm tears the roof off the old town hall, nobody hurt"],
    );
    same(
        &[ten],
        &["Storm rips the roof off the town hall, nobody hurt"],
    );
    same(&["Hello"], &["Hello"]);
    same(&["🎈🎈"], &["🎈🎈"]);
}

#[test]
fn lookalikes_stay_apart() {
    apart(&FERRY, &LIGHTHOUSE);
    apart(&["Hello"], &["World"]);
    apart(&[""], &[""]);
    apart(&["Hello"], &[""]);
    apart(
        &["Police in Hamburg arrest a man after a robbery in the city centre on Monday"],
        &["Police in Lisbon arrest a man after a robbery in the city centre on Friday"],
    );
    apart(
        &["Fire in Hamburg kills two people, police say"],
        &["Fire in Lisbon injures three people, police say"],
    );
    let frame = [APPEAL[0], APPEAL[1]];
    apart(
        &[&FERRY[..], &frame].concat(),
        &[&LIGHTHOUSE[..], &frame].concat(),
    );
}

#[test]
fn the_next_issue_of_a_form_is_a_sibling() {
    let report = |city: &str, day: &str, high: u8, wind: u8, rain: u8| {
        [
            format!("Weather for {city}, {day}"),
            format!("In the afternoon the sky will be clear, with highs of {high} degrees and winds of {wind} km/h."),
            format!("The chance of rain is {rain} percent in the city and lower on the coast."),
            "This forecast is produced from data of the weather service and updated every six hours.".to_owned(),
        ]
    };
    let monday = report("Bergen", "3 April", 14, 22, 40);
    let tuesday = report("Bergen", "4 April", 17, 9, 65);
    let texts = [&monday, &tuesday].map(|text| text.iter().map(String::as_str).collect::<Vec<_>>());
    let found = grouping(&[&texts[0], &texts[1]]);
    assert!(found.groups.is_empty());
    let kinds: Vec<RelationKind> = found
        .relations
        .iter()
        .map(|relation| relation.kind)
        .collect();
    assert_eq!(kinds, [RelationKind::Sibling]);

    let with_appeal = [&texts[0][..], &APPEAL[..]].concat();
    assert_eq!(groups(&[&texts[0], &texts[1], &with_appeal]), [[0, 2]]);
}

#[test]
fn a_quotation_is_no_version() {
    let quoting = [&LIGHTHOUSE[..2], &FERRY[1..2], &LIGHTHOUSE[2..]].concat();
    let found = grouping(&[&FERRY, &quoting]);
    assert!(found.groups.is_empty());
    let kinds: Vec<RelationKind> = found
        .relations
        .iter()
        .map(|relation| relation.kind)
        .collect();
    assert_eq!(kinds, [RelationKind::Quotes]);
    assert_eq!(groups(&[&FERRY, &quoting, &LIGHTHOUSE]), [[1, 2]]);
}

#[test]
fn one_page_of_two_articles_does_not_chain_them() {
    let both = [&FERRY[..], &LIGHTHOUSE[..]].concat();
    let found = groups(&[&FERRY, &FERRY[..4], &both, &LIGHTHOUSE, &LIGHTHOUSE[..3]]);
    assert!(
        found
            .iter()
            .all(|group| !(group.contains(&0) && group.contains(&3))),
        "{found:?}"
    );
}

#[test]
fn boilerplate_in_many_groups_is_no_evidence() {
    let texts: Vec<Vec<&str>> = FERRY
        .iter()
        .chain(&LIGHTHOUSE)
        .map(|own| [&[*own], &APPEAL[..]].concat())
        .collect();
    let texts: Vec<&[&str]> = texts.iter().map(Vec::as_slice).collect();
    assert_eq!(groups(&texts), Vec::<Vec<u8>>::new());
}

#[test]
fn scripts_without_spaces_are_grouped() {
    let chinese = "岛上本季最后一班渡轮于周日晚间启航，船上载有四十名乘客和一架钢琴。船长说他已经走了十九年这条航线。";
    let other =
        "政府周二宣布，将出售一座自七十年代以来便无人需要的灯塔，看守人早在一九七四年就已经搬走。";
    let appeal = "亲爱的读者，独立报道需要独立资金，请每月支持我们。";
    same(&[chinese], &[chinese, appeal]);
    apart(&[chinese], &[other]);
    let thai = "เรือข้ามฟากเที่ยวสุดท้ายของฤดูกาลออกจากเกาะเมื่อเย็นวันอาทิตย์พร้อมผู้โดยสารสี่สิบคนและเปียโนหนึ่งหลัง";
    same(&[thai], &[thai, "โปรดสนับสนุนเราทุกเดือน"]);
}

/// Two stories of a script or a length: the first, the same with an edit or a cut, what a site sets beneath it, and
/// another story from the same desk.
type Stories = (
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
);

const TABLE: [Stories; 8] = [
    (
        "Chinese",
        "岛上本季最后一班渡轮于周日晚间启航，船上载有四十名乘客和一架钢琴。船长说他已经走了十九年这条航线，从来没有运过这么重的乐器。",
        "岛上本季最后一班渡轮于周日晚间启航，船上载有四十名旅客和一架钢琴。船长说他已经走了十九年这条航线，从来没有运过这么重的乐器。",
        "亲爱的读者，独立报道需要独立资金，请每月支持我们。",
        "政府周二宣布，将出售一座自七十年代以来便无人需要的灯塔，看守人早在一九七四年就已经搬走，如今只有海鸥住在那里。",
    ),
    (
        "Japanese",
        "今季最後のフェリーが日曜の夜、四十人の乗客と一台のピアノを乗せて島を出た。船長はこの航路を十九年走っているが、ピアノを運ぶのは初めてだと話した。",
        "今季最後のフェリーが日曜の夜、四十人の客と一台のピアノを乗せて島を出た。船長はこの航路を十九年走っているが、ピアノを運ぶのは初めてだと話した。",
        "読者の皆さまへ。独立した報道を毎月ご支援ください。",
        "七十年代から誰にも必要とされていない灯台が売りに出されると、省が火曜に発表した。灯台守は一九七四年に引っ越し、今はカモメだけが住んでいる。",
    ),
    (
        "Thai",
        "เรือข้ามฟากเที่ยวสุดท้ายของฤดูกาลออกจากเกาะเมื่อเย็นวันอาทิตย์พร้อมผู้โดยสารสี่สิบคนและเปียโนหนึ่งหลังกัปตันบอกว่าเขาเดินเรือเส้นทางนี้มาสิบเก้าปีแล้ว",
        "เรือข้ามฟากเที่ยวสุดท้ายของฤดูกาลออกจากเกาะเมื่อค่ำวันอาทิตย์พร้อมผู้โดยสารสี่สิบคนและเปียโนหนึ่งหลังกัปตันบอกว่าเขาเดินเรือเส้นทางนี้มาสิบเก้าปีแล้ว",
        "โปรดสนับสนุนเราทุกเดือน",
        "กระทรวงประกาศเมื่อวันอังคารว่าจะขายประภาคารที่ไม่มีใครต้องการมาตั้งแต่ทศวรรษเจ็ดสิบผู้ดูแลย้ายออกไปนานแล้วและตอนนี้มีเพียงนกนางนวลอาศัยอยู่",
    ),
    (
        "Korean",
        "이번 시즌 마지막 여객선이 일요일 저녁 승객 마흔 명과 피아노 한 대를 싣고 섬을 떠났다. 선장은 십구 년째 이 항로를 다니지만 피아노를 실은 것은 처음이라고 말했다.",
        "이번 시즌 마지막 여객선이 일요일 밤 승객 마흔 명과 피아노 한 대를 싣고 섬을 떠났다. 선장은 십구 년째 이 항로를 다니지만 피아노를 실은 것은 처음이라고 말했다.",
        "독자 여러분, 독립 언론을 매달 후원해 주세요.",
        "칠십 년대부터 아무도 필요로 하지 않던 등대가 팔릴 것이라고 정부가 화요일에 발표했다. 등대지기는 오래전에 이사했고 지금은 갈매기만 살고 있다.",
    ),
    (
        "ten words",
        "Storm tears the roof off the town hall, nobody hurt",
        "Storm tears the roof off the old town hall, nobody hurt",
        APPEAL[0],
        "Council sells the empty lighthouse on the cape to brewers",
    ),
    (
        "one line",
        "The last ferry of the season left the island on Sunday evening with forty passengers and a piano on board, and it will not sail again before the repair of the north pier is done in April.",
        "The last ferry of the season left the island on Sunday night with forty passengers and a piano on board, and it will not sail again before the repair of the north pier is done in April.",
        APPEAL[0],
        "A lighthouse that nobody has needed since the seventies will be sold, the ministry announced on Tuesday, and four buyers have asked for the plans so far; one of them wants to brew beer in it.",
    ),
    (
        "Chinese, one line of ten words",
        "暴风雨掀翻了市政厅的屋顶，无人受伤",
        "暴风雨掀翻了旧市政厅的屋顶，无人受伤",
        "请每月支持我们",
        "海角上空置多年的灯塔卖给了酿酒商",
    ),
    (
        "Korean, one line of ten words",
        "폭풍으로 시청 지붕이 날아갔지만 다친 사람은 아무도 없다고 시장이 말했다",
        "폭풍으로 옛 시청 지붕이 날아갔지만 다친 사람은 아무도 없다고 시장이 말했다",
        "매달 후원해 주세요",
        "곶에 있는 빈 등대가 맥주 양조업자에게 팔렸다고 의회가 화요일에 밝혔다",
    ),
];

#[test]
fn scripts_and_lengths_group_sensibly() {
    for (name, text, edited, beneath, other) in TABLE {
        let found = groups(&[
            &[text],
            &[edited],
            &[text, beneath],
            &[other],
            &[other, beneath],
        ]);
        assert_eq!(found, [vec![0, 1, 2], vec![3, 4]], "{name}");
    }
}

#[test]
fn titles_dates_and_addresses_are_evidence() {
    let mut left = document(0, &FERRY);
    let mut right = document(1, &FERRY[..3]);
    let together = |left: &Document<'_>, right: &Document<'_>| {
        let documents = [left.clone(), right.clone()];
        let grouping =
            group(&documents, &Options::default(), &Cancel::new()).expect("nobody cancels");
        !grouping.groups.is_empty()
    };
    (left.title, right.title) = (Some("Harbour notes 41"), Some("Harbour notes 42"));
    right.blocks[2] = LIGHTHOUSE[0];
    assert!(!together(&left, &right));
    right.title = left.title;
    assert!(together(&left, &right));

    // One address is no proof: a front page shows other articles every day.
    let mut other = document(2, &LIGHTHOUSE);
    (left.url, other.url) = (Some("https://www.example.org/"), Some("http://example.org"));
    (left.date, other.date) = (Date::new(2024, 3, 1), Date::new(2024, 3, 1));
    other.title = left.title;
    assert!(!together(&left, &other));
}

#[test]
fn a_link_says_what_is_shared() {
    let with_appeal = [&FERRY[..], &APPEAL[..]].concat();
    let found = grouping(&[&FERRY, &with_appeal, &FERRY]);
    let links = &found.groups[0].links;
    let ends: Vec<_> = links
        .iter()
        .map(|link| (link.a, link.b, link.reason))
        .collect();
    assert_eq!(
        ends,
        [
            (id(0), id(1), Reason::Contained),
            (id(0), id(2), Reason::SameWords)
        ]
    );
    assert!(links[0].share_a > 0.95 && links[0].share_b < 0.9);
    let blocks = links[0].shared_blocks;
    assert_eq!((blocks.a, blocks.of_a, blocks.b, blocks.of_b), (5, 5, 5, 8));
    assert!(links[0].reason.to_string().ends_with('.'));
}

#[test]
fn a_raised_flag_ends_the_work() {
    let cancel = Cancel::new();
    cancel.cancel();
    assert_eq!(
        group(&[document(0, &FERRY)], &Options::default(), &cancel),
        None
    );
}

#[test]
fn a_thousand_near_copies_are_one_group() {
    let texts: Vec<String> = (0..1000u32)
        .map(|number| {
            format!(
                "{} {}",
                FERRY.join(" "),
                format!("{number:b}")
                    .replace('0', "oh ")
                    .replace('1', "one ")
            )
        })
        .collect();
    let documents: Vec<Document<'_>> = (0u32..)
        .zip(&texts)
        .map(|(number, text)| {
            let mut bytes = [0; 16];
            bytes[..4].copy_from_slice(&number.to_be_bytes());
            Document {
                id: ArticleId::from_bytes(bytes),
                ..document(0, &[text.as_str()])
            }
        })
        .collect();
    let found = group(&documents, &Options::default(), &Cancel::new()).expect("nobody cancels");
    assert_eq!(found.groups.len(), 1);
    assert_eq!(found.groups[0].members.len(), 1000);
}

/// Articles with numbers for names.
fn numbered<'a>(texts: &'a [Vec<&'a str>]) -> Vec<Document<'a>> {
    let documents = (0u32..).zip(texts).map(|(number, blocks)| {
        let mut bytes = [0; 16];
        bytes[..4].copy_from_slice(&number.to_be_bytes());
        Document {
            id: ArticleId::from_bytes(bytes),
            ..document(0, blocks)
        }
    });
    documents.collect()
}

#[test]
fn what_repeats_and_what_all_share_costs_no_square_of_pairs() {
    const MANY: usize = 3000;
    let words: Vec<String> = (0..MANY)
        .map(|number| {
            format!("{number:b}")
                .replace('0', "oh ")
                .replace('1', "one ")
        })
        .collect();
    let own: Vec<String> = (0..MANY)
        .map(|number| {
            (0..30)
                .map(|at| format!("w{}x{at} ", number * 31 % 997 * 50 + number))
                .collect()
        })
        .collect();
    let frame = APPEAL.join(" ");
    for (name, texts, groups) in [
        ("identical", vec![FERRY.to_vec(); MANY], Some(1)),
        (
            "one frame",
            own.iter()
                .map(|own| vec![own.as_str(), frame.as_str()])
                .collect(),
            Some(0),
        ),
        // More frame than text: what is proposed grows with the articles only.
        (
            "all frame",
            words
                .iter()
                .map(|own| vec![own.as_str(), frame.as_str()])
                .collect(),
            None,
        ),
        ("blank", vec![Vec::new(); MANY], Some(0)),
    ] {
        let documents = numbered(&texts);
        let mut work = Work::new(&documents, &Options::default(), &Cancel::new(), &mut |_| {})
            .expect("nobody cancels");
        let decided = work
            .decide(&Tuning::default(), &Cancel::new(), &mut |_| {})
            .expect("nobody cancels");
        let pairs = decided.judged.len() + decided.faint.len();
        assert!(pairs <= 60 * MANY, "{name}: {pairs} pairs");
        let found = work.report(&decided, &Options::default());
        if let Some(groups) = groups {
            assert_eq!(found.groups.len(), groups, "{name}");
        }
    }
}

#[test]
fn endless_words_and_huge_articles_are_signed_in_bounds() {
    let word = "word ".repeat(1_000_000);
    let signature = Signer::default().sign([word.as_str()].into_iter());
    assert_eq!((signature.words, signature.prints.len()), (1_000_000, 1));
    let longer = format!("{word} word");
    let texts = vec![vec![word.as_str()], vec![longer.as_str()], FERRY.to_vec()];
    let found =
        group(&numbered(&texts), &Options::default(), &Cancel::new()).expect("nobody cancels");
    assert_eq!(found.groups.len(), 1);
    let glued = "x".repeat(3_000_000);
    let signature = Signer::default().sign([glued.as_str()].into_iter());
    assert_eq!((signature.words, signature.prints.len()), (1, 1));
}

#[test]
fn signatures_are_the_same_on_every_machine() {
    let signature = Signer::default().sign(FERRY.into_iter());
    let print = signature
        .prints
        .iter()
        .fold(0u32, |sum, print| sum.wrapping_mul(31) ^ print);
    // A change here means another SIGNATURE_VERSION.
    assert_eq!(
        (SIGNATURE_VERSION, signature.words, signature.content, print),
        (1, 101, Some(17_440_974_240_011_637_565), 995_071_996)
    );
}

#[test]
fn a_pair_says_which_blocks_it_shares() {
    let with_appeal = [&FERRY[..2], &[""], &APPEAL[..1], &FERRY[2..]].concat();
    let documents = [document(0, &FERRY), document(1, &with_appeal)];
    let options = Options {
        blocks: true,
        ..Options::default()
    };
    let found = group(&documents, &options, &Cancel::new()).expect("nobody cancels");
    let link = &found.groups[0].links[0];
    let blocks = link.blocks.as_ref().expect("asked for");
    assert_eq!(blocks.shared_a, [0, 1, 2, 3, 4]);
    assert_eq!(blocks.shared_b, [0, 1, 4, 5, 6]);
    assert!(link.points.sum() > 0.0 && link.points.shares > 0.0 && link.points.numbers == 0.0);
}

/// Texts of few distinct words, so that they share runs, broken into blocks at random.
fn texts() -> impl Strategy<Value = Vec<Vec<String>>> {
    let block = prop_oneof![
        proptest::collection::vec("[a-d]{1,2}|[12]|Xy|東|\u{301}", 0..20)
            .prop_map(|words| words.join(" ")),
        ".*",
        Just("---".to_owned()),
    ];
    proptest::collection::vec(proptest::collection::vec(block, 0..5), 0..12)
}

proptest! {
    #[test]
    fn any_input_is_grouped_and_order_does_not_matter(texts in texts(), seed in any::<prop::sample::Index>()) {
        let documents: Vec<Document<'_>> = (0u8..)
            .zip(&texts)
            .map(|(number, blocks)| document(number, &blocks.iter().map(String::as_str).collect::<Vec<_>>()))
            .collect();
        let first = group(&documents, &Options::default(), &Cancel::new()).expect("nobody cancels");
        for group in &first.groups {
            prop_assert!(group.members.len() > 1 && group.members.is_sorted());
            for member in &group.members {
                prop_assert!(group.links.iter().any(|link| link.a == *member || link.b == *member));
            }
        }
        let mut other = documents.clone();
        if !other.is_empty() {
            other.rotate_left(seed.index(documents.len()));
            other.swap(0, seed.index(documents.len()));
        }
        prop_assert_eq!(first, group(&other, &Options::default(), &Cancel::new()).expect("nobody cancels"));
    }
}
