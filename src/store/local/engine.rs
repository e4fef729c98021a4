//! What the engine found in a library: at hand, or on disk until somebody asks.

use std::sync::{Arc, LazyLock};

use crate::group::Grouping;
use crate::store::boilerplate::Blocks;

/// What is worked out at its first use.
type Later<T> = Arc<LazyLock<Arc<T>, Box<dyn FnOnce() -> Arc<T> + Send + Sync>>>;

/// Groups as they were found, and the blocks that several articles have.
#[derive(Clone)]
pub(super) struct Engine {
    found: Later<Grouping>,
    blocks: Later<Blocks>,
}

impl Engine {
    /// What will be read when somebody asks.
    pub fn later(
        found: impl FnOnce() -> Grouping + Send + Sync + 'static,
        blocks: impl FnOnce() -> Blocks + Send + Sync + 'static,
    ) -> Self {
        Self {
            found: Arc::new(LazyLock::new(Box::new(|| Arc::new(found())))),
            blocks: Arc::new(LazyLock::new(Box::new(|| Arc::new(blocks())))),
        }
    }

    /// What was just found.
    pub fn here(found: Grouping, blocks: Blocks) -> Self {
        Self::later(|| found, || blocks)
    }

    /// The groups.
    pub fn found(&self) -> &Arc<Grouping> {
        &self.found
    }

    /// The blocks.
    pub fn blocks(&self) -> &Arc<Blocks> {
        &self.blocks
    }
}

impl Default for Engine {
    fn default() -> Self {
        Self::here(Grouping::default(), Blocks::default())
    }
}
