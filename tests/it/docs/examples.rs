//! The examples of the library print what they are said to print. They are compiled in as they stand in examples/.

#[path = "../../../examples/diff.rs"]
#[allow(dead_code, reason = "its main prints what is compared here")]
mod diff;
#[path = "../../../examples/group.rs"]
#[allow(dead_code, reason = "its main prints what is compared here")]
mod group;
#[path = "../../../examples/query.rs"]
#[allow(dead_code, reason = "its main prints what is compared here")]
mod query;
#[path = "../../../examples/text.rs"]
#[allow(dead_code, reason = "its main prints what is compared here")]
mod text;

#[test]
fn examples_print_what_they_promise() {
    let text = "Red␛[31m alert: txt.exe was opened 4,000 times, 東京 reports.
23 Red␛[31m alert: txt.exe
23 was opened 4,000 times,
13 東京 reports.
byte 37 was byte 41: 4,000
";
    assert_eq!(text::run(), text);
    let diff = "1 the same, 1 differ
number at 35: 4,000
number at 35: 4,100
";
    assert_eq!(diff::run(), diff);
    let group = "versions of one text: [1, 2]
100 % of 1 stands in 2: Nearly all of the shorter text stands in the longer one.
";
    assert_eq!(group::run(), group);
    let query = "A bridge too late
The bridge is open
no field is called titel; try title:
titel:bridge
^^^^^^
";
    assert_eq!(query::run(), query);
}
