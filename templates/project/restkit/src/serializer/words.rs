//! DRF's words for garde's rules.

use std::borrow::Cow;
use std::fmt::Display;

use garde::i18n::{I18n, InvalidCreditCard, InvalidEmail, InvalidPhoneNumber, InvalidUrl, IpKind};

/// Messages as Django's validators have them.
pub(super) struct Drf;

impl I18n for Drf {
    fn length_lower_than(&self, min: usize) -> Cow<'static, str> {
        match min {
            1 => "This field may not be blank.".into(),
            _ => format!("Ensure this field has at least {min} characters.").into(),
        }
    }

    fn length_greater_than(&self, max: usize) -> Cow<'static, str> {
        format!("Ensure this field has no more than {max} characters.").into()
    }

    fn range_lower_than(&self, min: &dyn Display) -> Cow<'static, str> {
        format!("Ensure this value is greater than or equal to {min}.").into()
    }

    fn range_greater_than(&self, max: &dyn Display) -> Cow<'static, str> {
        format!("Ensure this value is less than or equal to {max}.").into()
    }

    fn credit_card_invalid(&self, _: InvalidCreditCard) -> Cow<'static, str> {
        "Enter a valid card number.".into()
    }

    fn pattern_no_match(&self, _: &dyn Display) -> Cow<'static, str> {
        "This value does not match the required pattern.".into()
    }

    fn contains_missing(&self, pattern: &dyn Display) -> Cow<'static, str> {
        format!("Ensure this field contains \"{pattern}\".").into()
    }

    fn url_invalid(&self, _: InvalidUrl) -> Cow<'static, str> {
        "Enter a valid URL.".into()
    }

    fn prefix_missing(&self, pattern: &dyn Display) -> Cow<'static, str> {
        format!("Ensure this field begins with \"{pattern}\".").into()
    }

    fn suffix_missing(&self, pattern: &dyn Display) -> Cow<'static, str> {
        format!("Ensure this field ends with \"{pattern}\".").into()
    }

    fn phone_number_invalid(&self, _: InvalidPhoneNumber) -> Cow<'static, str> {
        "Enter a valid phone number.".into()
    }

    fn ip_invalid(&self, kind: IpKind) -> Cow<'static, str> {
        match kind {
            IpKind::Any => "Enter a valid IPv4 or IPv6 address.".into(),
            kind => format!("Enter a valid {kind} address.").into(),
        }
    }

    fn matches_field_mismatch(&self, field: &dyn Display) -> Cow<'static, str> {
        format!("This does not match {field}.").into()
    }

    fn email_invalid(&self, _: InvalidEmail) -> Cow<'static, str> {
        "Enter a valid email address.".into()
    }

    fn ascii_invalid(&self) -> Cow<'static, str> {
        "Only ASCII characters are allowed.".into()
    }

    fn alphanumeric_invalid(&self) -> Cow<'static, str> {
        "Only letters and digits are allowed.".into()
    }

    fn required_not_set(&self) -> Cow<'static, str> {
        "This field is required.".into()
    }
}
