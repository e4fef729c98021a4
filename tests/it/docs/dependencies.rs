//! What recto is built of: how many crates, why each of those that we chose, and none that opens connections.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use super::{Page, pages, rewrites, root};

/// Crates that open connections, or that only those need. The beginnings of names.
const NETWORK: &[&str] = &[
    "actix",
    "async-std",
    "attohttpc",
    "awc",
    "axum",
    "curl",
    "h2",
    "hickory",
    "http",
    "hyper",
    "isahc",
    "libp2p",
    "libssh",
    "minreq",
    "native-tls",
    "openssl",
    "quinn",
    "reqwest",
    "russh",
    "rustls",
    "schannel",
    "security-framework",
    "smol",
    "socket2",
    "ssh2",
    "surf",
    "tokio",
    "tonic",
    "trust-dns",
    "tungstenite",
    "ureq",
    "warp",
    "webpki",
    "ws",
];

/// Cargo.lock: for each package, by name and version, the packages that it names.
struct Lock {
    packages: BTreeMap<String, Vec<String>>,
}

impl Lock {
    fn read() -> Self {
        let text = fs::read_to_string(root().join("Cargo.lock")).expect("Cargo.lock is committed");
        let table: toml::Table = text.parse().expect("TOML");
        let all = table["package"].as_array().expect("packages");
        let text = |package: &toml::Value, key: &str| package[key].as_str().unwrap().to_owned();
        let mut versions: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for package in all {
            let name = text(package, "name");
            versions
                .entry(name)
                .or_default()
                .push(text(package, "version"));
        }
        let mut packages = BTreeMap::new();
        for package in all {
            let named = package.get("dependencies").and_then(toml::Value::as_array);
            let named = named.into_iter().flatten().filter_map(toml::Value::as_str);
            // The version stands there only where there are several.
            let named = named.map(|it| match it.split_once(' ') {
                Some((name, version)) => format!("{name} {}", version.split(' ').next().unwrap()),
                None => format!("{it} {}", versions[it][0]),
            });
            let key = format!("{} {}", text(package, "name"), text(package, "version"));
            packages.insert(key, named.collect());
        }
        Self { packages }
    }

    /// Everything that is reached from some packages, themselves included.
    fn reached<'a>(&'a self, from: impl IntoIterator<Item = &'a String>) -> BTreeSet<&'a String> {
        let mut reached = BTreeSet::new();
        let mut open: Vec<&String> = from.into_iter().collect();
        while let Some(package) = open.pop() {
            if reached.insert(package) {
                open.extend(&self.packages[package]);
            }
        }
        reached
    }

    /// The packages that recto itself names for the program, not for its tests.
    fn chosen(&self) -> Vec<&String> {
        let text = fs::read_to_string(root().join("Cargo.toml")).expect("Cargo.toml");
        let manifest: toml::Table = text.parse().expect("TOML");
        let mut normal = manifest["dependencies"]
            .as_table()
            .expect("a table")
            .clone();
        for (_, target) in manifest["target"].as_table().expect("a table") {
            let own = target["dependencies"].as_table().expect("a table");
            normal.extend(own.clone());
        }
        let recto = self.packages.keys().find(|it| it.starts_with("recto "));
        let named = self.packages[recto.expect("recto is in its lock")].iter();
        named
            .filter(|it| normal.contains_key(it.split(' ').next().unwrap_or_default()))
            .collect()
    }
}

fn page() -> Page {
    let mut pages = pages().into_iter();
    pages
        .find(|it| it.name == "docs/DEPENDENCIES.md")
        .expect("docs/DEPENDENCIES.md")
}

#[test]
fn every_crate_that_we_chose_has_its_reason() {
    let lock = Lock::read();
    let chosen = lock.chosen();
    let all = lock.reached(chosen.iter().copied());
    let page = page();
    let mut text = String::new();
    let mut listed = BTreeSet::new();
    for line in page.text.lines() {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        let [_, name, _, reason, _] = cells[..] else {
            text += line;
            text.push('\n');
            continue;
        };
        let Some(name) = name.strip_prefix('`').and_then(|it| it.strip_suffix('`')) else {
            text += line;
            text.push('\n');
            continue;
        };
        let package = chosen.iter().find(|it| it.split(' ').next() == Some(name));
        let package = package.unwrap_or_else(|| panic!("{name} is none of our dependencies"));
        let others = chosen.iter().copied().filter(|it| it != package);
        let alone = all.len() - lock.reached(others).len();
        assert!(reason.len() > 10, "{name} has no reason");
        assert!(listed.insert(*package), "{name} is listed twice");
        text += &format!("| `{name}` | {alone} | {reason} |\n");
    }
    let missing: Vec<_> = chosen.iter().filter(|it| !listed.contains(**it)).collect();
    assert!(missing.is_empty(), "docs/DEPENDENCIES.md lacks {missing:?}");
    if rewrites() {
        page.write(&text);
    }
    assert!(
        rewrites() || text == page.text,
        "docs/DEPENDENCIES.md is out of date: RECTO_DOCS=write cargo test dependencies"
    );
}

#[test]
fn there_are_no_more_crates_than_the_document_allows() {
    let lock = Lock::read();
    let all = lock.reached(lock.chosen()).len();
    let page = page();
    let said = page.text.split("at most ").nth(1).expect("a ceiling");
    let most: usize = said.split(' ').next().unwrap().parse().expect("a number");
    assert!(
        all <= most,
        "{all} crates, and at most {most} are allowed: is the new one worth it?"
    );
    assert!(
        all + 20 > most,
        "the ceiling hangs too high: {most} for {all} crates"
    );
}

#[test]
fn nothing_that_recto_is_built_of_opens_connections() {
    let lock = Lock::read();
    assert!(lock.packages.len() > 100);
    for package in lock.packages.keys() {
        let name = package.split(' ').next().unwrap_or_default();
        let found = NETWORK.iter().find(|it| {
            let rest = name.strip_prefix(**it);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
        });
        assert!(found.is_none(), "{name} opens connections");
    }
}

#[test]
fn no_source_names_the_network() {
    let mut open = vec![root().join("src")];
    let mut count = 0;
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder).expect("src").flatten() {
            let path = entry.path();
            if path.is_dir() {
                open.push(path);
                continue;
            }
            let text = fs::read_to_string(&path).unwrap_or_default();
            count += 1;
            for word in ["std::net", "TcpStream", "UdpSocket", "UnixStream"] {
                assert!(!text.contains(word), "{}: {word}", path.display());
            }
        }
    }
    assert!(count > 100);
}
