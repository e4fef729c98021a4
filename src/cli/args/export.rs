//! The arguments of `export`.

use std::path::PathBuf;

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

impl Export {
    /// The form that was asked for.
    pub fn format(&self) -> ExportFormat {
        let extension = self.output.as_ref().and_then(|it| it.extension()?.to_str());
        let named = extension.map(str::to_ascii_lowercase);
        self.format.unwrap_or(match named.as_deref() {
            Some("csv") => ExportFormat::Csv,
            Some("tsv" | "tab") => ExportFormat::Tsv,
            Some("parquet") => ExportFormat::Parquet,
            Some("md" | "markdown") => ExportFormat::Md,
            _ => ExportFormat::Jsonl,
        })
    }
}
