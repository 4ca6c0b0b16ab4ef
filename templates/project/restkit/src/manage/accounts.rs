//! `createsuperuser` and `changepassword`

use anyhow::{Context, Result};
use chrono::Utc;
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, QueryFilter, Set};

use crate::auth::models::user;
use crate::auth::{password, validators};
use crate::db::Connection;
use crate::manage::terminal::{ask, ask_password, confirm, is_interactive, say};
use crate::manage::{Failure, accounts_database};
use crate::site::session;
use crate::{Settings, program};

const MAX_TRIES: usize = 3;

#[derive(Debug, clap::Args)]
pub(super) struct CreateArgs {
    /// The new account's name
    #[arg(long)]
    username: Option<String>,
    /// Its address; may be empty
    #[arg(long)]
    email: Option<String>,
    /// Never ask; what is missing is in BACKSMITH_SUPERUSER_USERNAME, _EMAIL and _PASSWORD
    #[arg(long, alias = "noinput")]
    no_input: bool,
}

#[derive(Debug, clap::Args)]
pub(super) struct ChangeArgs {
    /// The account's name; yours on this machine if left out
    username: Option<String>,
    /// Never ask; the new password is in BACKSMITH_PASSWORD
    #[arg(long, alias = "noinput")]
    no_input: bool,
}

/// The known attributes of the new account.
struct Account {
    username: String,
    email: String,
    password: String,
}

/// Makes an account that may do everything.
pub(super) async fn create(settings: &Settings, args: &CreateArgs) -> Result<()> {
    if !args.no_input && !is_interactive() {
        return Err(Failure::new("there is no terminal to ask on")
            .hint(format!(
                "{}, with BACKSMITH_SUPERUSER_USERNAME and BACKSMITH_SUPERUSER_PASSWORD in the environment",
                program::command("createsuperuser --no-input")
            ))
            .unanswered()
            .into());
    }
    let db = accounts_database(settings).await?;
    let account = if args.no_input {
        from_environment(&db, args).await?
    } else {
        from_terminal(&db, args).await?
    };
    let new = user::ActiveModel {
        username: Set(account.username),
        email: Set(account.email),
        password: Set(password::hash(&account.password).await?),
        is_active: Set(true),
        is_staff: Set(true),
        is_superuser: Set(true),
        date_joined: Set(Utc::now()),
        ..Default::default()
    };
    new.insert(&db)
        .await
        .context("could not write the account")?;
    say("Superuser created successfully.");
    Ok(())
}

async fn from_environment(db: &Connection, args: &CreateArgs) -> Result<Account> {
    let username = args
        .username
        .clone()
        .or_else(|| superuser_variable("USERNAME"));
    let username = username.ok_or_else(|| missing("username", "USERNAME"))?;
    check_username(db, &username).await?;
    let email = args
        .email
        .clone()
        .or_else(|| superuser_variable("EMAIL"))
        .unwrap_or_default();
    check_email(&email)?;
    let password = superuser_variable("PASSWORD").ok_or_else(|| missing("password", "PASSWORD"))?;
    // As in Django, whoever sets the password by machine is trusted to have chosen it.
    Ok(Account {
        username,
        email,
        password,
    })
}

fn superuser_variable(name: &str) -> Option<String> {
    let read = |prefix: &str| environment_variable(&format!("{prefix}_SUPERUSER_{name}"));
    read("BACKSMITH").or_else(|| read("DJANGO"))
}

fn environment_variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

fn missing(what: &str, variable: &str) -> Failure {
    Failure::new(format!("with --no-input the {what} must be given")).hint(format!(
        "set BACKSMITH_SUPERUSER_{variable} in the environment"
    ))
}

async fn from_terminal(db: &Connection, args: &CreateArgs) -> Result<Account> {
    let username = match &args.username {
        Some(username) => {
            check_username(db, username).await?;
            username.clone()
        }
        None => ask_username(db).await?,
    };
    let email = match &args.email {
        Some(email) => {
            check_email(email)?;
            email.clone()
        }
        None => ask_until("Email address", |text| {
            check_email(text).map(|()| text.trim().to_owned())
        })?,
    };
    let password = ask_new_password(&[("username", &username), ("email", &email)])?;
    Ok(Account {
        username,
        email,
        password,
    })
}

async fn ask_username(db: &Connection) -> Result<String> {
    let own = own_name().filter(|name| !name.is_empty());
    let question = match &own {
        Some(own) => format!("Username (leave blank to use '{own}')"),
        None => "Username".to_owned(),
    };
    loop {
        let answer = ask(&question)?.trim().to_owned();
        let name = if answer.is_empty() {
            own.clone().unwrap_or_default()
        } else {
            answer
        };
        match check_username(db, &name).await {
            Ok(()) => return Ok(name),
            Err(error) => say(format!("Error: {error:#}")),
        }
    }
}

fn ask_until<T>(question: &str, check: impl Fn(&str) -> Result<T>) -> Result<T> {
    loop {
        match check(&ask(question)?) {
            Ok(value) => return Ok(value),
            Err(error) => say(format!("Error: {error:#}")),
        }
    }
}

/// The name of the person at this machine, as a username.
fn own_name() -> Option<String> {
    let name = std::env::var("USER")
        .or_else(|_| std::env::var("USERNAME"))
        .ok()?;
    Some(name.replace(' ', "").to_lowercase())
}

async fn check_username(db: &Connection, username: &str) -> Result<()> {
    if let Some(problem) = validators::username(username) {
        return Err(Failure::new(problem).into());
    }
    match find(db, username).await? {
        Some(_) => Err(Failure::new("That username is already taken.").into()),
        None => Ok(()),
    }
}

fn check_email(email: &str) -> Result<()> {
    match validators::email(email.trim()) {
        Some(problem) => Err(Failure::new(problem).into()),
        None => Ok(()),
    }
}

pub(super) async fn find(db: &Connection, username: &str) -> Result<Option<user::Model>> {
    let user = user::Entity::find()
        .filter(user::Column::Username.eq(username))
        .one(db)
        .await;
    user.context(Failure::new("the accounts cannot be read").hint(format!(
        "bring the database up to date first: {}",
        program::command("migrate")
    )))
}

/// Asks twice, until both are the same and good, or bad ones are wanted.
fn ask_new_password(attributes: &[(&str, &str)]) -> Result<String> {
    loop {
        match ask_password_once(attributes)? {
            Some(password) => return Ok(password),
            None => continue,
        }
    }
}

fn ask_password_once(attributes: &[(&str, &str)]) -> Result<Option<String>> {
    let password = ask_password("Password")?;
    if password.trim().is_empty() {
        say("Error: Blank passwords aren't allowed.");
        return Ok(None);
    }
    if password != ask_password("Password (again)")? {
        say("Error: Your passwords didn't match.");
        return Ok(None);
    }
    let problems = validators::validate(&password, attributes);
    problems.iter().for_each(say);
    let accepted =
        problems.is_empty() || confirm("Bypass password validation and create user anyway?")?;
    Ok(accepted.then_some(password))
}

/// Changes an account's password; its sessions end by that.
pub(super) async fn change(settings: &Settings, args: &ChangeArgs) -> Result<()> {
    let given = environment_variable("BACKSMITH_PASSWORD");
    if given.is_none() && (args.no_input || !is_interactive()) {
        let hint = "set BACKSMITH_PASSWORD in the environment, or run changepassword in a terminal";
        let failure = Failure::new("there is no terminal to ask for the password on");
        return Err(failure.hint(hint).unanswered().into());
    }
    let db = accounts_database(settings).await?;
    let username = args.username.clone().or_else(own_name).unwrap_or_default();
    let user = find(&db, &username).await?;
    let user = user.ok_or_else(|| Failure::new(format!("user '{username}' does not exist")))?;
    if let Some(new) = given {
        // As with createsuperuser, whoever sets it by machine is trusted to have chosen it.
        return set_password(&db, &user, &new).await;
    }
    say(format!("Changing password for user '{username}'"));
    for _ in 0..MAX_TRIES {
        let attributes = [
            ("username", user.username.as_str()),
            ("email", user.email.as_str()),
        ];
        if let Some(new) = ask_changed_password(&attributes)? {
            return set_password(&db, &user, &new).await;
        }
    }
    Err(Failure::new(format!(
        "aborting password change for user '{username}' after {MAX_TRIES} attempts"
    ))
    .into())
}

async fn set_password(db: &Connection, user: &user::Model, new: &str) -> Result<()> {
    let changed = session::set_password(db, user, new).await;
    changed.context("could not write the password")?;
    say(format!(
        "Password changed successfully for user '{}'",
        user.username
    ));
    Ok(())
}

fn ask_changed_password(attributes: &[(&str, &str)]) -> Result<Option<String>> {
    let password = ask_password("Password")?;
    if password.trim().is_empty() {
        say("Blank passwords aren't allowed.");
        return Ok(None);
    }
    if password != ask_password("Password (again)")? {
        say("Passwords do not match. Please try again.");
        return Ok(None);
    }
    let problems = validators::validate(&password, attributes);
    problems.iter().for_each(say);
    Ok(problems.is_empty().then_some(password))
}
