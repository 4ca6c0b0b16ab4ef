//! restkit
