//! The styles of names that `rename_all` knows.

use heck::{
    ToKebabCase, ToLowerCamelCase, ToShoutyKebabCase, ToShoutySnakeCase, ToSnakeCase, ToTitleCase,
    ToUpperCamelCase,
};
use syn::LitStr;

/// Returns the identifier `name` in the style of `rename_all`, as SeaORM's derives have it.
pub(super) fn renamed(name: &str, style: &LitStr) -> syn::Result<String> {
    Ok(match style.value().as_str() {
        "snake_case" | "snek_case" => name.to_snake_case(),
        "camelCase" | "mixed_case" => name.to_lower_camel_case(),
        "PascalCase" | "camel_case" => name.to_upper_camel_case(),
        "SCREAMING_SNAKE_CASE" | "shouty_snake_case" | "shouty_snek_case" => {
            name.to_shouty_snake_case()
        }
        "kebab-case" | "kebab_case" => name.to_kebab_case(),
        "SCREAMING-KEBAB-CASE" => name.to_shouty_kebab_case(),
        "title_case" => name.to_title_case(),
        "lowercase" => name.to_lowercase(),
        "UPPERCASE" => name.to_uppercase(),
        other => {
            return Err(syn::Error::new(
                style.span(),
                format!(
                    "unknown style `{other}`; supported: snake_case, camelCase, PascalCase, SCREAMING_SNAKE_CASE, \
                     kebab-case, SCREAMING-KEBAB-CASE, title_case, lowercase, UPPERCASE"
                ),
            ));
        }
    })
}
