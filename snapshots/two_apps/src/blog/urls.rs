//! The paths of this app, below the prefix that the site's `urls.rs` gives it. No logic here.

use restkit::DefaultRouter;

use super::views::BlogViewSet;

/// The routes of this app's API, with a root that lists them.
pub fn router() -> DefaultRouter {
    DefaultRouter::new().register::<BlogViewSet>("blogs")
}
