//! How a spec is laid out (spec `SPEC-40` to `SPEC-46`): what `cargo traverse fmt` makes of its text.
//!
//! The text is taken apart into its tokens and put together again with other white space: nothing is moved, no value
//! and no comment is touched but for the quotes and spaces around them. [`parts`] takes apart, [`lines`] puts together.

mod lines;
mod parts;

/// The widest line that an array stands on, in characters.
const MAX_WIDTH: usize = 100;
/// What a level of an array is indented by.
const INDENT: usize = 4;
/// `=` farther to the right than this are not kept there.
const MAX_COLUMN: usize = 40;

/// `text`, which is TOML, laid out. Laid out once more it stays as it is.
///
/// The kind of the first line end is that of all.
pub(crate) fn formatted(text: &str) -> String {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let windows = text.find('\n').is_some_and(|at| text[..at].ends_with('\r'));
    // Inside of text, too: the reader takes either for a line feed (SPEC-25).
    let text = text.replace("\r\n", "\n");
    let laid_out = lines::render(parts::parts_of(&text));
    if windows { laid_out.replace('\n', "\r\n") } else { laid_out }
}

#[cfg(test)]
mod tests;
