//! Compression of answers, where no proxy in front does it.

use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{NotForContentType, Predicate, SizeAbove};

/// Below this an answer fits into one packet either way.
const MIN_SIZE: u64 = 860;

/// Compresses texts. Pages are left out: they hold the CSRF token beside what somebody else may have written, and the
/// size of the two together tells of the token (<https://www.breachattack.com>). Pictures are compressed already.
pub(super) fn layer() -> CompressionLayer<impl Predicate> {
    let is_worth = SizeAbove::new(MIN_SIZE)
        .and(NotForContentType::const_new("text/html"))
        .and(NotForContentType::SSE)
        .and(NotForContentType::IMAGES)
        .and(NotForContentType::const_new("application/octet-stream"))
        .and(NotForContentType::const_new("application/zip"))
        .and(NotForContentType::const_new("application/pdf"))
        .and(NotForContentType::const_new("audio/"))
        .and(NotForContentType::const_new("video/"))
        .and(NotForContentType::const_new("font/"));
    CompressionLayer::new().compress_when(is_worth)
}
