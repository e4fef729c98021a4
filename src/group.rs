//! Which articles are versions of one text. Pure: documents in, groups with reasons out.
