//! The pictures of the documents are those that the program paints.

use std::fs;
use std::path::Path;
use std::process::Command;

#[test]
fn pictures_show_what_the_program_shows() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let home = tempfile::tempdir().expect("a folder");
    let painted = home.path().join("new/img");
    let done = Command::new(env!("CARGO_BIN_EXE_recto"))
        .args(["generate", "screens", "--out"])
        .arg(&painted)
        .arg("assets/sample")
        .current_dir(root)
        .env("HOME", home.path())
        .output()
        .expect("recto runs");
    assert!(done.status.success(), "{done:?}");
    assert!(done.stdout.is_empty() && done.stderr.is_empty(), "{done:?}");
    let names = |folder: &Path| {
        let files = fs::read_dir(folder).expect("a folder").flatten();
        let mut names: Vec<_> = files.map(|it| it.file_name()).collect();
        names.sort();
        names
    };
    let kept = root.join("docs/img");
    let all = names(&painted);
    assert_eq!(all.len(), 5, "{all:?}");
    assert_eq!(names(&kept), all);
    for name in all {
        let same = fs::read(kept.join(&name)).ok() == fs::read(painted.join(&name)).ok();
        let how = "recto generate screens --out docs/img assets/sample";
        assert!(same, "docs/img/{} is out of date: {how}", name.display());
    }
}
