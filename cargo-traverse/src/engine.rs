//! The runtime of the commands that call a module: few calls at once, compiled code kept between them.

use crate::toolchain::data::DataFolder;
use traverse_runtime::{Builder, Cache, Runtime};

/// So many calls at once; the commands make one after the other.
const PLACES: u32 = 2;

/// A builder with the command's cache, where the user has a folder for it.
pub(crate) fn builder() -> Builder {
    let builder = Runtime::builder().max_concurrent_calls(PLACES);
    match DataFolder::locate() {
        Ok(data) => builder.cache(Cache::at(data.compiled())),
        Err(_) => builder,
    }
}
