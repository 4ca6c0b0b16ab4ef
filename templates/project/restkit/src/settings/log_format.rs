//! How lines of the log are written: [`LogFormat`].

/// How lines of the log are written: `LOG_FORMAT`.
///
/// ```
/// use restkit::Settings;
/// use restkit::settings::LogFormat;
///
/// let settings = Settings {
///     log_format: LogFormat::Json,
///     ..Settings::default()
/// };
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LogFormat {
    /// A sentence a line, for people.
    #[default]
    Text,
    /// An object a line, for programs that collect logs.
    Json,
}
