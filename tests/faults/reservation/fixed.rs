//! Whether everything in an order is in stock.

use traverse_sdk::prelude::*;

use std::collections::BTreeMap;

#[capability]
fn reserve(stock: BTreeMap<String, u16>, order: BTreeMap<String, u8>) -> Output {
    let accepted =
        order.iter().all(|(sku, wanted)| stock.get(sku).is_some_and(|there| *there >= u16::from(*wanted)));
    Output { accepted }
}
