//! `recto review rebind`: decisions whose articles are gone, and the articles that may have taken their place.

use std::path::PathBuf;

use serde::Serialize;

use super::super::args::Sources;
use super::super::output::{Failure, Outcome, Output};
use super::super::record::short;
use super::super::session::Session;
use super::super::show;
use crate::store::rebind;
use crate::store::traits::{Library, ReviewLog};
use crate::store::types::{Change, Deed, Subject};

/// What is to be done.
pub(super) enum Wish<'a> {
    /// List what is gone.
    List,
    /// Take every article that is offered.
    Offered,
    /// Hand the decisions of one to another.
    One {
        /// The beginning of the id of the one that is gone.
        gone: &'a str,
        /// The one that takes its place.
        to: &'a str,
    },
}

/// An article that is gone, as JSON.
#[derive(Serialize)]
struct Gone<'a> {
    #[serde(flatten)]
    subject: &'a Subject,
    /// The article that may have taken its place.
    offered: Option<String>,
}

/// Lists, or hands decisions over as one step.
pub(super) fn run(wish: Wish<'_>, paths: &[PathBuf], json: bool, output: &mut Output) -> Outcome {
    let sources = Sources {
        paths: paths.to_vec(),
        ..Sources::default()
    };
    let mut session = Session::open(&sources)?;
    let mut found = rebind::rebind(&session.library, &mut session.log, true)?;
    rebind::offer_by_title(&session.library, &mut found)?;
    let offered = found.offered.iter().map(|(gone, to)| (gone, Some(*to)));
    let all: Vec<_> = offered
        .chain(found.missing.iter().map(|gone| (gone, None)))
        .collect();
    let pairs: Vec<_> = match wish {
        Wish::List => {
            for (gone, to) in &all {
                if json {
                    continue;
                }
                let title = gone.title.as_deref().unwrap_or_default();
                let path = gone.path.display();
                let to = to.map_or_else(String::new, |to| format!("  → {}", short(to)));
                output.line(&format!("{}  {title}  {path}{to}", short(gone.article)))?;
            }
            return match (json, all.is_empty()) {
                (true, _) => output.json_array(all.iter().map(|(subject, to)| {
                    Ok(Gone {
                        subject,
                        offered: to.map(|it| it.to_string()),
                    })
                })),
                (false, true) => output.line("every decided article is found"),
                (false, false) => Ok(()),
            };
        }
        Wish::Offered => all
            .iter()
            .filter_map(|(gone, to)| Some(((*gone).clone(), (*to)?)))
            .collect(),
        Wish::One { gone, to } => {
            let to = show::only(&session, to)?;
            let named = |it: &&Subject| it.article.to_string().starts_with(gone);
            let named: Vec<&Subject> = all.iter().map(|it| it.0).filter(named).collect();
            match named.as_slice() {
                [one] => vec![((*one).clone(), to)],
                [] => {
                    return Err(Failure::failed(format!(
                        "no article that is gone is called {gone}"
                    )));
                }
                _ => {
                    return Err(Failure::failed(format!(
                        "several that are gone are called {gone}"
                    )));
                }
            }
        }
    };
    if pairs.is_empty() {
        return Err(Failure::failed("nothing is offered"));
    }
    let cancel = crate::cancel::Cancel::new();
    let deeds = pairs.into_iter().map(|(gone, to)| {
        let from = gone.article;
        Ok((session.library.subject(to, &cancel)?, Deed::Rebind { from }))
    });
    let deeds = deeds.collect::<Result<Vec<_>, Failure>>()?;
    let receipt = session.log.append(&Change {
        library: session.library.id(),
        deeds,
    })?;
    output.line(&receipt.summary)
}
