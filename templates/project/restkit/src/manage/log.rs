//! The log of a server: one line for each request and for what went wrong.

use std::fmt;
use std::io::{BufWriter, IsTerminal, Write};
use std::time::Duration;

use tracing::{Event, Subscriber};
use tracing_appender::non_blocking::{NonBlockingBuilder, WorkerGuard};
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::fmt::format::{self, Format, FormatEvent, FormatFields, Writer};
use tracing_subscriber::fmt::time::SystemTime;
use tracing_subscriber::fmt::{self as lines, FmtContext};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::util::SubscriberInitExt;

use crate::trace;

/// How much is logged unless `RUST_LOG` says otherwise, as in `warn,restkit=debug`.
const LOGGED: [(&str, LevelFilter); 2] =
    [("sqlx", LevelFilter::WARN), ("sea_orm", LevelFilter::WARN)];

/// Logs requests and errors to stderr, from a thread of its own: no request waits for a terminal,
/// a pipe or a disk, and under load many lines are written at once. None of them is left out.
///
/// With `ids` every line has the id of its request in front: in production many are answered at
/// once. While one develops there is one at a time, and short lines read best.
pub(super) fn begin(ids: Ids) -> WorkerGuard {
    let asked = std::env::var("RUST_LOG").ok();
    let filter = asked.and_then(|asked| asked.parse::<Targets>().ok());
    let filter = filter.unwrap_or_else(|| {
        let all = Targets::new().with_default(LevelFilter::INFO);
        all.with_targets(LOGGED)
    });
    let (writer, guard) = NonBlockingBuilder::default()
        .lossy(false)
        .buffered_lines_limit(10_000)
        .finish(Gathered(BufWriter::new(std::io::stderr())));
    let line = Line {
        ids,
        rest: lines::format().with_target(false).compact(),
    };
    let layer = lines::layer()
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(writer)
        .event_format(line);
    // A second subscriber can only mean that the project has set up its own.
    let _ = tracing_subscriber::registry()
        .with(layer)
        .with(filter)
        .try_init();
    guard
}

/// Whether lines have the id of their request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ids {
    Shown,
    Hidden,
}

/// A line: the id, then what is usual.
struct Line {
    ids: Ids,
    rest: Format<format::Compact, SystemTime>,
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
        if self.ids == Ids::Shown
            && let Some(id) = trace::id()
        {
            write!(writer, "{id} ")?;
        }
        self.rest.format_event(ctx, writer, event)
    }
}

/// Writes at once what has come since it wrote the last time, but not too often: waking the thread
/// that writes costs more than to make a line.
struct Gathered<W>(W);

impl<W: Write> Write for Gathered<W> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.0.flush()?;
        std::thread::sleep(Duration::from_millis(10));
        Ok(())
    }
}
