//! The names that serializers, views and tests need, in one line: `use restkit::prelude::*;`
//!
//! The derives need the crates of their names in `Cargo.toml`, where a new project has them: garde,
//! schemars, sea-orm and serde.

pub use axum::http::{Method, StatusCode};
pub use chrono::Utc;
pub use garde::Validate;
pub use schemars::JsonSchema;
pub use sea_orm::prelude::{Date, DateTime, DateTimeUtc, Decimal, Json, Time, Uuid};
pub use sea_orm::{
    ActiveModelTrait, ActiveValue, ColumnTrait, DeriveIntoActiveModel, EntityTrait,
    IntoActiveModel, LoaderTrait, ModelTrait, Order, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, Select, Set, TransactionTrait,
};
pub use serde::{Deserialize, Serialize};
pub use serde_json::json;

pub use crate::model::ManyToMany;
pub use crate::query::Page;
pub use crate::rest::{
    Actions, NewRow, Representation, Row, delete, get, represent, represent_all, save, visible,
};
pub use crate::rules::{at_least, at_most};
pub use crate::serializer::{Nested, ReadOnly, Valid};
#[cfg(feature = "admin")]
pub use crate::{AdminSite, ModelAdmin};
pub use crate::{
    App, Authentication, Context, DefaultRouter, Error, Filters, Lookup, ModelViewSet, Pagination,
    Parser, Permission, Result, Routes, Settings, Throttle,
};
