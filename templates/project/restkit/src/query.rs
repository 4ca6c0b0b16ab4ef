//! The rows of a list: filters, order and pages.

pub(crate) mod filters;
pub(crate) mod pagination;
pub(crate) mod parameter;

pub use filters::{Filters, Lookup};
pub(crate) use pagination::Shape;
pub use pagination::{Page, Pagination};
pub use parameter::Parameter;
