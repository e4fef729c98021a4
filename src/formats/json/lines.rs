//! One record a line: finds the lines of a stream, with the place of each.
//!
//! Whole blocks are read and lines are borrowed from them, so that a record is copied only where it straddles two
//! blocks. A line that is longer than allowed is passed over in bounded memory.

use std::io::{self, Read};

use memchr::memchr;

/// How much is read at once.
const BLOCK: usize = 256 * 1024;

/// Yields the lines of a stream that are not blank.
pub struct Lines<R> {
    input: R,
    limit: u64,
    buffer: Vec<u8>,
    /// What of the buffer was not handed out yet.
    from: usize,
    /// Where the input ends in the buffer.
    to: usize,
    /// The place of the buffer's first byte in the stream.
    base: u64,
    number: u64,
    ended: bool,
}

/// A line that is not blank.
#[derive(Debug, PartialEq, Eq)]
pub struct Line<'a> {
    /// Its number among the lines that are not blank, from 1.
    pub number: u64,
    /// Where its first byte that is not white space stands in the stream, from 0.
    pub offset: u64,
    /// The line without white space around it and without a byte order mark; none when it is longer than allowed.
    pub bytes: Option<&'a [u8]>,
}

/// A line in the buffer.
struct Found {
    offset: u64,
    start: usize,
    end: usize,
    /// It is not longer than allowed; else it is gone.
    whole: bool,
}

impl<R: Read> Lines<R> {
    /// A reader of lines that are at most `limit` bytes long.
    pub fn new(input: R, limit: u64) -> Self {
        Self {
            input,
            limit,
            buffer: vec![0; BLOCK],
            from: 0,
            to: 0,
            base: 0,
            number: 0,
            ended: false,
        }
    }

    /// The next line that is not blank; none at the end.
    pub fn next_line(&mut self) -> io::Result<Option<Line<'_>>> {
        loop {
            let Some(found) = self.find_end()? else {
                return Ok(None);
            };
            let Found {
                offset,
                start,
                end,
                whole,
            } = found;
            let all = self.buffer.get(start..end).unwrap_or_default();
            let line = match offset {
                0 => all.strip_prefix(b"\xef\xbb\xbf").unwrap_or(all),
                _ => all,
            };
            let trimmed = line.trim_ascii();
            if trimmed.is_empty() && whole {
                continue;
            }
            self.number += 1;
            let before = all.len() - line.trim_ascii_start().len();
            // Borrowed anew: the loop above may not hold on to the buffer.
            let to = start + before + trimmed.len();
            return Ok(Some(Line {
                number: self.number,
                offset: offset + before as u64,
                bytes: match whole {
                    true => self.buffer.get(start + before..to),
                    false => None,
                },
            }));
        }
    }

    /// Finds where the next line begins and ends in the buffer, and takes it.
    fn find_end(&mut self) -> io::Result<Option<Found>> {
        let mut searched = self.from;
        loop {
            let rest = self.buffer.get(searched..self.to).unwrap_or_default();
            if let Some(found) = memchr(b'\n', rest) {
                let (start, end) = (self.from, searched + found);
                self.from = end + 1;
                return Ok(Some(self.found(start, end)));
            }
            if self.ended {
                let (start, end) = (self.from, self.to);
                self.from = end;
                return Ok((start < end).then(|| self.found(start, end)));
            }
            if (self.to - self.from) as u64 > self.limit {
                let offset = self.base + self.from as u64;
                self.skip_line()?;
                return Ok(Some(Found {
                    offset,
                    start: 0,
                    end: 0,
                    whole: false,
                }));
            }
            searched = self.fill()?;
        }
    }

    fn found(&self, start: usize, end: usize) -> Found {
        Found {
            offset: self.base + start as u64,
            start,
            end,
            whole: (end - start) as u64 <= self.limit,
        }
    }

    /// Reads more; gives the place where the new bytes begin.
    fn fill(&mut self) -> io::Result<usize> {
        if self.from > 0 {
            self.buffer.copy_within(self.from..self.to, 0);
            self.base += self.from as u64;
            self.to -= self.from;
            self.from = 0;
        }
        if self.to == self.buffer.len() {
            self.buffer.resize(self.to * 2, 0);
        }
        let begin = self.to;
        let free = self.buffer.get_mut(begin..).unwrap_or_default();
        let count = loop {
            match self.input.read(free) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                other => break other?,
            }
        };
        self.to += count;
        self.ended = count == 0;
        Ok(begin)
    }

    /// Throws away what is left of a line, in the memory of what is there already.
    fn skip_line(&mut self) -> io::Result<()> {
        loop {
            let rest = self.buffer.get(self.from..self.to).unwrap_or_default();
            if let Some(found) = memchr(b'\n', rest) {
                self.from += found + 1;
                return Ok(());
            }
            self.from = self.to;
            if self.ended {
                return Ok(());
            }
            self.fill()?;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Hands out a few bytes at a time.
    struct Slow<'a>(&'a [u8], usize);

    impl Read for Slow<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let count = self.1.min(self.0.len()).min(buffer.len());
            let (now, later) = self.0.split_at(count);
            buffer[..count].copy_from_slice(now);
            self.0 = later;
            Ok(count)
        }
    }

    type Told = (u64, u64, Option<String>);

    fn lines(text: &[u8], limit: u64, step: usize) -> Vec<Told> {
        let mut lines = Lines::new(Slow(text, step), limit);
        let mut found = Vec::new();
        while let Some(line) = lines.next_line().unwrap() {
            let bytes = line.bytes.map(|it| String::from_utf8(it.to_vec()).unwrap());
            found.push((line.number, line.offset, bytes));
        }
        found
    }

    #[test]
    fn lines_are_found_with_their_places() {
        let text = "\u{feff}one\r\n\n  two \n \t\nthree".as_bytes();
        for step in [1, 2, 7, 1000] {
            let some = |text: &str| Some(text.to_owned());
            assert_eq!(
                lines(text, 100, step),
                [
                    (1, 3, some("one")),
                    (2, 11, some("two")),
                    (3, 19, some("three"))
                ],
                "{step}"
            );
        }
        assert_eq!(lines(b"", 10, 1), []);
        assert_eq!(lines(b"\n\n", 10, 1), []);
    }

    #[test]
    fn a_line_that_is_too_long_is_passed_over() {
        let long = "x".repeat(1000);
        let text = format!("a\n{long}\nb\n{long}");
        for step in [1, 13, 5000] {
            let some = |text: &str| Some(text.to_owned());
            let found = lines(text.as_bytes(), 40, step);
            let whole: Vec<_> = found.iter().map(|line| line.2.clone()).collect();
            assert_eq!(whole, [some("a"), None, some("b"), None], "{step}");
            let numbers: Vec<_> = found.iter().map(|line| line.0).collect();
            assert_eq!(numbers, [1, 2, 3, 4], "{step}");
        }
    }

    #[test]
    fn an_endless_line_is_passed_over_in_bounded_memory() {
        let input = io::repeat(b'x').take(50 << 20).chain(&b"\nend\n"[..]);
        let mut lines = Lines::new(input, 1 << 20);
        assert_eq!(lines.next_line().unwrap().unwrap().bytes, None);
        let last = lines.next_line().unwrap().unwrap();
        assert_eq!(
            (last.number, last.offset, last.bytes),
            (2, (50 << 20) + 1, Some(&b"end"[..]))
        );
        assert!(lines.buffer.len() <= 4 << 20);
    }
}
