//! The accounts in the admin site.

use sea_orm::{ActiveValue, Set};

use crate::admin::links::Links;
use crate::admin::options::ModelAdmin;
use crate::admin::site::AdminSite;
use crate::admin::store::Saving;
use crate::auth::models::{group, token, user};
use crate::auth::{password, permissions, validators};
use crate::secrets::{fingerprint, random_token};
use crate::{Error, FieldErrors, Result};

/// Registers the accounts.
pub fn register(site: &mut AdminSite) {
    site.register(users());
    site.register(
        ModelAdmin::new(group::Entity)
            .list_display([group::Column::Name])
            .search_fields([group::Column::Name])
            .superusers_only(["permission"])
            .names(permission_names("auth_group_permission", "group_id")),
    );
    site.register(
        ModelAdmin::new(token::Entity)
            .list_display([
                token::Column::Name,
                token::Column::UserId,
                token::Column::CreatedAt,
                token::Column::ExpiresAt,
            ])
            .exclude([token::Column::KeyHash])
            .readonly_fields([token::Column::CreatedAt])
            .display(|token| match token.name.as_str() {
                "" => format!("#{}", token.id),
                name => name.to_owned(),
            })
            .no_change()
            .save(save_token),
    );
}

fn users() -> ModelAdmin<user::Entity> {
    use user::Column::{
        DateJoined, Email, FirstName, IsActive, IsStaff, IsSuperuser, LastLogin, LastName, Username,
    };
    ModelAdmin::new(user::Entity)
        .list_display([Username, Email, FirstName, LastName, IsStaff, IsActive])
        .list_filter([IsStaff, IsSuperuser, IsActive])
        .search_fields([Username, FirstName, LastName, Email])
        .ordering([(Username, sea_orm::Order::Asc)])
        .fieldset("", [Username])
        .fieldset("Personal info", [FirstName, LastName, Email])
        .fieldset("Permissions", [IsActive, IsStaff, IsSuperuser])
        .fieldset("Important dates", [LastLogin, DateJoined])
        .readonly_fields([LastLogin, DateJoined])
        .superusers_only(["is_superuser", "is_staff", "auth_user_group", "permission"])
        .many_to_many::<group::Entity>("Groups")
        .names(permission_names("auth_user_permission", "user_id"))
        .display(|user| user.username.clone())
        .password_input("password1", "Password", PASSWORD_RULES)
        .password_input("password2", "Password, again", "")
        .tool("Change password", "password/")
        .save(save_user)
}

const PASSWORD_RULES: &str = "At least 8 characters, not too like the user's other data, not a common password, not only digits.";

fn permission_names(table: &str, own: &str) -> Links {
    Links::names("Permissions", [table, own, "permission"], |site| {
        let models = site.models().iter();
        let names = models.flat_map(|model| {
            permissions::ACTIONS.map(|action| permissions::name(model.app, action, &model.slug))
        });
        names.collect()
    })
}

async fn save_user(saving: Saving, mut user: user::ActiveModel) -> Result<user::ActiveModel> {
    let text = |value: &ActiveValue<String>| value.try_as_ref().cloned().unwrap_or_default();
    let (username, email) = (text(&user.username), text(&user.email));
    let mut errors = FieldErrors::new();
    let mut wrong = |field: &str, problem: &str| {
        errors
            .entry(field.to_owned())
            .or_default()
            .push(problem.to_owned());
    };
    validators::username(&username)
        .into_iter()
        .for_each(|problem| wrong("username", problem));
    validators::email(&email)
        .into_iter()
        .for_each(|problem| wrong("email", problem));
    if saving.is_new {
        let new = saving.field("password1");
        let attributes = [
            ("username", username.as_str()),
            ("email address", email.as_str()),
        ];
        for problem in validators::validate(new, &attributes) {
            wrong("password1", &problem);
        }
        if new != saving.field("password2") {
            wrong("password2", "The two password fields didn’t match.");
        }
    }
    if !errors.is_empty() {
        return Err(Error::Validation(errors));
    }
    if saving.is_new {
        user.password = Set(password::hash(saving.field("password1")).await?);
        user.date_joined = Set(chrono::Utc::now());
    }
    Ok(user)
}

/// The token is shown once, to whoever makes it; only superusers make one for somebody else.
async fn save_token(saving: Saving, mut token: token::ActiveModel) -> Result<token::ActiveModel> {
    let owner = token.user_id.try_as_ref().copied();
    let is_own = saving
        .ctx
        .user()
        .is_some_and(|user| user.is_superuser || Some(user.id) == owner);
    if !is_own {
        return Err(Error::field(
            "user_id",
            "You may make tokens only for yourself.",
        ));
    }
    let key = random_token()?;
    token.key_hash = Set(fingerprint(&key));
    token.created_at = Set(chrono::Utc::now());
    saving.message(format!("Keep this token, it is not shown again: {key}"));
    Ok(token)
}
