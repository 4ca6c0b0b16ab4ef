//! `admin.rs`

use super::field::{Field, Kind};
use super::line::Model;
use crate::rust::layout::{Brackets, WIDTH, list};

/// So many columns a list shows: more do not fit beside each other.
const MAX_SHOWN: usize = 5;

pub(in crate::scaffold) fn write(models: &[Model]) -> String {
    let mut modules: Vec<_> = models.iter().map(Model::module).collect();
    modules.sort();
    let uses = list("use super::models::", "", modules, ";", Brackets::Braces);
    let registered: String = models.iter().map(register).collect();
    format!(
        "//! How staff see this app in the admin site: columns, filters, search.

use restkit::{{AdminSite, ModelAdmin}};

{uses}

/// Registers this app's models.
pub fn register(site: &mut AdminSite) {{
{registered}}}
"
    )
}

pub(in crate::scaffold) fn register(model: &Model) -> String {
    let module = model.module();
    let column = |field: &Field| format!("{module}::Column::{}", field.variant());
    let is_short = |field: &&Field| !matches!(field.kind, Kind::Text | Kind::Json);
    let shown: Vec<_> = model
        .columns()
        .filter(is_short)
        .map(column)
        .take(MAX_SHOWN)
        .collect();
    let filtered = model
        .columns()
        .filter(|field| matches!(field.kind, Kind::Bool | Kind::Enum(_)));
    let filtered: Vec<_> = filtered.map(column).collect();
    let searched = model
        .columns()
        .filter(|field| matches!(field.kind, Kind::Str(_) | Kind::Text));
    let searched: Vec<_> = searched.map(column).collect();
    let indent = "            ";
    let mut calls = Vec::new();
    for (call, columns) in [
        (".list_display(", shown),
        (".list_filter(", filtered),
        (".search_fields(", searched),
    ] {
        if !columns.is_empty() {
            calls.push(list(call, indent, columns, ")", Brackets::Square));
        }
    }
    // rustfmt leaves a chain of one call on its line as long as the line holds it.
    if let [] | [_] = calls.as_slice() {
        let call = calls.first().map_or("", |call| call.trim_start());
        let line = format!("    site.register(ModelAdmin::new({module}::Entity){call});");
        if line.len() <= WIDTH && !call.contains('\n') {
            return format!("{line}\n");
        }
        if call.contains('\n') {
            let call = call.replace(&format!("\n{}", &indent[4..]), "\n");
            return format!("    site.register(ModelAdmin::new({module}::Entity){call});\n");
        }
        // Of three columns or more, it is the list that is broken, and not the chain.
        if call.matches(", ").count() > 1 {
            let call = call
                .replace("([", "([\n        ")
                .replace(", ", ",\n        ")
                .replace("])", ",\n    ])");
            return format!("    site.register(ModelAdmin::new({module}::Entity){call});\n");
        }
        let line = format!("        ModelAdmin::new({module}::Entity){call},");
        if line.len() <= WIDTH {
            return format!("    site.register(\n{line}\n    );\n");
        }
    }
    format!(
        "    site.register(\n        ModelAdmin::new({module}::Entity)\n{},\n    );\n",
        calls.join("\n")
    )
}
