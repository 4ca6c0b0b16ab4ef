//! The tables of accounts: users and groups, what they may do, their sessions and tokens, and what
//! was done in the admin site.
//!
//! `backsmith makemigrations` reads this file, as it reads the models of every app. The relations of models that a
//! project hardly refers to are spelled out: `#[sea_orm::model]` writes a loader of related rows, too, which takes
//! half a second to compile for each.

#![allow(
    missing_docs,
    reason = "columns say what they hold, and SeaORM's derive documents nothing"
)]

/// Somebody who can log in.
pub mod user {
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "auth_user")]
    pub struct Model {
        #[sea_orm(primary_key)]
        pub id: i64,
        /// An argon2id hash in the PHC format.
        #[sea_orm(column_type = "String(StringLen::N(128))")]
        pub password: String,
        pub last_login: Option<DateTimeUtc>,
        #[sea_orm(default_value = false)]
        pub is_superuser: bool,
        #[sea_orm(column_type = "String(StringLen::N(150))", unique)]
        pub username: String,
        #[sea_orm(column_type = "String(StringLen::N(150))", default_value = "")]
        pub first_name: String,
        #[sea_orm(column_type = "String(StringLen::N(150))", default_value = "")]
        pub last_name: String,
        #[sea_orm(column_type = "String(StringLen::N(254))", default_value = "")]
        pub email: String,
        /// May log in to the admin site.
        #[sea_orm(default_value = false)]
        pub is_staff: bool,
        /// An account is deactivated, not deleted, so that what it has made stays explained.
        #[sea_orm(default_value = true)]
        pub is_active: bool,
        pub date_joined: DateTimeUtc,
        #[sea_orm(has_many, via = "user_group")]
        pub groups: HasMany<super::group::Entity>,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

/// Users who may do the same.
pub mod group {
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "auth_group")]
    pub struct Model {
        #[sea_orm(primary_key)]
        pub id: i64,
        #[sea_orm(column_type = "String(StringLen::N(150))", unique)]
        pub name: String,
        #[sea_orm(has_many, via = "user_group")]
        pub users: HasMany<super::user::Entity>,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

/// The members of groups.
pub mod user_group {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "auth_user_group")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub user_id: i64,
        #[sea_orm(primary_key, auto_increment = false, indexed)]
        pub group_id: i64,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {
        #[sea_orm(
            belongs_to = "super::user::Entity",
            from = "Column::UserId",
            to = "super::user::Column::Id",
            on_delete = "Cascade"
        )]
        User,
        #[sea_orm(
            belongs_to = "super::group::Entity",
            from = "Column::GroupId",
            to = "super::group::Column::Id",
            on_delete = "Cascade"
        )]
        Group,
    }

    impl Related<super::user::Entity> for Entity {
        fn to() -> RelationDef {
            Relation::User.def()
        }
    }

    impl Related<super::group::Entity> for Entity {
        fn to() -> RelationDef {
            Relation::Group.def()
        }
    }

    impl ActiveModelBehavior for ActiveModel {}
}

/// The permissions of a user besides those of the groups.
pub mod user_permission {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "auth_user_permission")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub user_id: i64,
        /// App, action and model: `api.add_task`.
        #[sea_orm(
            primary_key,
            auto_increment = false,
            column_type = "String(StringLen::N(150))"
        )]
        pub permission: String,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {
        #[sea_orm(
            belongs_to = "super::user::Entity",
            from = "Column::UserId",
            to = "super::user::Column::Id",
            on_delete = "Cascade"
        )]
        User,
    }

    impl Related<super::user::Entity> for Entity {
        fn to() -> RelationDef {
            Relation::User.def()
        }
    }

    impl ActiveModelBehavior for ActiveModel {}
}

/// The permissions of everybody in a group.
pub mod group_permission {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "auth_group_permission")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub group_id: i64,
        /// App, action and model: `api.add_task`.
        #[sea_orm(
            primary_key,
            auto_increment = false,
            column_type = "String(StringLen::N(150))"
        )]
        pub permission: String,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {
        #[sea_orm(
            belongs_to = "super::group::Entity",
            from = "Column::GroupId",
            to = "super::group::Column::Id",
            on_delete = "Cascade"
        )]
        Group,
    }

    impl Related<super::group::Entity> for Entity {
        fn to() -> RelationDef {
            Relation::Group.def()
        }
    }

    impl ActiveModelBehavior for ActiveModel {}
}

/// A browser that is logged in.
pub mod session {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "auth_session")]
    pub struct Model {
        /// SHA-256 of the cookie: who reads the table cannot log in with it.
        #[sea_orm(
            primary_key,
            auto_increment = false,
            column_type = "String(StringLen::N(64))"
        )]
        pub key_hash: String,
        #[sea_orm(indexed)]
        pub user_id: i64,
        /// SHA-256 of the password's hash at login: a new password ends the session.
        #[sea_orm(column_type = "String(StringLen::N(64))")]
        pub password_hash: String,
        #[sea_orm(indexed)]
        pub expires_at: DateTimeUtc,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {
        #[sea_orm(
            belongs_to = "super::user::Entity",
            from = "Column::UserId",
            to = "super::user::Column::Id",
            on_delete = "Cascade"
        )]
        User,
    }

    impl Related<super::user::Entity> for Entity {
        fn to() -> RelationDef {
            Relation::User.def()
        }
    }

    impl ActiveModelBehavior for ActiveModel {}
}

/// A program that may act for a user.
pub mod token {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "auth_token")]
    pub struct Model {
        #[sea_orm(primary_key)]
        pub id: i64,
        /// SHA-256 of the token: it is shown once, when it is made.
        #[sea_orm(column_type = "String(StringLen::N(64))", unique)]
        pub key_hash: String,
        /// Its purpose, for people.
        #[sea_orm(column_type = "String(StringLen::N(150))", default_value = "")]
        pub name: String,
        #[sea_orm(indexed)]
        pub user_id: i64,
        pub created_at: DateTimeUtc,
        /// From when on it does not count any more; it counts forever without.
        #[sea_orm(indexed)]
        pub expires_at: Option<DateTimeUtc>,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {
        #[sea_orm(
            belongs_to = "super::user::Entity",
            from = "Column::UserId",
            to = "super::user::Column::Id",
            on_delete = "Cascade"
        )]
        User,
    }

    impl Related<super::user::Entity> for Entity {
        fn to() -> RelationDef {
            Relation::User.def()
        }
    }

    impl ActiveModelBehavior for ActiveModel {}
}

/// A login with a wrong name or password; many of them make the login wait.
pub mod login_failure {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "auth_login_failure")]
    pub struct Model {
        #[sea_orm(primary_key)]
        pub id: i64,
        /// SHA-256 of the name that was tried: people type passwords there, too.
        #[sea_orm(column_type = "String(StringLen::N(64))", indexed)]
        pub username_hash: String,
        #[sea_orm(column_type = "String(StringLen::N(45))", indexed)]
        pub address: String,
        #[sea_orm(indexed)]
        pub failed_at: DateTimeUtc,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// How often one client has asked lately, where requests are counted in the database.
pub mod throttle {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "auth_throttle")]
    pub struct Model {
        /// SHA-256 of the throttle and the client.
        #[sea_orm(
            primary_key,
            auto_increment = false,
            column_type = "String(StringLen::N(64))"
        )]
        pub key_hash: String,
        /// The moments that count, and how many requests came at each.
        #[sea_orm(column_type = "Text")]
        pub history: String,
        #[sea_orm(indexed)]
        pub expires_at: DateTimeUtc,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// How far a read-only copy of the database must have come for a client to see its own writes.
pub mod position {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "auth_position")]
    pub struct Model {
        /// Names the client: its credentials, signed with the site's key.
        #[sea_orm(
            primary_key,
            auto_increment = false,
            column_type = "String(StringLen::N(64))"
        )]
        pub client_hash: String,
        /// The place in PostgreSQL's log after its last write.
        pub position: i64,
        #[sea_orm(indexed)]
        pub written_at: DateTimeUtc,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// One change that was made in the admin site.
pub mod log_entry {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "auth_log_entry")]
    pub struct Model {
        #[sea_orm(primary_key)]
        pub id: i64,
        #[sea_orm(indexed)]
        pub made_at: DateTimeUtc,
        /// Nobody, when the user is deleted: what was done stays known.
        #[sea_orm(indexed)]
        pub user_id: Option<i64>,
        /// App and model: `api.task`.
        #[sea_orm(column_type = "String(StringLen::N(150))")]
        pub model: String,
        #[sea_orm(column_type = "String(StringLen::N(150))", indexed)]
        pub object_key: String,
        /// How the row was called then.
        #[sea_orm(column_type = "Text")]
        pub object: String,
        /// `add`, `change` or `delete`.
        #[sea_orm(column_type = "String(StringLen::N(10))")]
        pub action: String,
        /// By field: what it was and what it is.
        pub changes: Json,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {
        #[sea_orm(
            belongs_to = "super::user::Entity",
            from = "Column::UserId",
            to = "super::user::Column::Id",
            on_delete = "SetNull"
        )]
        User,
    }

    impl Related<super::user::Entity> for Entity {
        fn to() -> RelationDef {
            Relation::User.def()
        }
    }

    impl ActiveModelBehavior for ActiveModel {}
}
