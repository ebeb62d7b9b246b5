//! The yearly premium of a vehicle.

use traverse_sdk::prelude::*;

#[capability]
fn premium(vehicle: Vehicle, claims: u8) -> Output {
    let surcharge = 50 * i64::from(claims);
    let premium = match vehicle {
        Vehicle::Car => 300 + surcharge,
        Vehicle::Van => 420 + surcharge,
        Vehicle::Motorcycle => 180 + surcharge,
        Vehicle::Trailer => 90,
    };
    Output { premium }
}
