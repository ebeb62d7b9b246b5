//! Parts a list into pages.

use traverse_sdk::prelude::*;

#[capability]
fn pages(rows: Vec<String>, per_page: u8) -> Output {
    let pages = rows.chunks_exact(usize::from(per_page)).map(<[String]>::to_vec).collect();
    Output { pages }
}
