//! What a person can ask for, whatever key or palette line says so.
//!
//! A closed list, so that every action can be logged, tested and bound. Which key means which action is the keymap's
//! business, what it does to the state is `update`'s: nothing here knows either. Names, documentation and contexts
//! stand in `keymap::command::COMMANDS`; each action has exactly one line there.

pub use crate::diff::Class;

/// One thing a person can ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Action {
    // Everywhere.
    /// Goes to the next line or row.
    Down,
    /// Goes to the previous line or row.
    Up,
    /// Goes down half a screen.
    PageDown,
    /// Goes up half a screen.
    PageUp,
    /// Goes to the first line or row.
    Top,
    /// Goes to the last line or row.
    Bottom,
    /// Gives the keys to the next pane.
    NextPane,
    /// Gives the keys to the previous pane.
    PreviousPane,
    /// Closes the topmost thing: a prompt, a message, a selection, a screen.
    Back,
    /// Closes the topmost thing like [`Back`](Self::Back); at the library it leaves the program.
    Close,
    /// Leaves the program.
    Quit,
    /// Opens the palette of commands.
    Palette,
    /// Opens the help for the pane.
    Help,
    /// Shows what was said when the collection was opened.
    Messages,
    /// Takes back the last step.
    Undo,
    /// Brings back the step that was taken back.
    Redo,
    /// Looks for changed files.
    Refresh,
    /// Draws the screen anew.
    Redraw,
    /// Puts the program to sleep and gives the terminal to the shell.
    Suspend,
    /// Closes the prompt, else calls off the running job, else says how to quit; twice quits.
    Interrupt,

    // The list.
    /// Opens the article.
    Open,
    /// Shows the versions of the group as rows.
    Unfold,
    /// Hides the versions of the group.
    Fold,
    /// Asks for text to find among what is shown.
    Find,
    /// Goes to the next match.
    FindNext,
    /// Goes to the previous match.
    FindPrevious,
    /// Asks for a query that narrows the list.
    Filter,
    /// Puts a quick tag, 1 to 9, on the selected articles, or takes it off when all of them have it.
    QuickTag(u8),
    /// Asks for tags to put on or take off the selected articles.
    TagPrompt,
    /// Asks for a note on the paragraph on top of the reader, or on the article.
    Note,
    /// Asks for a saved filter, or for a name for this one.
    SavedFilters,
    /// Asks for a tag and its other name.
    RenameTag,
    /// Asks for a verdict on all that a query finds, and says what it would cost.
    Rule,
    /// Does the last tag or verdict again.
    RepeatLast,
    /// Gives the verdict *keep* and goes on.
    Keep,
    /// Gives the verdict *drop* and goes on.
    Drop,
    /// Gives the verdict *skip* and goes on.
    Skip,
    /// Lays the article beside the next version of its group.
    Compare,
    /// Asks which version to lay the article beside.
    CompareWith,
    /// Asks for a file to write the hits to.
    Export,
    /// Adds the row to the selection, or takes it out.
    Select,
    /// Selects every hit of the filter, or nothing when every hit is selected.
    SelectAll,
    /// Selects every row from the last one that was selected to the cursor.
    SelectRange,
    /// Asks for the order of the list.
    Sort,
    /// Gives the list more room, and the reader less.
    ListWider,
    /// Gives the list less room, and the reader more.
    ListNarrower,
    /// Says why these articles are versions of one another, and what they have in common with others.
    WhyGroup,
    /// Shows all versions of the text at once.
    Versions,
    /// Shows the collection in numbers.
    Statistics,
    /// Lists what changed between the two inputs.
    Changes,
    /// Says that the article is no version of the others.
    NotVersion,
    /// Marks the article as the same text as the one that is marked next.
    SameText,

    // The reader.
    /// Goes down a screen; at the end, to the next article.
    Page,
    /// Goes up a screen.
    PageBack,
    /// Goes to the next article of the list.
    NextArticle,
    /// Goes to the previous article of the list.
    PreviousArticle,
    /// Goes to the next paragraph.
    NextParagraph,
    /// Goes to the previous paragraph.
    PreviousParagraph,
    /// Goes to the next heading.
    NextHeading,
    /// Goes to the previous heading.
    PreviousHeading,
    /// Shows the next version of the text, at the same paragraph.
    NextVersion,
    /// Shows the previous version of the text, at the same paragraph.
    PreviousVersion,
    /// Shows the text as it was read, before any extraction, or the clean text again.
    Raw,
    /// Shows blanks, line breaks and invisible characters as signs, or no longer.
    Reveal,
    /// Sets a mark that is named by a letter.
    Mark,
    /// Goes to a mark.
    ToMark,
    /// Goes back to where one came from.
    JumpBack,
    /// Goes on again to where one came back from.
    JumpForward,
    /// Opens the address of the article in the browser.
    Browse,
    /// Opens a copy of the article as it was read in the editor.
    Edit,
    /// Folds the blocks that are boilerplate, or shows them again.
    FoldBoilerplate,
    /// Gives the reader the whole screen, or takes it back.
    Focus,
    /// Makes the lines longer.
    MeasureWider,
    /// Makes the lines shorter.
    MeasureNarrower,
    /// Copies the paragraph on top of the reader, or the difference that the comparison stands on.
    CopyText,
    /// Copies the address of the article.
    CopyUrl,
    /// Copies the path of the article's file.
    CopyPath,

    // The comparison.
    /// Goes to the next difference.
    NextDifference,
    /// Goes to the previous difference.
    PreviousDifference,
    /// Keeps the left version, sets the other aside and goes on.
    KeepLeft,
    /// Keeps the right version, sets the other aside and goes on.
    KeepRight,
    /// Jumps to the other end of a move.
    OtherEnd,
    /// Shows one column instead of two, or two again.
    Unified,
    /// Passes over a kind of difference, or shows it again.
    Hide(Class),
    /// Shows every kind of difference.
    ShowAll,

    // The versions.
    /// Shows the versions in the next way: apparatus, matrix, side by side.
    NextView,
    /// Shows the versions in the previous way.
    PreviousView,
    /// Compares all versions with the chosen one.
    Base,

    // Prompts.
    /// Takes what was typed or picked.
    Accept,
    /// Completes what is being typed.
    Complete,
    /// Moves the cursor one character to the left.
    CursorLeft,
    /// Moves the cursor one character to the right.
    CursorRight,
    /// Moves the cursor to the start of the line.
    CursorStart,
    /// Moves the cursor to the end of the line.
    CursorEnd,
    /// Deletes the character before the cursor.
    DeleteBack,
    /// Deletes the character under the cursor.
    DeleteForward,
    /// Deletes the word before the cursor.
    DeleteWord,
    /// Deletes everything before the cursor.
    DeleteToStart,
}

/// Where keys go. All but [`Prompt`](Self::Prompt) know the keys of [`Everywhere`](Self::Everywhere) too.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Context {
    /// Every pane that does not take text.
    #[default]
    Everywhere,
    /// The list of articles.
    List,
    /// One article.
    Reader,
    /// Two versions side by side.
    Compare,
    /// All versions of a text.
    Versions,
    /// What changed between two inputs.
    Changes,
    /// The collection in numbers.
    Statistics,
    /// The help.
    Help,
    /// The box that says why these are versions of one text.
    Why,
    /// A line that takes text: filter, find, tags, palette. Keys that are bound to nothing are typed.
    Prompt,
}

impl Context {
    /// Every context, in the order of the help.
    pub const ALL: [Self; 10] = [
        Self::Everywhere,
        Self::List,
        Self::Reader,
        Self::Compare,
        Self::Versions,
        Self::Changes,
        Self::Statistics,
        Self::Help,
        Self::Why,
        Self::Prompt,
    ];

    /// The name in `keymap.toml`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Everywhere => "everywhere",
            Self::List => "list",
            Self::Reader => "reader",
            Self::Compare => "compare",
            Self::Versions => "versions",
            Self::Changes => "changes",
            Self::Statistics => "statistics",
            Self::Help => "help",
            Self::Why => "why",
            Self::Prompt => "prompt",
        }
    }

    /// The context of that name.
    pub fn by_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|context| context.name() == name)
    }

    /// The contexts whose keys count here, the one that wins last.
    pub const fn layers(self) -> &'static [Self] {
        match self {
            Self::Everywhere => &[Self::Everywhere],
            Self::List => &[Self::Everywhere, Self::List],
            Self::Reader => &[Self::Everywhere, Self::Reader],
            Self::Compare => &[Self::Everywhere, Self::Compare],
            Self::Versions => &[Self::Everywhere, Self::Versions],
            Self::Changes => &[Self::Everywhere, Self::Changes],
            Self::Statistics => &[Self::Everywhere, Self::Statistics],
            Self::Help => &[Self::Everywhere, Self::Help],
            Self::Why => &[Self::Everywhere, Self::Why],
            Self::Prompt => &[Self::Prompt],
        }
    }
}
