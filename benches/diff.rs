//! How fast the prose diff is: `cargo bench --bench diff`.
//!
//! Each pair of texts is compared in turns by recto (words, moves, rows, classes) and by the word diffs that others
//! use; what counts is the ratio of their medians in one run: of CPU time, and of the wall for articles. The texts come
//! from a seed, so every run measures the same ones. Words alone choose cases: `cargo bench --bench diff -- "1 MB"`.
//!
//! A plain program and no bench framework, because the figure is a ratio between contenders, with `git` as one of them.

use std::fmt::Write as _;
use std::hint::black_box;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use std::{env, fs, io};

use recto::diff::{Options, Paragraph, Side, compare, paragraphs};
use similar::{Algorithm, TextDiff};

/// Two texts to compare.
struct Case {
    name: &'static str,
    /// Bytes of one side.
    size: usize,
    /// How many paragraphs of a hundred are edited.
    paragraphs: u64,
    /// How many words of a thousand are edited in those.
    words: u64,
    /// Turns that each contender takes.
    turns: usize,
    /// Comparisons in one turn.
    repeats: u32,
}

const CASES: [Case; 5] = [
    Case {
        name: "500 words, 5 % of words edited",
        size: 3_000,
        paragraphs: 100,
        words: 50,
        turns: 9,
        repeats: 100,
    },
    Case {
        name: "5,000 words, 5 % of words edited",
        size: 30_000,
        paragraphs: 100,
        words: 50,
        turns: 9,
        repeats: 20,
    },
    Case {
        name: "1 MB, 5 % of words edited",
        size: 1_000_000,
        paragraphs: 100,
        words: 50,
        turns: 5,
        repeats: 1,
    },
    Case {
        name: "10 MB, 5 % of words edited",
        size: 10_000_000,
        paragraphs: 100,
        words: 50,
        turns: 3,
        repeats: 1,
    },
    Case {
        name: "10 MB, 95 % of paragraphs equal",
        size: 10_000_000,
        paragraphs: 5,
        words: 200,
        turns: 3,
        repeats: 1,
    },
];

fn main() -> io::Result<()> {
    let args: Vec<String> = env::args().skip(1).collect();
    if let [flag, name] = &args[..]
        && flag == MEMORY
    {
        return memory(name);
    }
    // Cargo itself adds `--bench`.
    let wanted: Vec<&String> = args.iter().filter(|arg| !arg.starts_with('-')).collect();
    let is_wanted = |case: &&Case| wanted.iter().all(|word| case.name.contains(*word));
    for case in CASES.iter().filter(is_wanted) {
        run(case)?;
    }
    Ok(())
}

/// One way to compare two texts; the number keeps it from being optimised away.
type Contender<'a> = (&'static str, Box<dyn Fn() -> io::Result<usize> + 'a>);

fn run(case: &Case) -> io::Result<()> {
    let (left, right) = texts(case);
    let cut = (paragraphs(&left), paragraphs(&right));
    let folder = env::temp_dir().join(format!("recto-bench-{}", std::process::id()));
    fs::create_dir_all(&folder)?;
    fs::write(folder.join("left.txt"), &left)?;
    fs::write(folder.join("right.txt"), &right)?;

    let mut myers = TextDiff::configure();
    myers.algorithm(Algorithm::Myers);
    let mut contenders: Vec<Contender> = vec![
        (
            "recto",
            Box::new(|| Ok(recto((&left, &cut.0), (&right, &cut.1)))),
        ),
        (
            "similar, words between white space",
            Box::new(|| Ok(myers.diff_words(&*left, &*right).ops().len())),
        ),
        (
            "similar, unicode words",
            Box::new(|| Ok(myers.diff_unicode_words(&*left, &*right).ops().len())),
        ),
    ];
    if git(&folder).is_ok() {
        contenders.push(("git diff --word-diff", Box::new(|| git(&folder))));
    }

    let mut times = vec![Vec::new(); contenders.len()];
    for _ in 0..case.turns {
        for ((name, compare), times) in contenders.iter().zip(&mut times) {
            // Starting git a hundred times over would only measure how fast programs start.
            let repeats = if name.starts_with("git") {
                1
            } else {
                case.repeats
            };
            let (wall, cpu) = (Instant::now(), cpu_time());
            for _ in 0..repeats {
                black_box(compare()?);
            }
            let cpu = cpu_time().zip(cpu).map(|(end, start)| end - start);
            let wall = wall.elapsed();
            times.push((cpu.unwrap_or(wall) / repeats, wall / repeats));
        }
    }
    fs::remove_dir_all(&folder)?;

    println!("\n{}", case.name);
    // The CPU clock ticks too slowly for a single short comparison.
    let counted = |(cpu, wall): (Duration, Duration)| if case.repeats == 1 { cpu } else { wall };
    let mine = counted(medians(&times[0])).as_secs_f64();
    for ((name, _), times) in contenders.iter().zip(&times) {
        let (cpu, wall) = medians(times);
        let ratio = mine / counted((cpu, wall)).as_secs_f64();
        println!("  {name:<36} CPU {cpu:>9.2?}  wall {wall:>9.2?}  recto/this {ratio:>5.2}");
    }
    if let Some(factor) = peak(case) {
        println!("  recto takes {factor:.1} times the memory of both texts");
    }
    Ok(())
}

fn recto(left: (&str, &[Paragraph]), right: (&str, &[Paragraph])) -> usize {
    let [left, right] = [left, right].map(|(text, paragraphs)| Side { text, paragraphs });
    compare(left, right, &Options::default()).rows.len()
}

/// Compares the files in the folder with git; its colours and the reading of its output are left out.
fn git(folder: &Path) -> io::Result<usize> {
    let status = Command::new("git")
        .args(["diff", "--no-index", "--word-diff", "left.txt", "right.txt"])
        .current_dir(folder)
        .stdout(Stdio::null())
        .status()?;
    Ok(usize::from(status.success()))
}

fn medians(times: &[(Duration, Duration)]) -> (Duration, Duration) {
    let median = |mut times: Vec<Duration>| {
        times.sort_unstable();
        times[times.len() / 2]
    };
    (
        median(times.iter().map(|times| times.0).collect()),
        median(times.iter().map(|times| times.1).collect()),
    )
}

/// CPU time of this process and of the children that ended; where the system does not tell, the wall is taken for it.
fn cpu_time() -> Option<Duration> {
    let stat = fs::read_to_string("/proc/self/stat").ok()?;
    // Behind the name, which may hold anything: utime, stime, cutime and cstime are fields 11 to 14, in ticks of 10 ms.
    let fields = stat.rsplit_once(") ")?.1.split(' ').skip(11).take(4);
    let ticks: u64 = fields.map_while(|field| field.parse::<u64>().ok()).sum();
    Some(Duration::from_millis(ticks * 10))
}

/// Says that this is the process in which the memory of a case is measured.
const MEMORY: &str = "--memory-of";

/// The peak memory of a comparison in a process of its own, in sizes of both texts.
fn peak(case: &Case) -> Option<f64> {
    let child = Command::new(env::current_exe().ok()?)
        .args([MEMORY, case.name])
        .output()
        .ok()?;
    String::from_utf8(child.stdout).ok()?.trim().parse().ok()
}

fn memory(name: &str) -> io::Result<()> {
    let Some(case) = CASES
        .iter()
        .find(|case| case.name == name && case.size >= 1_000_000)
    else {
        return Ok(());
    };
    let (left, right) = texts(case);
    let cut = (paragraphs(&left), paragraphs(&right));
    let before = status("VmRSS:")?;
    black_box(recto((&left, &cut.0), (&right, &cut.1)));
    let taken = status("VmHWM:")?.saturating_sub(before);
    println!("{}", taken as f64 / (left.len() + right.len()) as f64);
    Ok(())
}

/// A size that the system keeps for this process, in bytes.
fn status(key: &str) -> io::Result<u64> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix(key));
    let kilobytes = line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<u64>().ok());
    Ok(kilobytes.unwrap_or(0) * 1024)
}

/// Numbers that look random and are the same in every run (xorshift).
struct Dice(u64);

impl Dice {
    /// A number below `sides`.
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % sides
    }

    /// A word, spoken as in a language: few words make up most of the text.
    fn word(&mut self, words: &[String]) -> String {
        let most = 1 << self.roll(15);
        words[self.roll(most) as usize].clone()
    }
}

fn vocabulary(dice: &mut Dice) -> Vec<String> {
    let syllables = [
        "ba", "con", "de", "er", "fa", "ge", "hi", "in", "ka", "lo", "men", "no", "or", "per",
        "ra", "sta", "ti", "un", "ver", "wo",
    ];
    (0u64..1 << 14)
        .map(|rank| {
            let length = 1 + dice.roll(1 + u64::from((rank + 1).ilog2()) / 3);
            (0..length)
                .map(|_| syllables[dice.roll(20) as usize])
                .collect()
        })
        .collect()
}

/// A text of sentences in paragraphs, and the same with edits.
fn texts(case: &Case) -> (String, String) {
    let mut dice = Dice(0x5EED);
    let words = vocabulary(&mut dice);
    let (mut left, mut right) = (String::new(), String::new());
    while left.len() < case.size {
        let edited = dice.roll(100) < case.paragraphs;
        for _ in 0..3 + dice.roll(5) {
            for place in 0..8 + dice.roll(20) {
                let mut word = dice.word(&words);
                if dice.roll(50) == 0 {
                    word = dice.roll(3000).to_string();
                }
                if place > 0 && dice.roll(12) == 0 {
                    word.push(',');
                }
                let edit = edited && dice.roll(1000) < case.words;
                put(&mut left, &word);
                match edit.then(|| dice.roll(4)) {
                    None => put(&mut right, &word),
                    Some(0) => {}
                    Some(1) => {
                        put(&mut right, &dice.word(&words));
                        put(&mut right, &word);
                    }
                    Some(_) => put(&mut right, &dice.word(&words)),
                }
            }
            left.push('.');
            right.push('.');
        }
        left.push_str("\n\n");
        right.push_str("\n\n");
    }
    (left, right)
}

/// Appends a word; the first of a sentence is written large.
fn put(text: &mut String, word: &str) {
    let begins = text.is_empty() || text.ends_with(['.', '\n']);
    if begins {
        let mut letters = word.chars();
        if text.ends_with('.') {
            text.push(' ');
        }
        text.extend(letters.next().map(|first| first.to_ascii_uppercase()));
        text.push_str(letters.as_str());
    } else {
        let _ = write!(text, " {word}");
    }
}
