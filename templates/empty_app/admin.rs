//! How staff see this app in the admin site: columns, filters, search.

use restkit::AdminSite;

/// Registers this app's models: `site.register(ModelAdmin::new(task::Entity))`.
pub fn register(_site: &mut AdminSite) {}
