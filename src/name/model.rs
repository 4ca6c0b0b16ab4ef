//! The names of models, and what follows from them.

use std::str::FromStr;

use anyhow::Result;
use heck::{ToSnakeCase, ToUpperCamelCase};

use super::{AppName, DEPENDENCIES, KEYWORDS, LANGUAGE_CRATES, refuse_if_in};
use crate::error::Failure;

/// The name of a model, for example `LogEntry`: its types, its module and its table follow from it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModelName(String);

/// Longer names would break generated lines where rustfmt would not.
const MAX_MODEL_LENGTH: usize = 20;

impl ModelName {
    /// `Task`, the model of the tutorial.
    pub fn task() -> Self {
        Self("Task".to_owned())
    }

    /// The model that an app is called after: `Blog` for `blog`, `Entry` for `entries`.
    ///
    /// # Errors
    ///
    /// If that cannot be the name of a model.
    pub fn of_app(app: &AppName) -> Result<Self> {
        singular(app.as_ref()).to_upper_camel_case().parse()
    }

    /// `log_entry`
    pub fn module(&self) -> String {
        self.0.to_snake_case()
    }

    /// `log entries`
    pub fn plural(&self) -> String {
        plural(&self.module().replace('_', " "))
    }
}

impl FromStr for ModelName {
    type Err = anyhow::Error;

    fn from_str(name: &str) -> Result<Self> {
        let is_camel_case = name.to_upper_camel_case() == name
            && name.starts_with(|first: char| first.is_ascii_uppercase())
            && name.chars().all(|c| c.is_ascii_alphanumeric());
        if !is_camel_case || name.len() > MAX_MODEL_LENGTH {
            let failure = Failure::new(format!(
                "'{}' is not a valid model name",
                name.escape_debug()
            ));
            let hint = format!(
                "write words that begin with capital letters, {MAX_MODEL_LENGTH} letters and digits at most: Post, LogEntry"
            );
            return Err(failure.hint(hint).into());
        }
        let model = Self(name.to_owned());
        let module = model.module();
        refuse_if_in(&module, "model", KEYWORDS, "a keyword of Rust")?;
        refuse_if_in(&module, "model", LANGUAGE_CRATES, "a crate of the language")?;
        refuse_if_in(
            &module,
            "model",
            DEPENDENCIES,
            "a crate that the generated code uses",
        )?;
        Ok(model)
    }
}

impl AsRef<str> for ModelName {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

/// The English plural, by its regular rules.
fn plural(word: &str) -> String {
    let is_vowel = |letter: Option<char>| letter.is_some_and(|it| "aeiou".contains(it));
    if ["s", "x", "z", "ch", "sh"]
        .iter()
        .any(|end| word.ends_with(end))
    {
        return format!("{word}es");
    }
    match word.strip_suffix('y') {
        Some(stem) if !is_vowel(stem.chars().last()) => format!("{stem}ies"),
        _ => format!("{word}s"),
    }
}

fn singular(word: &str) -> String {
    if let Some(stem) = word.strip_suffix("ies").filter(|stem| stem.len() > 1) {
        return format!("{stem}y");
    }
    let es = ["sses", "xes", "zes", "ches", "shes"];
    if es.iter().any(|end| word.ends_with(end)) {
        return word[..word.len() - 2].to_owned();
    }
    let is_plural = word.ends_with('s') && !word.ends_with("ss") && !word.ends_with("us");
    word[..word.len() - usize::from(is_plural)].to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn models_are_called_as_their_apps() {
        for (app, model, plural) in [
            ("blog", "Blog", "blogs"),
            ("entries", "Entry", "entries"),
            ("log_entry", "LogEntry", "log entries"),
            ("boxes", "Box1", ""),
            ("news", "New", "news"),
            ("status", "Status", "statuses"),
            ("day", "Day", "days"),
        ] {
            let app: AppName = app.parse().unwrap();
            match ModelName::of_app(&app) {
                Ok(found) => {
                    assert_eq!(found.as_ref(), model);
                    assert_eq!(found.plural(), plural);
                }
                // `box` is a keyword.
                Err(_) => assert_eq!(plural, "", "{app}"),
            }
        }
        for bad in [
            "",
            "post",
            "Post_",
            "Type",
            "Pöst",
            "LogENTRY",
            "SeaOrm",
            "APostWithAVeryLongNameInIt",
        ] {
            assert!(bad.parse::<ModelName>().is_err(), "{bad}");
        }
    }
}
