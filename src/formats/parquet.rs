//! x
use super::input::Input;
use super::reader::Reader;
use std::io;
pub fn read(_: &mut Reader<'_>, _: Input<'_>) -> io::Result<()> {
    Ok(())
}
