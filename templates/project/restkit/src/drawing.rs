//! Pictures of boxes and arrows: pure functions from what they show to SVG.

pub(crate) mod column;
pub(crate) mod layers;
pub(crate) mod svg;
