//! The tables of accounts: users, their sessions, their tokens.
//!
//! `backsmith makemigrations` reads this file, as it reads the models of every app.

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
    }

    impl ActiveModelBehavior for ActiveModel {}
}

/// A browser that is logged in.
pub mod session {
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
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
        #[sea_orm(belongs_to, from = "user_id", to = "id", on_delete = "Cascade")]
        pub user: BelongsTo<super::user::Entity>,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

/// A program that may act for a user.
pub mod token {
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "auth_token")]
    pub struct Model {
        /// SHA-256 of the token.
        #[sea_orm(
            primary_key,
            auto_increment = false,
            column_type = "String(StringLen::N(64))"
        )]
        pub key_hash: String,
        #[sea_orm(indexed)]
        pub user_id: i64,
        pub created_at: DateTimeUtc,
        #[sea_orm(belongs_to, from = "user_id", to = "id", on_delete = "Cascade")]
        pub user: BelongsTo<super::user::Entity>,
    }

    impl ActiveModelBehavior for ActiveModel {}
}
