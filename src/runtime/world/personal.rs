//! What the person read, marked and chose, handed to the library when it is asked for it.

use std::sync::{Arc, MutexGuard, PoisonError};

use super::World;
use crate::app::effect::Rows;
use crate::cancel::Cancel;
use crate::store::traits::Library;
use crate::store::types::{Personal, StoreError};

/// What the person read, marked and chose.
#[derive(Default)]
pub(super) struct Here {
    pub known: Arc<Personal>,
    /// What is said of it since; whoever searches next takes it in.
    said: Option<(Personal, Rows)>,
}

impl World {
    /// Hears what the person read, marked and chose. It is worked out where there is time for it.
    pub(in crate::runtime) fn remember(&self, personal: Personal, selected: Rows) {
        self.here().said = Some((personal, selected));
    }

    pub(super) fn here(&self) -> MutexGuard<'_, Here> {
        self.personal.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn take_personal(
        &self,
        library: &dyn Library,
        cancel: &Cancel,
    ) -> Result<(), StoreError> {
        // Held until it is known: whoever asks meanwhile means what was said.
        let mut here = self.here();
        let Some((mut personal, rows)) = here.said.clone() else {
            return Ok(());
        };
        let selected = self.rows(library, rows, cancel)?;
        personal.selected = selected.into_iter().map(|(id, _)| id).collect();
        if personal != *here.known {
            here.known = Arc::new(personal);
            library.set_personal(Arc::clone(&here.known));
        }
        here.said = None;
        Ok(())
    }
}
