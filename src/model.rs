//! What things are: articles, blocks, sources, ids, decisions, diagnostics. Data only, no behaviour that needs more
//! than the standard library and serde.

pub mod article;
pub mod block;
pub mod clean;
pub mod date;
pub mod decision;
pub mod diagnostic;
pub mod id;
pub mod siglum;

pub use article::{Article, Basis, Metadata, Source, host};
pub use block::{Block, BlockKind};
pub use clean::{Clean, OffsetMap, Piece};
pub use date::Date;
pub use decision::{Anchor, Decision, Note, Verdict};
pub use diagnostic::{Diagnostic, Severity};
pub use id::ArticleId;
pub use siglum::siglum;
