//! A query over bitmaps.

use std::cell::Cell;
use std::io;
use std::ops::{BitAnd, BitOr};
use std::sync::Arc;

use roaring::RoaringBitmap;

use super::snapshot::Snapshot;
use super::terms::{Terms, cost};
use super::{disk, verify};
use crate::cancel::Cancel;
use crate::query::{Expr, Query, Term};
use crate::store::types::StoreError;

/// What fulfils a filter, as far as it is known.
#[derive(Clone, Debug, Default)]
pub struct Found {
    /// These do.
    pub yes: RoaringBitmap,
    /// Nothing else does. Never less than `yes`.
    pub maybe: RoaringBitmap,
}

impl Found {
    /// Exactly these.
    pub fn exactly(these: RoaringBitmap) -> Self {
        Self {
            maybe: these.clone(),
            yes: these,
        }
    }

    /// At most these.
    pub fn among(these: RoaringBitmap) -> Self {
        Self {
            yes: RoaringBitmap::new(),
            maybe: these,
        }
    }

    /// Says whether nothing is open.
    pub fn is_certain(&self) -> bool {
        self.yes.len() == self.maybe.len()
    }
}

impl BitAnd<&Self> for Found {
    type Output = Self;

    fn bitand(self, other: &Self) -> Self {
        Self {
            yes: self.yes & &other.yes,
            maybe: self.maybe & &other.maybe,
        }
    }
}

impl BitOr<&Self> for Found {
    type Output = Self;

    fn bitor(self, other: &Self) -> Self {
        Self {
            yes: self.yes | &other.yes,
            maybe: self.maybe | &other.maybe,
        }
    }
}

/// What fulfils a query: of the sealed articles what can be told without reading them, of those in memory everything.
/// Where that takes its time, `glimpse` is told before what can be told at once.
pub fn find(
    snapshot: &Snapshot<'_>,
    query: &Query,
    terms: &Terms,
    cancel: &Cancel,
    glimpse: &mut dyn FnMut(Found) -> Result<(), StoreError>,
) -> Result<Found, StoreError> {
    let alive = snapshot.alive();
    let mut found = match &query.expr {
        None => Found::exactly(alive),
        Some(expr) => {
            let mut plan = Plan {
                snapshot,
                terms,
                alive: &alive,
                cancel,
                hurries: true,
                passed_over: Cell::new(false),
            };
            let mut found = plan.living(expr)?;
            if plan.passed_over.get() {
                glimpse(found)?;
                plan.hurries = false;
                found = plan.living(expr)?;
            }
            found
        }
    };
    let tail = snapshot.sealed()..snapshot.end();
    let tail = tail.filter(|number| !snapshot.dead.contains(*number));
    let tail = verify::matching(snapshot, query, &tail.collect::<Vec<_>>(), cancel)?;
    found.yes.extend(tail.iter().copied());
    found.maybe.extend(tail);
    match cancel.is_cancelled() {
        true => Err(StoreError::Cancelled),
        false => Ok(found),
    }
}

/// Says whether everything that the first query asks is asked by the second too.
pub fn includes(known: &Query, query: &Query) -> bool {
    fn parts(query: &Query) -> &[Expr] {
        match &query.expr {
            None => &[],
            Some(Expr::And(all)) => all,
            Some(other) => std::slice::from_ref(other),
        }
    }
    let asked = parts(query);
    parts(known).iter().all(|part| asked.contains(part))
}

struct Plan<'a> {
    snapshot: &'a Snapshot<'a>,
    terms: &'a Terms,
    alive: &'a RoaringBitmap,
    cancel: &'a Cancel,
    /// Terms that take their time are passed over.
    hurries: bool,
    passed_over: Cell<bool>,
}

impl Plan<'_> {
    fn living(&self, expr: &Expr) -> Result<Found, StoreError> {
        let found = self.expr(expr)?;
        Ok(Found {
            yes: found.yes & self.alive,
            maybe: found.maybe & self.alive,
        })
    }

    fn term(&self, term: &Term) -> io::Result<Option<Arc<Found>>> {
        if self.hurries
            && let Some(found) = self.terms.glimpse(term, self.snapshot, self.cancel)?
        {
            self.passed_over.set(true);
            return Ok(Some(Arc::new(found)));
        }
        self.terms.find(term, self.snapshot, self.cancel)
    }

    fn expr(&self, expr: &Expr) -> Result<Found, StoreError> {
        if self.cancel.is_cancelled() {
            return Err(StoreError::Cancelled);
        }
        match expr {
            Expr::Term(term) => {
                let found = self.term(term).map_err(disk)?;
                if self.cancel.is_cancelled() {
                    return Err(StoreError::Cancelled);
                }
                // Nothing can be told: each article has to be asked.
                let found = found.unwrap_or_else(|| Arc::new(Found::among(self.alive.clone())));
                Ok(Found::clone(&found))
            }
            Expr::Not(expr) => {
                let found = self.expr(expr)?;
                Ok(Found {
                    yes: self.alive - &found.maybe,
                    maybe: self.alive - &found.yes,
                })
            }
            Expr::And(all) => {
                let mut found = Found::exactly(self.alive.clone());
                for expr in cheap_first(all) {
                    found = found & &self.expr(expr)?;
                    if found.maybe.is_empty() {
                        break;
                    }
                }
                Ok(found)
            }
            Expr::Or(any) => {
                let mut found = Found::default();
                for expr in any {
                    found = found | &self.expr(expr)?;
                }
                Ok(found)
            }
        }
    }
}

fn cheap_first(exprs: &[Expr]) -> Vec<&Expr> {
    fn dearest(expr: &Expr) -> u32 {
        match expr {
            Expr::Term(term) => cost(term),
            Expr::Not(expr) => dearest(expr),
            Expr::And(all) | Expr::Or(all) => all.iter().map(dearest).max().unwrap_or(0),
        }
    }
    let mut exprs: Vec<&Expr> = exprs.iter().collect();
    exprs.sort_by_key(|expr| dearest(expr));
    exprs
}
