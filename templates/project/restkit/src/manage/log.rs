//! The log of a server: one line for each request and for what went wrong.

mod json;

use std::fmt;
use std::io::{BufWriter, IsTerminal, Write};
use std::sync::OnceLock;
use std::time::Duration;

use tracing::{Event, Subscriber};
use tracing_appender::non_blocking::{ErrorCounter, NonBlockingBuilder, WorkerGuard};
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::fmt::format::{self, Format, FormatEvent, FormatFields, Writer};
use tracing_subscriber::fmt::time::SystemTime;
use tracing_subscriber::fmt::{self as lines, FmtContext};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::util::SubscriberInitExt;

use crate::settings::LogFormat;
use crate::{Settings, trace};

/// How much is logged unless `RUST_LOG` says otherwise, as in `warn,restkit=debug`.
const LOGGED: [(&str, LevelFilter); 2] =
    [("sqlx", LevelFilter::WARN), ("sea_orm", LevelFilter::WARN)];

/// The most lines that wait to be written. Past it, where nobody reads them, lines are lost and counted: the
/// server must not wait for its log.
const MAX_WAITING: usize = 10_000;

/// How many lines were lost.
static LOST: OnceLock<ErrorCounter> = OnceLock::new();

/// Logs requests and errors to stderr, from a thread of its own: no request waits for a terminal,
/// a pipe or a disk, and under load many lines are written at once.
pub(super) fn begin(settings: &Settings) -> WorkerGuard {
    let asked = std::env::var("RUST_LOG").ok();
    let filter = asked.and_then(|asked| asked.parse::<Targets>().ok());
    let filter = filter.unwrap_or_else(|| {
        let all = Targets::new().with_default(LevelFilter::INFO);
        all.with_targets(LOGGED)
    });
    let (writer, guard) = NonBlockingBuilder::default()
        .lossy(true)
        .buffered_lines_limit(MAX_WAITING)
        .finish(Gathered {
            writer: BufWriter::new(std::io::stderr()),
            told: 0,
        });
    let _ = LOST.set(writer.error_counter());
    let line = Line {
        // With DEBUG on there is one request at a time, and short lines read best.
        has_id: !settings.debug,
        format: settings.log_format,
        text: lines::format().with_target(false).compact(),
    };
    let layer = lines::layer()
        .with_ansi(std::io::stderr().is_terminal() && settings.log_format == LogFormat::Text)
        .with_writer(writer)
        .fmt_fields(format::debug_fn(write_field))
        .event_format(line);
    // A second subscriber can only mean that the project has set up its own.
    let _ = tracing_subscriber::registry()
        .with(layer)
        .with(filter)
        .try_init();
    guard
}

/// Writes a field of a line of text. What the message of a request says already has names with a dot.
fn write_field(
    writer: &mut Writer<'_>,
    field: &tracing::field::Field,
    value: &dyn fmt::Debug,
) -> fmt::Result {
    match field.name() {
        "message" => write!(writer, "{value:?}"),
        name if name.contains('.') => Ok(()),
        name => write!(writer, " {name}={value:?}"),
    }
}

/// A line: the id of the request in front, then what is usual; or an object of JSON.
struct Line {
    has_id: bool,
    format: LogFormat,
    text: Format<format::Compact, SystemTime>,
}

impl<S, N> FormatEvent<S, N> for Line
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    fn format_event(
        &self,
        ctx: &FmtContext<'_, S, N>,
        mut writer: Writer<'_>,
        event: &Event<'_>,
    ) -> fmt::Result {
        let id = trace::id();
        if self.format == LogFormat::Json {
            return writeln!(writer, "{}", json::line(event, id.as_deref()));
        }
        if let Some(id) = id.filter(|_| self.has_id) {
            write!(writer, "{id} ")?;
        }
        self.text.format_event(ctx, writer, event)
    }
}

/// Writes at once what has come since it wrote the last time, but not too often: waking the thread
/// that writes costs more than to make a line.
struct Gathered<W> {
    writer: W,
    /// How many lost lines were reported.
    told: usize,
}

impl<W: Write> Write for Gathered<W> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.writer.write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        let lost = LOST.get().map_or(0, ErrorCounter::dropped_lines);
        if lost > self.told {
            let now = lost - self.told;
            writeln!(
                self.writer,
                "{now} lines of the log were lost: nobody read them in time"
            )?;
            self.told = lost;
        }
        self.writer.flush()?;
        std::thread::sleep(Duration::from_millis(10));
        Ok(())
    }
}
