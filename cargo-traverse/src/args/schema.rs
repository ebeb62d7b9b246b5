//! Arguments of `schema`.

use clap::{Args, ValueEnum};
use serde::Serialize;

#[derive(Debug, Args)]
pub(crate) struct SchemaArgs {
    /// The file that the schema is of
    #[arg(value_name = "FILE")]
    pub(crate) of: SchemaOf,
}

/// The files that have a JSON Schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum SchemaOf {
    /// traverse.spec.toml
    Spec,
    /// traverse.package.toml
    Package,
}

pub(super) const HELP: &str = "\
With it an editor completes and checks the file. A project made by `new` has both schemas in
.traverse/, and names them in .taplo.toml. The schema of a capability's own input and output is
shown by `cargo traverse check --schema`.

Examples:
  cargo traverse schema spec
  cargo traverse schema package > package.schema.json

Exit codes:
  0  written
  2  wrong arguments";
