//! Who wins an auction: the highest bid, of equal ones the earliest.

use traverse_sdk::prelude::*;

use std::cmp::Reverse;

#[capability]
fn auction(bids: Vec<Bid>) -> Bid {
    let mut bids = bids;
    bids.sort_by_key(|bid| Reverse(bid.amount));
    bids.swap_remove(0)
}
