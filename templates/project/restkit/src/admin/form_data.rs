//! The forms that browsers send.

use crate::serializer::body;
use crate::site::csrf;
use crate::{Context, Result};

/// A list with values to change has several fields for each of its cells, and staff are known: they may send
/// so many times more fields than strangers.
const FIELDS_OF_STAFF: usize = 10;

/// The fields of a form that one of our own pages has sent.
#[derive(Debug, Default)]
pub(super) struct FormData(Vec<(String, String)>);

impl FormData {
    /// Reads a form, and refuses it if another site's page has sent it.
    ///
    /// # Errors
    ///
    /// 400 if it has too many fields, 403 without the token of our pages, 413 if it is too large.
    pub async fn read(ctx: &Context, body: axum::body::Body) -> Result<Self> {
        let bytes = body::bytes(body, ctx.settings()).await?;
        let most = ctx.settings().max_fields * FIELDS_OF_STAFF;
        let pairs = body::pairs(&bytes, most)?.into_iter();
        // Browsers end the lines of a text by CR and LF, whatever they were before.
        let pairs = pairs.map(|(name, value)| (name, value.replace("\r\n", "\n")));
        let form = Self(pairs.collect());
        csrf::check(ctx, form.find(csrf::FIELD))?;
        Ok(form)
    }

    pub fn find(&self, name: &str) -> Option<&str> {
        let mut pairs = self.0.iter();
        pairs
            .find(|(other, _)| other == name)
            .map(|(_, value)| value.as_str())
    }

    /// All of it but the token, as forms are encoded.
    pub fn to_text(&self) -> String {
        let pairs = self.0.iter().filter(|(name, _)| name != csrf::FIELD);
        let mut text = form_urlencoded::Serializer::new(String::new());
        text.extend_pairs(pairs);
        text.finish()
    }

    /// The names of all fields.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(name, _)| name.as_str())
    }

    /// The value of a field; nothing if it was not sent.
    pub fn get(&self, name: &str) -> &str {
        self.find(name).unwrap_or_default()
    }

    /// The values of a field that may be sent several times.
    pub fn all<'f>(&'f self, name: &'f str) -> impl Iterator<Item = &'f str> {
        let pairs = self.0.iter().filter(move |(other, _)| other == name);
        pairs.map(|(_, value)| value.as_str())
    }
}
