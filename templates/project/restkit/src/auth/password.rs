//! Passwords: argon2id with the library's parameters (19 MiB, two passes: OWASP's first choice).

use std::sync::{Arc, LazyLock, Mutex, OnceLock, PoisonError};

use anyhow::{Context, anyhow};
use argon2::password_hash::phc::{Output, PasswordHash, Salt};
use argon2::{Algorithm, Argon2, Block, Params, Version, password_hash};
use tokio::sync::Semaphore;

use crate::Result;

/// Hashes a password, on a thread that may take its time.
///
/// # Errors
///
/// If the operating system gives no random salt.
pub async fn hash(password: &str) -> Result<String> {
    let password = password.to_owned();
    work(move || hash_blocking(&password)).await
}

/// Returns whether `password` is the one that `hash` was made of. Without a hash that somebody could have
/// it is wrong, after the same work: the time taken does not tell whether a user exists.
///
/// # Errors
///
/// If the work is interrupted.
pub async fn verify(password: &str, hash: Option<&str>) -> Result<bool> {
    let password = password.to_owned();
    let hash = hash.filter(|hash| is_usable(hash)).map(str::to_owned);
    work(move || {
        let is_known = hash.is_some();
        let hash = hash.map_or_else(|| dummy().map(str::to_owned), Ok)?;
        Ok(is_of(&password, &hash) && is_known)
    })
    .await
}

/// Works on a thread that may take its time. As many hashes are made at once as there are
/// processors, whoever asks for more waits: each takes 19 MiB of memory.
async fn work<T: Send + 'static>(
    work: impl FnOnce() -> anyhow::Result<T> + Send + 'static,
) -> Result<T> {
    static WORKERS: LazyLock<Arc<Semaphore>> = LazyLock::new(|| {
        let processors = std::thread::available_parallelism();
        Arc::new(Semaphore::new(processors.map_or(2, usize::from)))
    });
    let permit = Arc::clone(&WORKERS).acquire_owned().await;
    let done = tokio::task::spawn_blocking(move || {
        // The work goes on when the client has left, and so does the permit.
        let _permit = permit;
        work()
    });
    Ok(done.await.context("hashing was interrupted")??)
}

/// Returns whether `hash` was made with less work than hashes are made with now. Who logs in with such a
/// password gets a new hash of it.
pub fn is_outdated(hash: &str) -> bool {
    let Ok(hash) = PasswordHash::new(hash) else {
        return false;
    };
    let now = Argon2::default();
    let (now, then) = (now.params(), Params::try_from(&hash));
    then.is_ok_and(|then| then.m_cost() < now.m_cost() || then.t_cost() < now.t_cost())
        || hash.algorithm != Algorithm::Argon2id.ident()
}

/// Returns whether anybody can log in by it; Django writes `!` where nobody shall.
pub fn is_usable(hash: &str) -> bool {
    hash.starts_with('$')
}

fn hash_blocking(password: &str) -> anyhow::Result<String> {
    let mut salt = [0; 16];
    getrandom::fill(&mut salt).map_err(|error| anyhow!("no random numbers: {error}"))?;
    let hash = hash_with(&Argon2::default(), password, &salt);
    let hash = hash.map_err(|error| anyhow!("could not hash a password: {error}"))?;
    Ok(hash.to_string())
}

fn hash_with(
    argon2: &Argon2<'_>,
    password: &str,
    salt: &[u8],
) -> password_hash::Result<PasswordHash> {
    Ok(PasswordHash {
        algorithm: Algorithm::Argon2id.ident(),
        version: Some(Version::default().into()),
        params: argon2.params().try_into()?,
        salt: Some(Salt::new(salt)?),
        hash: Some(compute(argon2, password, salt)?),
    })
}

/// Returns whether `hash` can be read and was made of `password`.
fn is_of(password: &str, hash: &str) -> bool {
    let hash = PasswordHash::new(hash);
    hash.is_ok_and(|hash| matches(password, &hash).unwrap_or(false))
}

fn matches(password: &str, hash: &PasswordHash) -> password_hash::Result<bool> {
    let algorithm = Algorithm::try_from(hash.algorithm.as_str())?;
    let version = hash.version.map(Version::try_from).transpose()?;
    let argon2 = Argon2::new(algorithm, version.unwrap_or_default(), hash.try_into()?);
    let salt = hash.salt.as_deref().unwrap_or_default();
    // Outputs are compared in constant time.
    Ok(Some(compute(&argon2, password, salt)?) == hash.hash)
}

/// The memory that hashes were made in, for the next ones. Each takes 19 MiB, and freed by many threads it
/// would stay with the allocator: 40 logins once took 170 MB.
static MEMORY: Mutex<Vec<Vec<Block>>> = Mutex::new(Vec::new());

/// The most that are kept between two logins.
const MAX_KEPT: usize = 2;

fn compute(argon2: &Argon2<'_>, password: &str, salt: &[u8]) -> password_hash::Result<Output> {
    let params = argon2.params();
    let kept = || MEMORY.lock().unwrap_or_else(PoisonError::into_inner);
    let mut memory = kept().pop().unwrap_or_default();
    memory.resize(params.block_count(), Block::default());
    let mut output = [0; Output::MAX_LENGTH];
    let length = params.output_len().unwrap_or(Params::DEFAULT_OUTPUT_LEN);
    let output = output
        .get_mut(..length)
        .ok_or(password_hash::Error::OutputSize)?;
    argon2.hash_password_into_with_memory(password.as_bytes(), salt, output, &mut memory)?;
    let mut kept = kept();
    if kept.len() < MAX_KEPT {
        kept.push(memory);
    }
    Ok(Output::new(output)?)
}

/// A hash that is nobody's.
fn dummy() -> anyhow::Result<&'static str> {
    static DUMMY: OnceLock<String> = OnceLock::new();
    if let Some(hash) = DUMMY.get() {
        return Ok(hash);
    }
    let hash = hash_blocking("nobody's password")?;
    Ok(DUMMY.get_or_init(|| hash))
}

#[cfg(test)]
mod tests {
    use argon2::password_hash::PasswordHasher;

    use super::*;

    #[tokio::test]
    async fn a_hash_fits_its_password_alone() {
        let hash = hash("correct horse").await.unwrap();
        assert!(hash.starts_with("$argon2id$"), "{hash}");
        assert!(hash.len() <= 128, "it fits the column");
        assert!(verify("correct horse", Some(&hash)).await.unwrap());
        assert!(!verify("wrong horse", Some(&hash)).await.unwrap());
        assert!(!verify("correct horse", Some("nonsense")).await.unwrap());
        assert!(!verify("nobody's password", None).await.unwrap());
        assert!(!is_outdated(&hash));
    }

    #[test]
    fn a_hash_of_less_work_is_outdated() {
        let weak = Params::new(8 * 1024, 1, 1, None).unwrap();
        let weak = Argon2::new(Algorithm::Argon2id, argon2::Version::V0x13, weak);
        let weak: PasswordHash = weak.hash_password(b"correct horse").unwrap();
        let weak = weak.to_string();
        assert!(is_outdated(&weak), "{weak}");
        assert!(is_of("correct horse", &weak));
        assert!(!is_outdated("!"));
    }
}
