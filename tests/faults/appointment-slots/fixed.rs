//! How many appointments fit into a day.

use traverse_sdk::prelude::*;

#[capability]
fn slots(opens: u16, closes: u16, minutes: u16) -> Output {
    if minutes == 0 {
        return Output { slots: 0 };
    }
    let (mut begins, mut slots) = (opens, 0);
    while begins + minutes <= closes {
        begins += minutes;
        slots += 1;
    }
    Output { slots }
}
