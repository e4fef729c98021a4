//! Cuts a JSON document into the values of its array, without reading it whole.
//!
//! It counts brackets and knows strings; whether a value is valid is for the parser to say. So a file of gigabytes is
//! read in the memory of its largest record.

use std::io::{self, BufRead};

/// The bytes of a value, or why there are none.
pub type Value = Result<Vec<u8>, NoValue>;

/// Why there is no value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoValue {
    /// It is larger than allowed.
    TooLarge,
    /// The input ends where an array does not.
    NeverClosed,
}

/// Yields the elements of an array, or the values that stand one after the other.
pub struct Splitter<R> {
    input: R,
    limit: u64,
    state: State,
    /// The array is the value of a key: what stands behind it belongs to the object around it.
    entered: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Start,
    Array,
    Values,
    End,
}

impl<R: BufRead> Splitter<R> {
    /// A splitter that gives up on values larger than `limit` bytes.
    pub fn new(input: R, limit: u64) -> Self {
        Self {
            input,
            limit,
            state: State::Start,
            entered: false,
        }
    }

    /// Goes to the array that is the value of a key of the object that the input is. Where there is none, there are no
    /// values.
    pub fn enter(&mut self, key: &str) -> io::Result<()> {
        let wanted = format!("\"{key}\"");
        self.entered = true;
        self.state = State::End;
        let blank = |byte: u8| {
            byte.is_ascii_whitespace() || matches!(byte, b'{' | b',' | 0xef | 0xbb | 0xbf)
        };
        loop {
            match self.skip(blank)? {
                Some(b'"') => {}
                _ => return Ok(()),
            }
            let name = self.value()?;
            if self
                .skip(|byte| byte.is_ascii_whitespace() || byte == b':')?
                .is_none()
            {
                return Ok(());
            }
            if name.is_ok_and(|name| name == wanted.as_bytes()) {
                if self.skip(|_| false)? == Some(b'[') {
                    self.input.consume(1);
                    self.state = State::Array;
                }
                return Ok(());
            }
            // A value that is too large is passed over like any other.
            let _ = self.value()?;
        }
    }

    /// Says whether the values are elements of an array.
    pub fn in_array(&self) -> bool {
        self.state == State::Array
    }

    /// The next value.
    pub fn next_value(&mut self) -> io::Result<Option<Value>> {
        if self.state == State::Start {
            let first =
                self.skip(|byte| byte.is_ascii_whitespace() || matches!(byte, 0xef | 0xbb | 0xbf))?;
            self.state = State::Values;
            if first == Some(b'[') {
                self.input.consume(1);
                self.state = State::Array;
            }
        }
        if self.state == State::End {
            return Ok(None);
        }
        match self.skip(|byte| byte.is_ascii_whitespace() || byte == b',')? {
            None if self.in_array() => {
                self.state = State::End;
                Ok(Some(Err(NoValue::NeverClosed)))
            }
            None => Ok(None),
            Some(b']') if self.in_array() => {
                self.input.consume(1);
                self.state = match self.entered {
                    true => State::End,
                    false => State::Values,
                };
                // What stands behind the array, if anything.
                self.next_value()
            }
            Some(_) => self.value().map(Some),
        }
    }

    /// Skips bytes and gives the first that is not skipped, without taking it.
    fn skip(&mut self, skips: impl Fn(u8) -> bool) -> io::Result<Option<u8>> {
        loop {
            let buffer = self.input.fill_buf()?;
            if buffer.is_empty() {
                return Ok(None);
            }
            if let Some(at) = buffer.iter().position(|&byte| !skips(byte)) {
                let byte = buffer[at];
                self.input.consume(at);
                return Ok(Some(byte));
            }
            let length = buffer.len();
            self.input.consume(length);
        }
    }

    fn value(&mut self) -> io::Result<Value> {
        let mut value = Vec::new();
        let mut size: u64 = 0;
        let mut scan = Scan::default();
        loop {
            let buffer = self.input.fill_buf()?;
            let end = buffer.iter().position(|&byte| scan.ends_before(byte));
            let used = end.unwrap_or(buffer.len());
            size = size.saturating_add(used as u64);
            if size <= self.limit {
                value.extend_from_slice(&buffer[..used]);
            }
            let last = buffer.is_empty();
            self.input.consume(used);
            if end.is_some() || last {
                break;
            }
        }
        Ok(if size > self.limit {
            Err(NoValue::TooLarge)
        } else {
            Ok(value)
        })
    }
}

/// Where in a value the scan is.
#[derive(Default)]
struct Scan {
    depth: usize,
    /// A value has at least one byte, whatever it is: a stray bracket must not hold up the file.
    started: bool,
    in_string: bool,
    escaped: bool,
    closed: bool,
}

impl Scan {
    /// Takes one byte; says whether the value ended before it.
    fn ends_before(&mut self, byte: u8) -> bool {
        if self.closed {
            return true;
        }
        let first = !std::mem::replace(&mut self.started, true);
        if self.in_string {
            match byte {
                _ if self.escaped => self.escaped = false,
                b'\\' => self.escaped = true,
                b'"' => {
                    self.in_string = false;
                    self.closed = self.depth == 0;
                }
                _ => {}
            }
            return false;
        }
        match byte {
            b'"' => self.in_string = true,
            b'{' | b'[' => self.depth += 1,
            b'}' | b']' if self.depth > 0 => {
                self.depth -= 1;
                self.closed = self.depth == 0;
            }
            b',' | b']' | b'}' | b'\n' if self.depth == 0 => return !first,
            _ => {}
        }
        false
    }
}
