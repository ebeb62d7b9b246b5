//! `cargo traverse cache show` and `cargo traverse cache clear` (spec `CLI-112`).

use crate::args::{CacheArgs, CacheCommand};
use crate::error::CommandError;
use crate::report::{Report, Screen, grouped};
use crate::toolchain::data::DataFolder;
use serde::Serialize;
use std::path::PathBuf;
use traverse_runtime::Cache;

/// `{folder, entries, bytes, cleared}`
#[derive(Debug, Serialize)]
pub(crate) struct CacheReport {
    folder: PathBuf,
    entries: u64,
    bytes: u64,
    cleared: bool,
}

impl Report for CacheReport {
    fn render_human(&self, screen: &mut Screen) {
        let verb = if self.cleared { "cleared" } else { "compiled" };
        screen.line(format!(
            "{verb}: {} modules, {} bytes, in {}",
            self.entries,
            grouped(self.bytes),
            self.folder.display()
        ));
    }
}

/// Runs the command.
///
/// # Errors
///
/// `data-folder`, `cache-unreadable`.
pub(crate) fn execute(args: &CacheArgs) -> Result<CacheReport, CommandError> {
    let cache = Cache::at(DataFolder::locate()?.compiled());
    let cleared = args.command == CacheCommand::Clear;
    let found = if cleared { cache.clear() } else { cache.contents() };
    let verb = if cleared { "clear" } else { "read" };
    let found = found.map_err(|error| CommandError::io("cache-unreadable", verb, cache.folder(), &error))?;
    Ok(CacheReport { folder: cache.folder().to_owned(), entries: found.entries, bytes: found.bytes, cleared })
}
