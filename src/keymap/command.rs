//! The one table of commands. Help, palette, footer, documentation and the names in `keymap.toml` come from it.
//!
//! The default keys do not stand here but in `assets/keymap.toml`, which is the truth for keys: it is what a user
//! reads and copies, and a second list beside it could only drift. Tests walk both.

pub use crate::app::action::Context;

use crate::app::action::{Action, Class};

/// One command: a line of help, a line of the palette, a name in `keymap.toml`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Command {
    /// Its name, in kebab-case.
    pub name: &'static str,
    /// What it asks for.
    pub action: Action,
    /// What it does, in a short sentence.
    pub doc: &'static str,
    /// Where it works.
    pub contexts: &'static [Context],
}

impl Command {
    /// The command of that name.
    pub fn by_name(name: &str) -> Option<&'static Self> {
        COMMANDS.iter().find(|command| command.name == name)
    }

    /// The command that asks for that action.
    pub fn of(action: Action) -> Option<&'static Self> {
        COMMANDS.iter().find(|command| command.action == action)
    }

    /// Says whether a key of that context may be bound to it.
    pub fn works_in(&self, context: Context) -> bool {
        let layers = context.layers();
        self.contexts.iter().any(|place| layers.contains(place))
    }
}

const fn command(
    name: &'static str,
    action: Action,
    doc: &'static str,
    contexts: &'static [Context],
) -> Command {
    Command {
        name,
        action,
        doc,
        contexts,
    }
}

const EVERYWHERE: &[Context] = &[Context::Everywhere];
const EVERYWHERE_AND_PROMPT: &[Context] = &[Context::Everywhere, Context::Prompt];
const LIST: &[Context] = &[Context::List];
const LIST_AND_READER: &[Context] = &[Context::List, Context::Reader];
const LIST_AND_COMPARE: &[Context] = &[Context::List, Context::Compare];
const READER: &[Context] = &[Context::Reader];
const READER_AND_COMPARE: &[Context] = &[Context::Reader, Context::Compare];
const COMPARE: &[Context] = &[Context::Compare];
const ARTICLES: &[Context] = &[Context::List, Context::Reader, Context::Compare];
const ARTICLES_AND_WHY: &[Context] = &[
    Context::List,
    Context::Reader,
    Context::Compare,
    Context::Why,
];
const READER_COMPARE_AND_VERSIONS: &[Context] =
    &[Context::Reader, Context::Compare, Context::Versions];
const DECIDES: &[Context] = &[Context::List, Context::Reader, Context::Versions];
const COMPARE_AND_VERSIONS: &[Context] = &[Context::Compare, Context::Versions];
const ARTICLES_AND_VERSIONS: &[Context] = &[
    Context::List,
    Context::Reader,
    Context::Compare,
    Context::Versions,
];
const OPENS: &[Context] = &[
    Context::List,
    Context::Versions,
    Context::Changes,
    Context::Why,
];
const VERSIONS: &[Context] = &[Context::Versions];
const PROMPT: &[Context] = &[Context::Prompt];

/// Every command, in the order of the help.
#[rustfmt::skip] // One command a line: a table to read.
pub const COMMANDS: &[Command] = &[
    command("down", Action::Down, "Goes to the next line.", EVERYWHERE_AND_PROMPT),
    command("up", Action::Up, "Goes to the previous line.", EVERYWHERE_AND_PROMPT),
    command("page-down", Action::PageDown, "Goes down half a screen.", EVERYWHERE),
    command("page-up", Action::PageUp, "Goes up half a screen.", EVERYWHERE),
    command("top", Action::Top, "Goes to the first line.", EVERYWHERE),
    command("bottom", Action::Bottom, "Goes to the last line.", EVERYWHERE),
    command("next-pane", Action::NextPane, "Goes to the next pane.", EVERYWHERE),
    command("previous-pane", Action::PreviousPane, "Goes to the previous pane.", EVERYWHERE),
    command("back", Action::Back, "Closes the topmost thing.", EVERYWHERE_AND_PROMPT),
    command("close", Action::Close, "Closes the topmost thing; quits at the library.", EVERYWHERE),
    command("quit", Action::Quit, "Quits.", EVERYWHERE),
    command("palette", Action::Palette, "Finds a command by its name.", EVERYWHERE),
    command("help", Action::Help, "Shows the keys.", EVERYWHERE),
    command("messages", Action::Messages, "Shows what was said at the opening.", EVERYWHERE),
    command("undo", Action::Undo, "Takes back the last step.", EVERYWHERE),
    command("redo", Action::Redo, "Brings back the step taken back.", EVERYWHERE),
    command("refresh", Action::Refresh, "Looks for changed files.", EVERYWHERE),
    command("redraw", Action::Redraw, "Draws the screen anew.", EVERYWHERE_AND_PROMPT),
    command("suspend", Action::Suspend, "Gives the terminal back to the shell.", EVERYWHERE_AND_PROMPT),
    command("interrupt", Action::Interrupt, "Closes the prompt; twice quits.", EVERYWHERE_AND_PROMPT),

    command("open", Action::Open, "Reads the article, or compares the two that are meant.", OPENS),
    command("unfold", Action::Unfold, "Shows the versions of the group, or all that is the same.", LIST_AND_COMPARE),
    command("fold", Action::Fold, "Hides the versions of the group, or what is the same.", LIST_AND_COMPARE),
    command("filter", Action::Filter, "Narrows the list by a query.", LIST),
    command("saved-filters", Action::SavedFilters, "Asks a saved filter, or saves this one.", LIST),
    command("find", Action::Find, "Finds text in what is shown.", ARTICLES),
    command("find-next", Action::FindNext, "Goes to the next match.", ARTICLES),
    command("find-previous", Action::FindPrevious, "Goes to the previous match.", ARTICLES),
    command("compare", Action::Compare, "Compares with the next version: the differences.", LIST_AND_READER),
    command("compare-with", Action::CompareWith, "Asks which version to compare with.", ARTICLES),
    command("versions", Action::Versions, "Shows all versions of the text at once.", ARTICLES_AND_VERSIONS),
    command("why-group", Action::WhyGroup, "Says why these are versions of one text.", ARTICLES_AND_VERSIONS),
    command("keep", Action::Keep, "Keeps the article and goes on.", DECIDES),
    command("drop", Action::Drop, "Drops the article and goes on.", LIST_AND_READER),
    command("skip", Action::Skip, "Skips the article and goes on.", LIST_AND_READER),
    command("repeat", Action::RepeatLast, "Does the last tag or verdict again.", LIST_AND_READER),
    command("tag", Action::TagPrompt, "Asks for tags to put on or take off.", LIST_AND_READER),
    command("rename-tag", Action::RenameTag, "Calls a tag otherwise, or makes one of several.", LIST_AND_READER),
    command("note", Action::Note, "Writes a note on the paragraph on top, or on the article.", LIST_AND_READER),
    command("select", Action::Select, "Adds the row to the selection.", LIST),
    command("select-range", Action::SelectRange, "Selects from the last selected row to here.", LIST),
    command("select-all", Action::SelectAll, "Selects every hit.", LIST),
    command("sort", Action::Sort, "Asks for the order of the list.", LIST),
    command("export", Action::Export, "Writes every hit, or what is selected, to a file.", LIST),
    command("rule", Action::Rule, "Says what a verdict on all that a query finds would cost.", LIST),
    command("statistics", Action::Statistics, "Shows the collection in numbers.", LIST_AND_READER),
    command("changes", Action::Changes, "Lists what changed between the two inputs.", LIST_AND_READER),
    command("not-version", Action::NotVersion, "Says that this is no version of the others.", ARTICLES_AND_WHY),
    command("same-text", Action::SameText, "Says that this and the one marked next are one text.", ARTICLES_AND_WHY),
    command("list-wider", Action::ListWider, "Gives the list more room.", LIST_AND_READER),
    command("list-narrower", Action::ListNarrower, "Gives the reader more room.", LIST_AND_READER),
    command("quick-tag-1", Action::QuickTag(1), "Puts on or takes off the first quick tag.", LIST_AND_READER),
    command("quick-tag-2", Action::QuickTag(2), "Puts on or takes off the second quick tag.", LIST_AND_READER),
    command("quick-tag-3", Action::QuickTag(3), "Puts on or takes off the third quick tag.", LIST_AND_READER),
    command("quick-tag-4", Action::QuickTag(4), "Puts on or takes off the fourth quick tag.", LIST_AND_READER),
    command("quick-tag-5", Action::QuickTag(5), "Puts on or takes off the fifth quick tag.", LIST_AND_READER),
    command("quick-tag-6", Action::QuickTag(6), "Puts on or takes off the sixth quick tag.", LIST_AND_READER),
    command("quick-tag-7", Action::QuickTag(7), "Puts on or takes off the seventh quick tag.", LIST_AND_READER),
    command("quick-tag-8", Action::QuickTag(8), "Puts on or takes off the eighth quick tag.", LIST_AND_READER),
    command("quick-tag-9", Action::QuickTag(9), "Puts on or takes off the ninth quick tag.", LIST_AND_READER),

    command("page", Action::Page, "Goes on a screen, then to the next article.", READER),
    command("page-back", Action::PageBack, "Goes back a screen.", READER),
    command("next-article", Action::NextArticle, "Goes to the next article, or change.", READER_AND_COMPARE),
    command("previous-article", Action::PreviousArticle, "Goes to the previous article, or change.", READER_AND_COMPARE),
    command("next-paragraph", Action::NextParagraph, "Goes to the next paragraph.", READER),
    command("previous-paragraph", Action::PreviousParagraph, "Goes to the previous paragraph.", READER),
    command("next-heading", Action::NextHeading, "Goes to the next heading.", READER),
    command("previous-heading", Action::PreviousHeading, "Goes to the previous heading.", READER),
    command("next-version", Action::NextVersion, "Shows the next version.", READER_COMPARE_AND_VERSIONS),
    command("previous-version", Action::PreviousVersion, "Shows the previous version.", READER_COMPARE_AND_VERSIONS),
    command("raw", Action::Raw, "Shows the text as it was read.", READER_AND_COMPARE),
    command("reveal", Action::Reveal, "Shows blanks and invisible characters as signs.", READER),
    command("mark", Action::Mark, "Sets a mark: a letter names it.", READER),
    command("to-mark", Action::ToMark, "Goes to a mark.", LIST_AND_READER),
    command("jump-back", Action::JumpBack, "Goes back to where you came from.", READER),
    command("jump-forward", Action::JumpForward, "Goes on again after going back.", READER),
    command("browse", Action::Browse, "Opens the address in the browser.", LIST_AND_READER),
    command("edit", Action::Edit, "Opens a copy of the text in your editor.", LIST_AND_READER),
    command("fold-boilerplate", Action::FoldBoilerplate, "Folds what stands in many other articles, or shows it.", READER),
    command("focus", Action::Focus, "Gives one paragraph the whole screen, or takes it back.", READER),
    command("wider", Action::MeasureWider, "Makes the lines longer.", READER),
    command("narrower", Action::MeasureNarrower, "Makes the lines shorter.", READER),
    command("copy-text", Action::CopyText, "Copies the paragraph on top, or the difference.", READER_COMPARE_AND_VERSIONS),
    command("copy-url", Action::CopyUrl, "Copies the address.", READER),
    command("copy-path", Action::CopyPath, "Copies the path of the file.", READER),

    command("next-difference", Action::NextDifference, "Goes to the next difference.", COMPARE_AND_VERSIONS),
    command("previous-difference", Action::PreviousDifference, "Goes to the previous difference.", COMPARE_AND_VERSIONS),
    command("keep-left", Action::KeepLeft, "Keeps the left version and goes on.", COMPARE),
    command("keep-right", Action::KeepRight, "Keeps the right version and goes on.", COMPARE),
    command("other-end", Action::OtherEnd, "Jumps to the other end of a move.", COMPARE),
    command("unified", Action::Unified, "Shows one column instead of two.", COMPARE),
    command("hide-reflow", Action::Hide(Class::Reflow), "Hides or shows other line and paragraph breaks.", COMPARE),
    command("hide-typographic", Action::Hide(Class::Typographic), "Hides or shows other quotes and dashes.", COMPARE),
    command("hide-case", Action::Hide(Class::Case), "Hides or shows capitals against small letters.", COMPARE),
    command("hide-metadata", Action::Hide(Class::Metadata), "Hides or shows title, byline, date and source.", COMPARE),
    command("hide-boilerplate", Action::Hide(Class::Boilerplate), "Hides or shows what stands in other articles too.", COMPARE),
    command("hide-moved", Action::Hide(Class::Moved), "Hides or shows what only stands elsewhere.", COMPARE),
    command("hide-edited", Action::Hide(Class::Edited), "Hides or shows other words.", COMPARE),
    command("hide-added", Action::Hide(Class::Added), "Hides or shows what stands only on the right.", COMPARE),
    command("hide-removed", Action::Hide(Class::Removed), "Hides or shows what stands only on the left.", COMPARE),
    command("show-all", Action::ShowAll, "Shows every kind of difference.", COMPARE),

    command("next-view", Action::NextView, "Shows apparatus, matrix, or the texts side by side.", VERSIONS),
    command("previous-view", Action::PreviousView, "Shows the versions in the previous way.", VERSIONS),
    command("base", Action::Base, "Compares all versions with the chosen one.", VERSIONS),

    command("accept", Action::Accept, "Takes what was typed.", PROMPT),
    command("complete", Action::Complete, "Completes what is being typed.", PROMPT),
    command("cursor-left", Action::CursorLeft, "Moves the cursor left.", PROMPT),
    command("cursor-right", Action::CursorRight, "Moves the cursor right.", PROMPT),
    command("cursor-start", Action::CursorStart, "Moves the cursor to the start.", PROMPT),
    command("cursor-end", Action::CursorEnd, "Moves the cursor to the end.", PROMPT),
    command("delete-back", Action::DeleteBack, "Deletes the character before the cursor.", PROMPT),
    command("delete-forward", Action::DeleteForward, "Deletes the character under the cursor.", PROMPT),
    command("delete-word", Action::DeleteWord, "Deletes the word before the cursor.", PROMPT),
    command("delete-to-start", Action::DeleteToStart, "Deletes what stands before the cursor.", PROMPT),
];
