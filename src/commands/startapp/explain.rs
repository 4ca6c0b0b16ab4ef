//! A line of fields in its long form, as a lesson.

use crate::scaffold::fields::{Field, Kind, Model, TYPES, show_field};
use crate::ui;

/// Says what each field has become, and by which rule.
pub fn tell(models: &[Model]) {
    for model in models {
        ui::say(format!(
            "\n{}, a row of the table for {}:",
            model.name(),
            model.model.plural()
        ));
        for field in &model.fields {
            ui::say(format!("  {}", field.word));
            for line in show_field(model, field).lines() {
                ui::say(format!("      {}", line.trim_start()));
            }
            for lesson in lessons(field) {
                ui::say(format!("    {lesson}"));
            }
        }
    }
}

fn lessons(field: &Field) -> Vec<String> {
    let type_name = field.word.split(':').nth(1).unwrap_or_default();
    let type_name: String = type_name
        .chars()
        .take_while(|letter| letter.is_ascii_alphanumeric())
        .collect();
    let words = TYPES.iter().find(|(name, _)| *name == type_name);
    let mut lessons: Vec<String> = words
        .map(|(name, words)| format!("{name}: {words}"))
        .into_iter()
        .collect();
    let mut add = |words: &str| lessons.push(words.to_owned());
    if field.is_optional {
        add("?: may be empty, so it is an Option; a client may leave it out");
    }
    if field.is_unique {
        add("!: no two rows have the same; the database refuses it, and a client gets 400");
    }
    if field.is_indexed {
        add("#: has an index, so that searching by it does not read the whole table");
    }
    if let Some(default) = &field.default {
        lessons.push(format!(
            "={default}: what a row has where a client sends nothing"
        ));
    }
    match field.kind {
        Kind::Fk(_) => lessons.push(format!(
            "the column `{}` holds the key, with an index; clients see it as `{}`, and to show the row itself: docs/howto.md, nested output",
            field.column(),
            field.name
        )),
        Kind::M2m(_) => lessons.push("a table between the two holds the pairs; clients see a list of keys".to_owned()),
        _ => {}
    }
    lessons
}
