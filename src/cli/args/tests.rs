use super::*;

fn parsed(line: &str) -> Result<Args, clap::Error> {
    parse(line.split(' ').map(OsString::from))
}

fn paths(paths: &[&str]) -> Vec<PathBuf> {
    paths.iter().map(PathBuf::from).collect()
}

#[test]
fn the_table_is_sound() {
    Args::command().debug_assert();
}

#[test]
fn without_a_command_everything_is_a_path() {
    let cases: [(&str, &[&str]); 5] = [
        ("recto", &[]),
        ("recto seeds", &["seeds"]),
        ("recto ./diff", &["./diff"]),
        ("recto -- diff", &["diff"]),
        ("recto a.txt diff -", &["a.txt", "diff", "-"]),
    ];
    for (line, expected) in cases {
        // "recto" alone splits into one word, the name of the program.
        let args = parsed(line).unwrap();
        assert!(args.command.is_none(), "{line}");
        assert_eq!(args.read.sources.paths, paths(expected), "{line}");
    }
}

#[test]
fn a_query_comes_first_and_may_begin_with_a_hyphen() {
    let cases: [(&str, &str, &[&str]); 6] = [
        ("recto query virus", "virus", &[]),
        ("recto query virus a b", "virus", &["a", "b"]),
        ("recto query -e -is:kept a b", "-is:kept", &["a", "b"]),
        ("recto query --query=-is:kept a", "-is:kept", &["a"]),
        ("recto query -- -is:kept a", "-is:kept", &["a"]),
        ("recto query --json virus diff", "virus", &["diff"]),
    ];
    for (line, query, expected) in cases {
        let Ok(Args {
            command: Some(Command::Query(args)),
            ..
        }) = parsed(line)
        else {
            panic!("{line}");
        };
        let (text, sources) = args.question.get().unwrap();
        assert_eq!((&*text, sources.paths), (query, paths(expected)), "{line}");
    }
}

#[test]
fn decisions_name_what_they_do_and_to_what() {
    let Some(Command::Tag(tag)) = parsed("recto tag --add a --add b --remove c virus x")
        .unwrap()
        .command
    else {
        panic!();
    };
    assert_eq!((tag.add.len(), tag.remove.len()), (2, 1));
    assert_eq!(tag.question.get().unwrap().0, "virus");
    let Some(Command::Verdict(verdict)) = parsed("recto verdict none is:best").unwrap().command
    else {
        panic!();
    };
    assert_eq!(verdict.verdict, Word::None);
    assert_eq!(verdict.question.get().unwrap().0, "is:best");
}

#[test]
fn mistakes_are_refused_with_code_two() {
    let cases = [
        ("recto query", "QUERY"),
        ("recto query -is:kept", "-- -i"),
        ("recto tag virus", "--add"),
        ("recto verdict maybe virus", "maybe"),
        ("recto query virus --format xml", "xml"),
        ("recto query virus --json --format tsv", "--format"),
        ("recto --json query virus", "recto query --option"),
        ("recto --map a=b x diff y", "./diff"),
        ("recto --colour x", "--colour"),
        ("recto --map text x", "text=body"),
    ];
    for (line, says) in cases {
        let error = parsed(line).unwrap_err();
        let message = error.render().to_string();
        assert_eq!(error.exit_code(), 2, "{line}");
        assert!(message.contains(says), "{line}: {message}");
    }
}

#[test]
fn help_and_version_are_no_mistakes() {
    for line in [
        "recto --help",
        "recto -V",
        "recto query --help",
        "recto help diff",
    ] {
        assert_eq!(parsed(line).unwrap_err().exit_code(), 0, "{line}");
    }
}
