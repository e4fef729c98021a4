//! Bytes to articles and diagnostics, in every format.
