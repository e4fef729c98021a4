//! As much of Thrift's compact protocol as it takes to look at a file before the crate does: the headers of pages, and
//! the shape of the schema. (The protocol is described in the Thrift project, `thrift-compact-protocol.md`.)

/// Structs stand at most so deep in each other in a sound file.
const DEEPEST: usize = 16;

/// A value that may matter here.
#[derive(Debug)]
pub enum Value {
    Int(i64),
    Bool(bool),
    Struct(Vec<(i16, Self)>),
    /// Text, lists and numbers that nobody asks for.
    Other,
}

/// The fields of a struct by their number.
pub type Fields = Vec<(i16, Value)>;

/// Why bytes could not be read.
#[derive(Debug, PartialEq, Eq)]
pub enum Broken {
    /// They end too early.
    Short,
    /// They are no such thing.
    Wrong,
}

/// The number in a field.
pub fn int(fields: &Fields, id: i16) -> Option<i64> {
    fields.iter().find_map(|(it, value)| match value {
        Value::Int(number) if *it == id => Some(*number),
        _ => None,
    })
}

/// The truth in a field.
pub fn truth(fields: &Fields, id: i16) -> Option<bool> {
    fields.iter().find_map(|(it, value)| match value {
        Value::Bool(truth) if *it == id => Some(*truth),
        _ => None,
    })
}

/// The struct in a field.
pub fn inner(fields: &Fields, id: i16) -> Option<&Fields> {
    fields.iter().find_map(|(it, value)| match value {
        Value::Struct(inner) if *it == id => Some(inner),
        _ => None,
    })
}

/// Reads values one after the other.
pub struct Compact<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Compact<'a> {
    /// Reads `bytes` from their beginning.
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    /// Bytes that were read.
    pub fn position(&self) -> usize {
        self.at
    }

    fn byte(&mut self) -> Result<u8, Broken> {
        let byte = self.bytes.get(self.at).ok_or(Broken::Short)?;
        self.at += 1;
        Ok(*byte)
    }

    /// An unsigned number of variable length.
    pub fn varint(&mut self) -> Result<u64, Broken> {
        let mut number = 0_u64;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            number |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Ok(number);
            }
        }
        Err(Broken::Wrong)
    }

    fn zigzag(&mut self) -> Result<i64, Broken> {
        let number = self.varint()?;
        Ok((number >> 1).cast_signed() ^ -(number & 1).cast_signed())
    }

    fn pass(&mut self, count: u64) -> Result<(), Broken> {
        let left = (self.bytes.len() - self.at) as u64;
        if count > left {
            return Err(Broken::Short);
        }
        self.at += usize::try_from(count).map_err(|_| Broken::Wrong)?;
        Ok(())
    }

    /// The next field of a struct: its number and type; none at its end.
    fn field(&mut self, last: i16) -> Result<Option<(i16, u8)>, Broken> {
        let head = self.byte()?;
        if head == 0 {
            return Ok(None);
        }
        let id = match i16::from(head >> 4) {
            0 => i16::try_from(self.zigzag()?).map_err(|_| Broken::Wrong)?,
            step => last.checked_add(step).ok_or(Broken::Wrong)?,
        };
        Ok(Some((id, head & 0x0f)))
    }

    /// How many elements a list has, and their type. Each takes at least a byte.
    fn list(&mut self) -> Result<(u64, u8), Broken> {
        let head = self.byte()?;
        let count = match head >> 4 {
            15 => self.varint()?,
            count => u64::from(count),
        };
        match count > (self.bytes.len() - self.at) as u64 {
            true => Err(Broken::Short),
            false => Ok((count, head & 0x0f)),
        }
    }

    /// A struct with its fields.
    pub fn fields(&mut self, depth: usize) -> Result<Fields, Broken> {
        if depth > DEEPEST {
            return Err(Broken::Wrong);
        }
        let (mut fields, mut last) = (Vec::new(), 0);
        while let Some((id, kind)) = self.field(last)? {
            last = id;
            let value = self.value(kind, false, depth)?;
            fields.push((id, value));
        }
        Ok(fields)
    }

    fn value(&mut self, kind: u8, in_list: bool, depth: usize) -> Result<Value, Broken> {
        Ok(match kind {
            1 | 2 if !in_list => Value::Bool(kind == 1),
            1..=3 => Value::Int(i64::from(self.byte()?)),
            4..=6 => Value::Int(self.zigzag()?),
            7 => {
                self.pass(8)?;
                Value::Other
            }
            8 => {
                let count = self.varint()?;
                self.pass(count)?;
                Value::Other
            }
            9 | 10 => {
                if depth > DEEPEST {
                    return Err(Broken::Wrong);
                }
                let (count, kind) = self.list()?;
                for _ in 0..count {
                    self.value(kind, true, depth + 1)?;
                }
                Value::Other
            }
            12 => Value::Struct(self.fields(depth + 1)?),
            // Maps stand nowhere in Parquet.
            _ => return Err(Broken::Wrong),
        })
    }
}

/// Checks the schema in a footer: a list of elements in which each says how many of the following are inside it. The
/// crate builds it by calling itself, so a deep one would end the program.
pub fn check_schema(footer: &[u8], deepest: usize) -> Result<(), String> {
    let broken = |_| "it is no valid metadata".to_owned();
    let mut compact = Compact::new(footer);
    let mut last = 0;
    while let Some((id, kind)) = compact.field(last).map_err(broken)? {
        last = id;
        if id != 2 {
            compact.value(kind, false, 1).map_err(broken)?;
            continue;
        }
        let (count, _) = compact.list().map_err(broken)?;
        // How many elements are still to come at each level.
        let mut open: Vec<i64> = Vec::new();
        for _ in 0..count {
            let element = compact.fields(1).map_err(broken)?;
            if let Some(left) = open.last_mut() {
                *left -= 1;
            }
            match int(&element, 5).unwrap_or_default() {
                0 => {}
                children if children < 0 || children.cast_unsigned() > count => {
                    return Err("its schema says a wrong number of columns".to_owned());
                }
                children => open.push(children),
            }
            while open.last() == Some(&0) {
                open.pop();
            }
            if open.len() > deepest {
                return Err(format!(
                    "its columns are nested deeper than {deepest}, the limit"
                ));
            }
        }
        return match open.is_empty() {
            true => Ok(()),
            false => Err("its schema lacks columns".to_owned()),
        };
    }
    Err("it has no schema".to_owned())
}
