//! The world behind the screen: a collection, the review log, the comparison. Answers effects, on any thread.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError, RwLock};
use std::thread;
use std::time::{Duration, Instant};

use crate::app::effect::{Effect, Rows};
use crate::app::event::{Census, Compared, Fetched, Progress, Reply, Share};
use crate::app::versions::Collated;
use crate::cancel::Cancel;
use crate::diff;
use crate::model::{ArticleId, Clean, Date};
use crate::query::{self, Query};
use crate::store::changes;
use crate::store::compare;
use crate::store::cost;
use crate::store::rebind;
use crate::store::retag::{self, Names};
use crate::store::traits::{Library, ReviewLog};
use crate::store::types::{
    By, Change, Count, Cursor, Deed, Edge, Find, Hit, Page, StoreError, Why,
};
use crate::text::clean;

mod export;
mod personal;
mod review;

pub use export::{Export, Exported};
use personal::Here;
use review::{REMEMBERED, Review, hand_over};

/// What is told of a collection while it is read.
pub enum News {
    /// How far it is.
    Progress(Progress),
    /// It can be used from now on.
    Opened(Opened),
    /// There are more articles.
    Grown,
    /// All articles are there; groups are looked for.
    Grouping(Share),
}

/// A collection that can be used.
pub struct Opened {
    /// What it is called.
    pub name: Clean,
    /// The collection.
    pub library: Arc<dyn Library>,
    /// Writes articles of it to a file.
    pub export: Export,
    /// Things to be said.
    pub notices: Vec<Clean>,
}

/// A collection that was read to its end.
pub struct Complete {
    /// What could not be read as it stands.
    pub diagnostics: Vec<Clean>,
    /// Hands decisions about articles that were edited to those that took their place; says what it did.
    pub rebind: Rebind,
}

/// What is done with the review log once the collection is read.
pub type Rebind = Box<dyn FnOnce(&mut dyn ReviewLog) -> Vec<Clean>>;

/// Reads the collection; tells meanwhile that it can be used and how far it is. None when it was called off.
pub type Opener = Box<dyn Fn(&Cancel, &mut dyn FnMut(News)) -> Option<Complete> + Send + Sync>;

/// Opens the review log: to read thousands of events takes longer than a first frame.
pub type OpenLog = Box<dyn FnOnce() -> Box<dyn ReviewLog> + Send>;

/// Gives the present day.
pub type Today = Box<dyn Fn() -> Date + Send + Sync>;

/// Everything that the screen can ask.
pub struct World {
    open: Opener,
    today: Today,
    library: RwLock<Option<Arc<dyn Library>>>,
    export: RwLock<Option<Export>>,
    /// Opened beside the collection.
    review: LazyLock<Mutex<Review>, Box<dyn FnOnce() -> Mutex<Review> + Send>>,
    personal: Mutex<Here>,
    quick_tags: [String; 9],
    /// The saved filters, as the log last had them: looked up while the log may be busy.
    saved: RwLock<Saved>,
}

/// Saved filters, by name.
type Saved = BTreeMap<String, String>;

/// So many articles stand for the losses of a rule.
const COST_SAMPLES: usize = 20;

/// How often a list that is still looked for is shown with what was found since.
const BETWEEN_PARTS: Duration = Duration::from_millis(100);

/// Hits asked for at a time when all of them are wanted.
const BATCH: usize = 10_000;

impl World {
    /// Joins a way to read the collection and a review log.
    pub fn new(open: Opener, log: OpenLog, today: Today, quick_tags: [String; 9]) -> Self {
        let review = || {
            Mutex::new(Review {
                log: log(),
                revision: 0,
                decisions: Arc::default(),
                corrections: Vec::new(),
            })
        };
        Self {
            open,
            today,
            library: RwLock::new(None),
            export: RwLock::new(None),
            review: LazyLock::new(Box::new(review)),
            personal: Mutex::default(),
            quick_tags,
            saved: RwLock::default(),
        }
    }

    /// Carries an effect out. `meanwhile` may be told how far it is.
    pub fn answer(
        &self,
        effect: Effect,
        cancel: &Cancel,
        meanwhile: &mut dyn FnMut(Reply),
    ) -> Vec<Reply> {
        match self.try_answer(effect, cancel, meanwhile) {
            Ok(replies) => replies,
            Err(StoreError::Cancelled) => Vec::new(),
            Err(error) => vec![Reply::Failed(clean::line(&error.to_string()))],
        }
    }

    fn try_answer(
        &self,
        effect: Effect,
        cancel: &Cancel,
        meanwhile: &mut dyn FnMut(Reply),
    ) -> Result<Vec<Reply>, StoreError> {
        if effect == Effect::Open {
            return self.open(cancel, meanwhile);
        }
        let Some(library) = self.library() else {
            return Ok(Vec::new());
        };
        let library = &*library;
        self.take_personal(library, cancel)?;
        let reply = match effect {
            Effect::Find {
                ticket,
                query,
                from,
                after,
                limit,
                keep,
            } => {
                let mut told = None;
                let mut partial = |page: Page| {
                    let now = Instant::now();
                    let is_time = told.is_none_or(|last| now - last >= BETWEEN_PARTS);
                    // Only a list that begins anew, and that nobody has moved in, may be shown in parts.
                    if is_time && after.is_none() && keep.is_none() && !page.hits.is_empty() {
                        told = Some(now);
                        meanwhile(Reply::Found {
                            ticket,
                            query: query.clone(),
                            page,
                        });
                    }
                };
                let wanted = (from, after.clone(), limit, keep);
                let page = self.find(library, &query, wanted, cancel, &mut partial)?;
                Reply::Found {
                    ticket,
                    query,
                    page,
                }
            }
            Effect::Census => Reply::Census(self.census(library, cancel)?),
            Effect::Versions(of) => Reply::Versions {
                of,
                hits: versions(library, of, cancel)?,
            },
            Effect::Choose { ticket, of } => Reply::Choices {
                ticket,
                of,
                hits: versions(library, of, cancel)?,
            },
            Effect::Export { rows, path } => {
                let said = self.export(library, rows, &path, cancel, meanwhile)?;
                Reply::Exported(said)
            }
            Effect::Read { ticket, id } => Reply::Entry {
                ticket,
                article: fetch(library, id, cancel)?,
            },
            Effect::Renew(ids) => {
                let articles = ids.into_iter().map(|id| fetch(library, id, cancel));
                // One that is gone is left out.
                let there = articles.filter(|it| !matches!(it, Err(StoreError::NoArticle(_))));
                Reply::Renewed(there.collect::<Result<_, StoreError>>()?)
            }
            Effect::Why { ticket, of } => {
                let mut first = true;
                let mut reply = |why: Why| {
                    let first = std::mem::take(&mut first);
                    let why = Arc::new(why);
                    Reply::Why {
                        ticket,
                        of,
                        why,
                        first,
                    }
                };
                let mut partial = |why: Why| meanwhile(reply(why));
                let why = library.why_in_parts(of, cancel, &mut partial)?;
                reply(why)
            }
            Effect::Compare {
                ticket,
                left,
                right,
            } => {
                let left = Arc::new(library.entry(left, cancel)?);
                let right = Arc::new(library.entry(right, cancel)?);
                let comparison =
                    compare::in_library(library, &left.article, &right.article, cancel)?;
                Reply::Compared {
                    ticket,
                    pair: Arc::new(Compared {
                        left,
                        right,
                        comparison,
                    }),
                }
            }
            Effect::Collate { ticket, of, base } => {
                let versions = library.entry(of, cancel)?.versions;
                let entries = versions
                    .iter()
                    .map(|id| library.entry(*id, cancel).map(Arc::new));
                let entries = entries.collect::<Result<Vec<_>, StoreError>>()?;
                let base = base.and_then(|base| versions.iter().position(|id| *id == base));
                let options = diff::Options {
                    cancel: cancel.clone(),
                    ..diff::Options::default()
                };
                let collated = Arc::new(Collated::new(entries, base, &options));
                if cancel.is_cancelled() {
                    return Err(StoreError::Cancelled);
                }
                Reply::Collated { ticket, collated }
            }
            Effect::Statistics { ticket } => Reply::Statistics {
                ticket,
                numbers: Arc::new(library.statistics(cancel)?),
            },
            Effect::Changes { ticket, hidden } => {
                let inputs = library.inputs();
                let [left, right] = inputs.as_slice() else {
                    let why = "two collections are compared: start with `recto OLD NEW`";
                    return Ok(vec![Reply::Failed(Clean::own(why))]);
                };
                let sides = [left.as_path(), right.as_path()];
                let mut told = |done, of| meanwhile(Reply::Compares { ticket, done, of });
                let changes = changes::in_library(library, sides, hidden, cancel, &mut told)?;
                Reply::Changes {
                    ticket,
                    changes: Arc::new(changes),
                }
            }
            Effect::Review(deeds) => self.change(library, deeds, cancel)?,
            Effect::ReviewRows { rows, deed } => {
                let plan = self.plan(library, rows, &deed, cancel)?;
                if plan.deeds.is_empty() && plan.rows > 0 {
                    return Ok(vec![Reply::Said(Clean::own("it is so already"))]);
                }
                self.change(library, plan.deeds, cancel)?
            }
            Effect::Retag { old, new } => {
                let names = match old.as_slice() {
                    [one] => Names::rename(one, &new),
                    several => Names::merge(several, &new),
                };
                self.step("no article has this tag", |log, of| {
                    let deeds = retag::plan(library, log, &names)?;
                    if deeds.is_empty() {
                        return Ok(None);
                    }
                    let library = of.clone();
                    log.append(&Change { library, deeds }).map(Some)
                })?
            }
            Effect::SaveFilter { name, query } => self.step("nothing to save", |log, of| {
                log.save_filter(of, &name, query.as_deref()).map(Some)
            })?,
            Effect::Filters => {
                let filters = self.review().log.filters()?;
                let saved: Saved = filters.into_iter().map(|it| (it.name, it.query)).collect();
                *self.saved.write().unwrap_or_else(PoisonError::into_inner) = saved.clone();
                Reply::Filters(saved)
            }
            Effect::Cost(rule) => {
                let rows = Rows::Articles(rule.query.clone());
                let plan = self.plan(library, rows, &Deed::Verdict(rule.verdict), cancel)?;
                let decisions = Arc::clone(&self.review().decisions);
                let cost = cost::cost(library, &decisions, &plan, cancel, &mut |_, _| {})?;
                let mut lines = vec![cost.sentence(&plan)];
                lines.extend(cost.lines(COST_SAMPLES));
                Reply::Cost { rule, lines }
            }
            Effect::Undo => self.step("nothing to undo", |log, library| log.undo(library))?,
            Effect::Redo => self.step("nothing to redo", |log, library| log.redo(library))?,
            Effect::Look => return self.look(),
            Effect::Tags => Reply::Tags(self.tags()),
            // The loop does these itself.
            Effect::Open
            | Effect::Stop
            | Effect::Personal(..)
            | Effect::Copy { .. }
            | Effect::Browse(_)
            | Effect::Edit { .. }
            | Effect::CallOff
            | Effect::Suspend
            | Effect::Redraw
            | Effect::Quit => return Ok(Vec::new()),
        };
        Ok(vec![reply])
    }

    fn open(
        &self,
        cancel: &Cancel,
        meanwhile: &mut dyn FnMut(Reply),
    ) -> Result<Vec<Reply>, StoreError> {
        let mut told = |news| {
            meanwhile(match news {
                News::Progress(progress) => Reply::Progress(progress),
                News::Grown => Reply::Grown,
                News::Grouping(share) => Reply::Grouping(share),
                News::Opened(opened) => self.install(opened),
            });
        };
        let complete = thread::scope(|scope| {
            // Where there is no thread for it, whoever needs it first opens it.
            let log = thread::Builder::new().name("log".to_owned());
            let _ = log.spawn_scoped(scope, || drop(self.review()));
            (self.open)(cancel, &mut told)
        });
        let Some(library) = self.library() else {
            return Err(StoreError::Cancelled);
        };
        let stopped = complete.is_none();
        let (mut notices, mut diagnostics) = (Vec::new(), Vec::new());
        if let Some(complete) = complete {
            let mut review = self.review();
            diagnostics = complete.diagnostics;
            notices = (complete.rebind)(&mut *review.log);
            // What an earlier run left over; the rest follows a second later, and so on: see `look`.
            let _ = rebind::remember(&*library, &mut *review.log, REMEMBERED);
            notices.extend(hand_over(&mut review, &*library));
        }
        Ok(vec![Reply::Complete {
            stopped,
            notices,
            diagnostics,
        }])
    }

    /// From now on everything is asked of this collection.
    fn install(&self, opened: Opened) -> Reply {
        let Opened {
            name,
            library,
            export,
            mut notices,
        } = opened;
        let mut review = self.review();
        notices.extend(hand_over(&mut review, &*library));
        library.set_personal(Arc::clone(&self.here().known));
        let read_only = review.log.read_only().map(|why| clean::line(&why));
        *self.export.write().unwrap_or_else(PoisonError::into_inner) = Some(export);
        // While the log is held: a decision made now waits and then finds this library.
        *self.library.write().unwrap_or_else(PoisonError::into_inner) = Some(library);
        drop(review);
        Reply::Opened {
            name,
            read_only,
            notices,
        }
    }

    fn parse(&self, text: &str) -> Result<Query, query::QueryError> {
        let saved = self.saved.read().unwrap_or_else(PoisonError::into_inner);
        let context = query::Context {
            today: (self.today)(),
            saved: &saved,
        };
        query::parse(text, context)
    }

    fn find(
        &self,
        library: &dyn Library,
        text: &str,
        (from, after, limit, keep): (Edge, Option<Cursor>, usize, Option<ArticleId>),
        cancel: &Cancel,
        partial: &mut dyn FnMut(Page),
    ) -> Result<Page, StoreError> {
        // The screen sends only filters that parse; the day may have changed since.
        let query = self
            .parse(text)
            .map_err(|error| StoreError::Refused(error.to_string()))?;
        let mut find = Find {
            query: Arc::new(query),
            by: By::Group,
            from,
            after,
            limit,
        };
        let page = library.find_in_parts(&find, cancel, partial)?;
        let is_there = |id: ArticleId| page.hits.iter().any(|hit| hit.id == id);
        if page.next.is_none() || keep.is_none_or(is_there) || limit >= BATCH {
            return Ok(page);
        }
        // It may have moved down a long way, or joined a group that stands elsewhere.
        find.limit = BATCH;
        library.find(&find, cancel)
    }

    fn census(&self, library: &dyn Library, cancel: &Cancel) -> Result<Census, StoreError> {
        let count = |text: &str, by: By| -> Result<u64, StoreError> {
            let query = self
                .parse(text)
                .map_err(|error| StoreError::Io(error.to_string()))?;
            let find = Find {
                query: Arc::new(query),
                by,
                from: Edge::Top,
                after: None,
                limit: 0,
            };
            Ok(match library.find(&find, cancel)?.count {
                Count::Exact(count) | Count::AtLeast(count) => count,
            })
        };
        Ok(Census {
            articles: count("", By::Article)?,
            versions: count("versions:>1", By::Article)?,
            groups: count("versions:>1", By::Group)?,
            rows: count("", By::Group)?,
            reviewed: count("is:reviewed", By::Group)?,
        })
    }

    /// The articles of rows, and whether each stands for its whole group.
    fn rows(
        &self,
        library: &dyn Library,
        rows: Rows,
        cancel: &Cancel,
    ) -> Result<Vec<(ArticleId, bool)>, StoreError> {
        let (query, by) = match rows {
            Rows::Chosen(rows) => return Ok(rows),
            Rows::Hits(query) => (query, By::Group),
            Rows::Articles(query) => (query, By::Article),
        };
        let query = self
            .parse(&query)
            .map_err(|error| StoreError::Refused(error.to_string()))?;
        let hits = all_hits(library, &Arc::new(query), by, cancel)?;
        Ok(hits.into_iter().map(|id| (id, by == By::Group)).collect())
    }

    fn library(&self) -> Option<Arc<dyn Library>> {
        self.library
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

/// An article to read.
fn fetch(library: &dyn Library, id: ArticleId, cancel: &Cancel) -> Result<Fetched, StoreError> {
    Ok(Fetched {
        entry: Arc::new(library.entry(id, cancel)?),
        boilerplate: library.boilerplate(id, cancel)?.into(),
    })
}

/// The versions of an article's group, in the order of reading.
fn versions(library: &dyn Library, of: ArticleId, cancel: &Cancel) -> Result<Vec<Hit>, StoreError> {
    let versions = library.versions(of, cancel)?.into_iter();
    let hits = versions.map(|id| Ok(Hit::of(&library.entry(id, cancel)?)));
    hits.collect()
}

fn all_hits(
    library: &dyn Library,
    query: &Arc<Query>,
    by: By,
    cancel: &Cancel,
) -> Result<Vec<ArticleId>, StoreError> {
    let mut ids = Vec::new();
    let mut after = None;
    loop {
        let find = Find {
            query: Arc::clone(query),
            by,
            from: Edge::Top,
            after,
            limit: BATCH,
        };
        let page = library.find(&find, cancel)?;
        ids.extend(page.hits.into_iter().map(|hit| hit.id));
        after = page.next;
        if after.is_none() {
            return Ok(ids);
        }
    }
}
