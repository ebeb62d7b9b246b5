//! Meters memory: what the guest holds, the most it ever held, and the first growth that was refused.

use wasmtime::ResourceLimiter;

/// What one element of a table counts for, on every host.
const TABLE_ELEMENT_BYTES: u64 = 8;

/// Tables that one module may have; a Rust guest has one.
pub(super) const MAX_TABLES: usize = 16;

/// Linear memory and tables together stay within one limit (spec RUN-11).
#[derive(Debug)]
pub(super) struct Meter {
    limit_bytes: u64,
    memory_bytes: u64,
    memory_before_growth: u64,
    table_bytes: u64,
    table_before_growth: u64,
    peak_memory_bytes: u64,
    refused_bytes: Option<u64>,
}

impl Meter {
    pub(super) fn new(limit_bytes: u64) -> Meter {
        Meter {
            limit_bytes,
            memory_bytes: 0,
            memory_before_growth: 0,
            table_bytes: 0,
            table_before_growth: 0,
            peak_memory_bytes: 0,
            refused_bytes: None,
        }
    }

    /// The most linear memory that the guest held at once.
    pub(super) fn peak_bytes(&self) -> u64 {
        self.peak_memory_bytes
    }

    /// What the guest would have held after the growth that was refused, if one was.
    pub(super) fn refused_bytes(&self) -> Option<u64> {
        self.refused_bytes
    }

    fn admits(&mut self, wanted_bytes: u64) -> bool {
        let fits = wanted_bytes <= self.limit_bytes;
        if !fits {
            self.refused_bytes.get_or_insert(wanted_bytes);
        }
        fits
    }
}

impl ResourceLimiter for Meter {
    fn memory_growing(
        &mut self,
        current: usize,
        desired: usize,
        maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        // A maximum that the module sets itself is its own affair, not a refusal of the host's.
        if maximum.is_some_and(|maximum| desired > maximum) {
            return Ok(false);
        }
        let memory_bytes = self.memory_bytes.saturating_sub(current as u64).saturating_add(desired as u64);
        if !self.admits(memory_bytes.saturating_add(self.table_bytes)) {
            return Ok(false);
        }
        self.memory_before_growth = self.memory_bytes;
        self.memory_bytes = memory_bytes;
        self.peak_memory_bytes = self.peak_memory_bytes.max(memory_bytes);
        Ok(true)
    }

    fn memory_grow_failed(&mut self, _error: wasmtime::Error) -> wasmtime::Result<()> {
        // The operating system refused what the limit allowed.
        self.refused_bytes.get_or_insert(self.memory_bytes);
        self.memory_bytes = self.memory_before_growth;
        Ok(())
    }

    fn table_growing(
        &mut self,
        current: usize,
        desired: usize,
        maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        if maximum.is_some_and(|maximum| desired > maximum) {
            return Ok(false);
        }
        let bytes = |elements: usize| (elements as u64).saturating_mul(TABLE_ELEMENT_BYTES);
        let table_bytes = self.table_bytes.saturating_sub(bytes(current)).saturating_add(bytes(desired));
        if !self.admits(table_bytes.saturating_add(self.memory_bytes)) {
            return Ok(false);
        }
        self.table_before_growth = self.table_bytes;
        self.table_bytes = table_bytes;
        Ok(true)
    }

    fn table_grow_failed(&mut self, _error: wasmtime::Error) -> wasmtime::Result<()> {
        self.refused_bytes.get_or_insert(self.memory_bytes.saturating_add(self.table_bytes));
        self.table_bytes = self.table_before_growth;
        Ok(())
    }

    fn instances(&self) -> usize {
        1
    }

    fn memories(&self) -> usize {
        1
    }

    fn tables(&self) -> usize {
        MAX_TABLES
    }
}
