//! How the engine is set up, and the two ways to have memory for a guest: a place that is made once and cleaned after each call,
//! or made for the call. Places are several times as fast; a module that does not fit them has memory of its own.

use super::place::{self, Places};
use std::sync::Arc;
use wasmparser::{Parser, Payload};
use wasmtime::{
    Config, InstanceAllocationStrategy, OperatorCost, OptLevel, PoolingAllocationConfig, WasmFeatures,
};

/// What the guest's own calls may use of the host's stack.
const GUEST_STACK_BYTES: usize = 512 << 10;
/// Flat fuel cost of `memory.grow` and `table.grow`, which ask the operating system.
const GROW_FUEL: u8 = 200;
/// Address space of a place's memory: all that a module can name. Only what a guest touches is memory of the machine.
const MEMORY_BYTES: usize = 4 << 30;
/// Elements of a place's table. A Rust guest has some dozens.
const TABLE_ELEMENTS: usize = 10_000;
/// Memory and table of a place that is free stay with it up to these, and are cleaned by writing in place of asking the
/// operating system for new ones. A module that `build` makes begins with less.
const RESIDENT_MEMORY_BYTES: usize = 512 << 10;
const RESIDENT_TABLE_BYTES: usize = 8 << 10;
/// So many free places keep their memory.
const RESIDENT_PLACES: u32 = 16;

/// What every engine here does alike.
fn deterministic() -> Config {
    let mut cost = OperatorCost::new();
    cost.MemoryGrow = GROW_FUEL;
    cost.TableGrow = GROW_FUEL;
    let mut config = Config::new();
    config
        .consume_fuel(true)
        .operator_cost(cost)
        .cranelift_opt_level(OptLevel::Speed)
        // The same bits on every host: one NaN, no instruction whose result the hardware chooses.
        .cranelift_nan_canonicalization(true)
        .wasm_relaxed_simd(false)
        .wasm_memory64(false)
        .wasm_multi_memory(false)
        // What the engine has where a crate beside this one asks it for it, and what would have memory of the host's.
        .wasm_features(WasmFeatures::GC | WasmFeatures::GC_TYPES, false)
        .wasm_features(WasmFeatures::EXCEPTIONS | WasmFeatures::LEGACY_EXCEPTIONS, false)
        .wasm_features(WasmFeatures::THREADS | WasmFeatures::SHARED_EVERYTHING_THREADS, false)
        .wasm_features(WasmFeatures::STACK_SWITCHING | WasmFeatures::COMPONENT_MODEL, false)
        .max_wasm_stack(GUEST_STACK_BYTES)
        // Data is copied, and paid for, wherever the memory lies.
        .memory_init_cow(false);
    config
}

/// Whether the module's tables cannot outgrow a place: a call ends the same way with a pool and without.
pub(super) fn has_room_for_tables(module: &[u8]) -> bool {
    let tables = |payload| match payload {
        Ok(Payload::TableSection(tables)) => tables.into_iter().all(|table| {
            table.is_ok_and(|table| table.ty.maximum.is_some_and(|most| most <= TABLE_ELEMENTS as u64))
        }),
        payload => payload.is_ok(),
    };
    Parser::new(0).parse_all(module).all(tables)
}

/// An instance is made for each call.
pub(super) fn on_demand() -> Config {
    deterministic()
}

/// At most `places` calls at once, each in a place of its own; nothing where the system has no address space for one.
///
/// On Linux the places are the runtime's own, elsewhere the engine's.
pub(super) fn pooled(places: u32) -> Option<(Config, Option<Arc<Places>>)> {
    let mut config = deterministic();
    if cfg!(target_os = "linux") {
        let places = Places::new(places)?;
        place::configure(&mut config);
        return Some((config, Some(Arc::new(places))));
    }
    let mut pool = PoolingAllocationConfig::default();
    pool.total_core_instances(places)
        .total_memories(places)
        .total_tables(places)
        .max_memories_per_module(1)
        .max_tables_per_module(1)
        .table_elements(TABLE_ELEMENTS)
        .max_memory_size(MEMORY_BYTES)
        .linear_memory_keep_resident(RESIDENT_MEMORY_BYTES)
        .table_keep_resident(RESIDENT_TABLE_BYTES)
        .max_unused_warm_slots(RESIDENT_PLACES);
    config.allocation_strategy(InstanceAllocationStrategy::Pooling(pool));
    Some((config, None))
}
