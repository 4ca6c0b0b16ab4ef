//! The accounts in the admin site.

use crate::AdminSite;
use crate::auth::models::user;

/// Registers the accounts.
pub fn register(site: &mut AdminSite) {
    site.register::<user::Entity>();
}
