//! The arguments of `export`.

use std::path::{Path, PathBuf};

use clap::ValueEnum;

use super::Question;

/// In which form articles are exported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ExportFormat {
    /// One JSON object a line, with every field of the record.
    Jsonl,
    /// Columns with commas between them; cells that a spreadsheet would take for a formula begin with '.
    Csv,
    /// The same with tabs.
    Tsv,
    /// The same columns for programs.
    Parquet,
    /// For people.
    #[value(alias = "markdown")]
    Md,
}

/// Arguments of `export`.
#[derive(Debug, clap::Args)]
pub struct Export {
    /// What to write, and from where.
    #[command(flatten)]
    pub question: Question,
    /// In which form; without it, as the name of the file says, else jsonl.
    #[arg(long, value_enum, value_name = "FORM")]
    format: Option<ExportFormat>,
    /// The file to write, whole or not at all; without it, standard output.
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Write the cleaned collection: without what was dropped, set aside or read twice. A second file, named like the
    /// first with .left-out.jsonl behind it, says for each record left out why.
    #[arg(long, requires = "output")]
    pub kept: bool,
    /// Write over files that exist.
    #[arg(long, requires = "output")]
    pub force: bool,
}

impl ExportFormat {
    /// The form that the name of a file asks for: jsonl where it asks for none.
    pub fn of(path: &Path) -> Self {
        let extension = path.extension().and_then(|it| it.to_str());
        match extension.map(str::to_ascii_lowercase).as_deref() {
            Some("csv") => Self::Csv,
            Some("tsv" | "tab") => Self::Tsv,
            Some("parquet") => Self::Parquet,
            Some("md" | "markdown") => Self::Md,
            _ => Self::Jsonl,
        }
    }
}

impl Export {
    /// The form that was asked for.
    pub fn format(&self) -> ExportFormat {
        let named = self.output.as_deref().map(ExportFormat::of);
        self.format.or(named).unwrap_or(ExportFormat::Jsonl)
    }
}
