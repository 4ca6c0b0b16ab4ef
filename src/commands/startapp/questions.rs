//! The model of a new app, asked for field by field.

use anyhow::Result;

use crate::name::ModelName;
use crate::prompt;
use crate::scaffold::fields::{self, Field, TYPES};
use crate::ui;

/// Returns whether somebody is there to answer.
pub fn are_possible() -> bool {
    prompt::is_possible()
}

/// Asks for a model and its fields, and shows the model as it grows: the words of the line that says the same. With
/// a model alone its fields were left blank.
///
/// # Errors
///
/// If the question is interrupted.
pub fn ask_model(name: Option<&str>, default: Option<&str>) -> Result<Vec<String>> {
    let name = match name {
        Some(name) => name.to_owned(),
        None => prompt::input("Model", default, |text| text.parse::<ModelName>().map(drop))?,
    };
    let mut words = vec![name];
    ui::say("Fields as NAME:TYPE, for example title:str:200 or due:date?");
    ui::say(format!(
        "  types: {}",
        TYPES.map(|(name, _)| name).join(" ")
    ));
    ui::say("  marks: ? may be empty, ! is unique, # has an index, =VALUE is the default");
    loop {
        let question = match words.len() {
            1 if default.is_some() => "Field (leave blank for title and a flag)",
            1 => "Field",
            _ => "Field (leave blank to end)",
        };
        let is_needed = words.len() == 1 && default.is_none();
        let word = prompt::input(question, (!is_needed).then_some(""), |text| {
            check(&words, text, is_needed)
        })?;
        if word.is_empty() {
            return Ok(words);
        }
        words.extend(word.split_whitespace().map(str::to_owned));
        if let Ok(models) = fields::parse(&words) {
            ui::say(fields::show(&models));
        }
    }
}

fn check(words: &[String], text: &str, is_needed: bool) -> Result<()> {
    if text.trim().is_empty() && !is_needed {
        return Ok(());
    }
    for word in text.split_whitespace() {
        Field::parse(word)?;
    }
    let all: Vec<_> = words
        .iter()
        .cloned()
        .chain(text.split_whitespace().map(str::to_owned))
        .collect();
    fields::parse(&all).map(drop)
}
