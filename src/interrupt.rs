//! Ctrl-C and SIGTERM: end at once where nothing is half done, else let the work be undone first.

use std::sync::{Mutex, MutexGuard, PoisonError};

use dialoguer::console::Term;

use crate::error::{Exit, Failure};

static STATE: Mutex<State> = Mutex::new(State {
    held: false,
    interrupted: false,
});

struct State {
    held: bool,
    interrupted: bool,
}

/// Takes over Ctrl-C for the whole process: the cursor that a prompt may have hidden comes back,
/// and the exit code is 130.
pub fn install() {
    // Without a handler the process still ends on Ctrl-C, so a failure to install it is no reason
    // to refuse the command.
    let _ = ctrlc::set_handler(|| {
        // Until the process has ended nobody can begin to hold.
        let mut state = state();
        state.interrupted = true;
        if !state.held {
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
    *state() = State {
        held: true,
        interrupted: false,
    };
    Hold(())
}

impl Hold {
    /// Fails if an interrupt has come since the hold began.
    pub fn check(&self) -> Result<(), Failure> {
        if self.interrupted() {
            return Err(
                Failure::new("interrupted, everything was put back").exit(Exit::Interrupted)
            );
        }
        Ok(())
    }

    /// Returns whether an interrupt has come since the hold began.
    pub fn interrupted(&self) -> bool {
        state().interrupted
    }
}

impl Drop for Hold {
    fn drop(&mut self) {
        state().held = false;
    }
}

fn state() -> MutexGuard<'static, State> {
    STATE.lock().unwrap_or_else(PoisonError::into_inner)
}
