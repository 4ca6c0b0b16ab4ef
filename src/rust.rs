//! Reading the user's Rust, and editing it at the places that syn finds.

pub mod edit;
pub mod layout;

/// The syntax tree of `text`.
///
/// # Errors
///
/// If it is not Rust: where, and why in words.
pub fn parse(text: &str) -> syn::Result<syn::File> {
    syn::parse_file(text).map_err(|error| match error.to_string().as_str() {
        // proc-macro2's words for text that cannot even be cut into tokens.
        "cannot parse string into token stream" => {
            syn::Error::new(error.span(), "a bracket or a quote has no partner")
        }
        _ => error,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_rust_is_told_in_words() {
        let error = |text| parse(text).err().map(|error| error.to_string());
        assert_eq!(error("struct A;"), None);
        let unmatched = "a bracket or a quote has no partner";
        for text in ["struct A {", "fn a() { ( }", "const A: &str = \"a;"] {
            assert_eq!(error(text).as_deref(), Some(unmatched), "{text}");
        }
        assert!(error("struct;").is_some());
    }
}
