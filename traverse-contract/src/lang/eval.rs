//! [`TypedExpr`] on JSON.
