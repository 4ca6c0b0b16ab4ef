//! What staff see of this app in the admin site.

use restkit::AdminSite;

use super::models::task;

/// Registers this app's models.
pub fn register(site: &mut AdminSite) {
    site.register::<task::Entity>();
}
