#![no_main]
#![allow(dead_code, reason = "the other properties have targets of their own")]

#[path = "../../tests/it/properties.rs"]
mod properties;

libfuzzer_sys::fuzz_target!(|data: &[u8]| properties::text::holds(data));
