//! Work that comes to its end, whoever waits for it.

use std::pin::Pin;
use std::task::{Context, Poll};

use futures_util::future::BoxFuture;
use tokio::runtime::Handle;

use crate::trace;

/// Work that is done where it is waited for. If nobody waits any more, it goes on in a task of its own, as part of the
/// request that it belongs to.
///
/// To spawn a task from the beginning would wake another thread for every request, and most are waited for.
pub(crate) struct Unbroken<T: Send + 'static>(Option<BoxFuture<'static, T>>);

impl<T: Send + 'static> Unbroken<T> {
    pub fn new(work: impl Future<Output = T> + Send + 'static) -> Self {
        Self(Some(Box::pin(work)))
    }
}

impl<T: Send + 'static> Future for Unbroken<T> {
    type Output = T;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<T> {
        // Taken out meanwhile: what panics cannot go on.
        let Some(mut work) = self.0.take() else {
            return Poll::Pending;
        };
        let polled = work.as_mut().poll(context);
        if polled.is_pending() {
            self.0 = Some(work);
        }
        polled
    }
}

impl<T: Send + 'static> Drop for Unbroken<T> {
    fn drop(&mut self) {
        if let (Some(work), Ok(_)) = (self.0.take(), Handle::try_current()) {
            trace::spawn(work);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::sync::oneshot;
    use tokio::time::timeout;

    use super::*;

    #[tokio::test]
    async fn work_goes_on_when_nobody_waits_for_it() {
        let (begin, begun) = oneshot::channel::<()>();
        let (end, ended) = oneshot::channel();
        let work = Unbroken::new(async move {
            let _ = begun.await;
            let _ = end.send("done");
        });
        let waited = timeout(Duration::from_millis(10), work).await;
        assert!(waited.is_err(), "it has not begun");
        let _ = begin.send(());
        assert_eq!(ended.await, Ok("done"));
    }

    #[tokio::test]
    async fn work_that_was_never_waited_for_is_done() {
        let (end, ended) = oneshot::channel();
        drop(Unbroken::new(async { end.send("done") }));
        assert_eq!(ended.await, Ok("done"));
    }

    #[tokio::test]
    async fn work_that_panics_is_over() {
        let work = tokio::spawn(Unbroken::new(async { panic!("on purpose") }));
        let failed: Result<(), _> = work.await;
        assert!(failed.is_err_and(|error| error.is_panic()));
    }
}
