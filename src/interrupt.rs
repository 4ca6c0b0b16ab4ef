//! Ctrl-C and SIGTERM: end at once where nothing is half done, else let the work be undone first.

use std::sync::atomic::{AtomicBool, Ordering::SeqCst};

use dialoguer::console::Term;

use crate::error::{Exit, Failure};

static HELD: AtomicBool = AtomicBool::new(false);
static INTERRUPTED: AtomicBool = AtomicBool::new(false);

/// Takes over Ctrl-C for the whole process: the cursor that a prompt may have hidden comes back,
/// and the exit code is 130.
pub fn install() {
    // Without a handler the process still ends on Ctrl-C, so a failure to install it is no reason
    // to refuse the command.
    let _ = ctrlc::set_handler(|| {
        INTERRUPTED.store(true, SeqCst);
        if !HELD.load(SeqCst) {
            let terminal = Term::stderr();
            let _ = terminal.show_cursor();
            let _ = terminal.write_line("");
            std::process::exit(Exit::Interrupted as i32);
        }
    });
}

/// While it lives, an interrupt is only noted; the holder looks at [`Hold::check`].
#[must_use]
pub struct Hold(());

/// Holds interrupts back until the value is dropped.
pub fn hold() -> Hold {
    INTERRUPTED.store(false, SeqCst);
    HELD.store(true, SeqCst);
    Hold(())
}

impl Hold {
    /// Fails if an interrupt has come since the hold began.
    pub fn check(&self) -> Result<(), Failure> {
        if INTERRUPTED.load(SeqCst) {
            return Err(
                Failure::new("interrupted, everything was put back").exit(Exit::Interrupted)
            );
        }
        Ok(())
    }

    /// Whether an interrupt has come since the hold began.
    pub fn interrupted(&self) -> bool {
        INTERRUPTED.load(SeqCst)
    }
}

impl Drop for Hold {
    fn drop(&mut self) {
        HELD.store(false, SeqCst);
    }
}
