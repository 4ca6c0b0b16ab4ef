//! Permissions such as `api.add_task`, given to a user or to a group.
//!
//! There is no table of permissions. Every model has four, [`ACTIONS`], whose names are made of the
//! app's label, the action and the model; a project may check and give others by any name.

use std::collections::BTreeSet;

use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect,
    QueryTrait, Set,
};

use crate::Result;
use crate::auth::models::{group_permission, user, user_group, user_permission};

/// The actions that can be permitted on every model.
pub const ACTIONS: [&str; 4] = ["add", "change", "delete", "view"];

/// `api.add_task` for the app `api`, the action `add` and the model `task`.
pub fn name(app: &str, action: &str, model: &str) -> String {
    format!("{app}.{action}_{model}")
}

/// Everything that one user may do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Permissions {
    /// A superuser's.
    All,
    /// These and no others.
    Only(BTreeSet<String>),
}

impl Permissions {
    /// Returns whether `permission` is among them.
    pub fn has(&self, permission: &str) -> bool {
        match self {
            Self::All => true,
            Self::Only(names) => names.contains(permission),
        }
    }
}

/// Returns whether `user` may do `permission`, such as `api.add_task`.
///
/// # Errors
///
/// If the database fails.
pub async fn has_perm<C: ConnectionTrait>(
    db: &C,
    user: &user::Model,
    permission: &str,
) -> Result<bool> {
    Ok(permissions_of(db, user).await?.has(permission))
}

/// Everything that `user` may do: all for an active superuser, nothing for a deactivated user.
///
/// # Errors
///
/// If the database fails.
pub async fn permissions_of<C: ConnectionTrait>(db: &C, user: &user::Model) -> Result<Permissions> {
    if !user.is_active {
        return Ok(Permissions::Only(BTreeSet::new()));
    }
    if user.is_superuser {
        return Ok(Permissions::All);
    }
    let own: Vec<String> = user_permission::Entity::find()
        .select_only()
        .column(user_permission::Column::Permission)
        .filter(user_permission::Column::UserId.eq(user.id))
        .into_tuple()
        .all(db)
        .await?;
    let groups = user_group::Entity::find()
        .select_only()
        .column(user_group::Column::GroupId)
        .filter(user_group::Column::UserId.eq(user.id))
        .into_query();
    let shared: Vec<String> = group_permission::Entity::find()
        .select_only()
        .column(group_permission::Column::Permission)
        .filter(group_permission::Column::GroupId.in_subquery(groups))
        .into_tuple()
        .all(db)
        .await?;
    Ok(Permissions::Only(own.into_iter().chain(shared).collect()))
}

/// Permits something to a user.
///
/// # Errors
///
/// If the database fails, or the user has the permission already.
pub async fn grant_user<C: ConnectionTrait>(db: &C, user_id: i64, permission: &str) -> Result<()> {
    let new = user_permission::ActiveModel {
        user_id: Set(user_id),
        permission: Set(permission.to_owned()),
    };
    new.insert(db).await?;
    Ok(())
}

/// Permits something to everybody in a group.
///
/// # Errors
///
/// If the database fails, or the group has the permission already.
pub async fn grant_group<C: ConnectionTrait>(
    db: &C,
    group_id: i64,
    permission: &str,
) -> Result<()> {
    let new = group_permission::ActiveModel {
        group_id: Set(group_id),
        permission: Set(permission.to_owned()),
    };
    new.insert(db).await?;
    Ok(())
}
