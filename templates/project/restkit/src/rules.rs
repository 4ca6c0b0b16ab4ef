//! Rules for `#[garde(custom(...))]` that garde's own attributes cannot say.

use std::fmt::Display;

/// At least `min`, for a number of any type. (`range` does not compile on a `Decimal`, since the schema
/// of the type would have to hold it as a number.)
///
/// ```
/// use garde::Validate;
/// use restkit::rules::{at_least, at_most};
/// use sea_orm::prelude::Decimal;
///
/// #[derive(Validate)]
/// struct Offer {
///     #[garde(custom(at_least(0)), custom(at_most(1000)))]
///     price: Decimal,
///     #[garde(inner(custom(at_least(1))))]
///     discount: Option<Decimal>,
/// }
///
/// let offer = Offer { price: Decimal::NEGATIVE_ONE, discount: None };
/// let report = offer.validate().unwrap_err().to_string();
/// assert!(report.contains("Ensure this value is greater than or equal to 0."));
/// ```
pub fn at_least<T: PartialOrd + Display>(
    min: impl Into<T>,
) -> impl FnOnce(&T, &()) -> garde::Result {
    let min = min.into();
    move |value, _| {
        if *value < min {
            let words = format!("Ensure this value is greater than or equal to {min}.");
            return Err(garde::Error::new(words));
        }
        Ok(())
    }
}

/// At most `max`, for a number of any type.
pub fn at_most<T: PartialOrd + Display>(
    max: impl Into<T>,
) -> impl FnOnce(&T, &()) -> garde::Result {
    let max = max.into();
    move |value, _| {
        if *value > max {
            let words = format!("Ensure this value is less than or equal to {max}.");
            return Err(garde::Error::new(words));
        }
        Ok(())
    }
}
