//! `backsmith upgrade`: what a newer version of this program makes otherwise, brought into a project.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::Path;

use anyhow::Result;
use serde_json::{Value, json};

use crate::apply::{apply, digest};
use crate::commands::project::find;
use crate::error::{Exit, Failure, OTHERWISE, unread};
use crate::plan::Plan;
use crate::project::{MARKER, Project, read_toml};
use crate::scaffold::answers::{Answers, Database};
use crate::scaffold::lockfile::{self, Lock, slashed};
use crate::scaffold::parts;
use crate::scaffold::templates::{Rendered, Templates};
use crate::ui;
use crate::upgrade::conflict::Place;
use crate::upgrade::release::{self, Version};
use crate::upgrade::{Choice, Fate, Texts, decide};

#[derive(Debug, clap::Args)]
pub struct Args {
    /// Write nothing, and exit with 1 if there is something newer
    #[arg(long)]
    check: bool,
    /// Show what would be written and write nothing
    #[arg(long, conflicts_with = "check")]
    dry_run: bool,
    /// Print what is done as JSON
    #[arg(long)]
    json: bool,
    /// Whose lines to write where you and the new version have changed the same ones
    #[arg(long, value_enum, value_name = "WHOSE")]
    conflict: Option<Choice>,
    /// Never ask (this command asks nothing)
    #[arg(long, alias = "noinput")]
    no_input: bool,
}

/// This program's version.
const OWN: &str = env!("CARGO_PKG_VERSION");

/// Brings a project up to date.
pub fn run(args: Args) -> Result<()> {
    let project = find()?;
    let made = Made::of(&project)?;
    refuse_newer(&made.version)?;
    let upgrade = Upgrade::of(&project, &made, args.conflict)?;
    if args.check {
        return upgrade.tell_whether_newer(&made.version, args.json);
    }
    if !upgrade.conflicts.is_empty() {
        return Err(upgrade.disputed(&made.version, args.json));
    }
    let is_done = upgrade.plan.steps.is_empty();
    if !args.dry_run {
        apply(&upgrade.plan)?;
    }
    if args.json {
        ui::data(format!("{:#}", upgrade.json(&made.version)));
        return Ok(());
    }
    match (is_done, args.dry_run) {
        (true, _) => ui::say(format!(
            "Nothing to do: the project is as backsmith {OWN} makes it."
        )),
        (_, true) => ui::preview(&upgrade.plan),
        _ => {
            let from = &made.version;
            let title = if from == OWN {
                format!("Made again as backsmith {OWN} makes it:")
            } else {
                format!("Upgraded from {from} to {OWN}:")
            };
            ui::done(&title, &upgrade.plan);
        }
    }
    upgrade.tell_particulars();
    if !is_done && !args.dry_run && made.version != OWN {
        ui::next_steps(&upgrade.plan.next);
    }
    Ok(())
}

/// The files that a project was made of.
struct Made {
    version: String,
    answers: Answers,
    /// The SHA-256 of each file as it was made.
    files: BTreeMap<String, String>,
    /// Their texts, if that version was released.
    texts: BTreeMap<String, String>,
}

impl Made {
    fn of(project: &Project) -> Result<Self> {
        let path = project.root.join(lockfile::NAME);
        match fs::read_to_string(&path) {
            Ok(text) => Self::of_lock(project, Lock::parse(&text)?),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Self::without_lock(project),
            Err(error) => Err(unread(error, &path, OTHERWISE)),
        }
    }

    /// A lock says it. Names that have changed since are the project's own now.
    fn of_lock(project: &Project, lock: Lock) -> Result<Self> {
        let old = format!("src/{}/", lock.answers.module);
        let new = format!("src/{}/", project.module);
        let files = lock.files.into_iter().map(|(path, digest)| {
            let path = match path.strip_prefix(&old) {
                Some(rest) => format!("{new}{rest}"),
                None => path,
            };
            (path, digest)
        });
        let answers = Answers {
            module: project.module.clone(),
            package: project.package.clone(),
            ..lock.answers
        };
        Ok(Self {
            texts: texts_of(&lock.version, &answers)?.unwrap_or_default(),
            version: lock.version,
            answers,
            files: files.collect(),
        })
    }

    /// Before there were locks, backsmith.toml named the version; where nothing does, it is the release whose restkit it has.
    fn without_lock(project: &Project) -> Result<Self> {
        let marker = read_toml(&project.root.join(MARKER))?;
        let named = marker
            .get("generated")
            .and_then(|it| it.get("backsmith")?.as_str());
        let mut answers = Answers {
            module: project.module.clone(),
            package: project.package.clone(),
            database: Database::default(),
            parts: Vec::new(),
        };
        let released = release::versions();
        let versions = released
            .iter()
            .filter(|version| named.is_none_or(|named| *version == named));
        let mut found: Option<(usize, String)> = None;
        for version in versions {
            let same = same_files(project, version, &answers)?;
            if same > found.as_ref().map_or(0, |(most, _)| *most) {
                found = Some((same, version.clone()));
            }
        }
        let Some((_, version)) = found else {
            let message = format!(
                "there is no `{}`, and what this project was made of is not known",
                lockfile::NAME
            );
            let hint = format!("it has to be of a release: {}", released.join(", "));
            return Err(Failure::new(message).hint(hint).into());
        };
        let templates = release::find(&version)?.unwrap_or_default();
        answers.parts = parts::found(&templates, &answers.package, |path| {
            project.root.join(path).exists()
        })?;
        let texts = release::tree(&templates, &version, &answers)?;
        let files = texts
            .iter()
            .map(|(path, text)| (path.clone(), digest(text.as_bytes())));
        Ok(Self {
            version,
            files: files.filter(|(path, _)| lockfile::is_kept(path)).collect(),
            answers,
            texts,
        })
    }

    /// The text of a file as it was made, if it is known for sure.
    fn text(&self, path: &str) -> Option<&str> {
        let text = self.texts.get(path)?;
        // Parts that were added later have turned features on in it, and names may have changed.
        let is_adapted = path == "Cargo.toml" || path.starts_with("src/") || path == "README.md";
        let is_sure = self
            .files
            .get(path)
            .is_some_and(|made| *made == digest(text.as_bytes()));
        (is_sure || is_adapted).then_some(text)
    }
}

/// Counts the files of the project's restkit that are those of a release; 0 if fewer than half of them are.
fn same_files(project: &Project, version: &str, answers: &Answers) -> Result<usize> {
    let texts = texts_of(version, answers)?.unwrap_or_default();
    let kit = texts
        .iter()
        .filter(|(path, _)| path.starts_with("restkit/"));
    let (same, other): (Vec<_>, Vec<_>) = kit.partition(|(path, text)| {
        let own = read(&project.root, &place(project, path)).ok().flatten();
        own.is_some_and(|own| own.replace("\r\n", "\n") == **text)
    });
    Ok(if same.len() < other.len() {
        0
    } else {
        same.len()
    })
}

fn texts_of(version: &str, answers: &Answers) -> Result<Option<BTreeMap<String, String>>> {
    if let Some(templates) = release::find(version)? {
        return release::tree(&templates, version, answers).map(Some);
    }
    if version == OWN {
        return release::tree(&Templates::own(), OWN, answers).map(Some);
    }
    Ok(None)
}

fn refuse_newer(version: &str) -> Result<()> {
    if Version::parse(version) <= Version::parse(OWN) {
        return Ok(());
    }
    let message = format!("this project was made by backsmith {version}, and this is {OWN}");
    let hint = "nothing was written; install the newer program";
    Err(Failure::new(message).hint(hint).into())
}

/// All that an upgrade does and does not do.
struct Upgrade {
    plan: Plan,
    merged: Vec<String>,
    left: Vec<(String, &'static str)>,
    conflicts: Vec<(String, Vec<Place>)>,
}

impl Upgrade {
    fn of(project: &Project, made: &Made, choice: Option<Choice>) -> Result<Self> {
        let new = release::tree(&Templates::own(), OWN, &made.answers)?;
        let mut upgrade = Self {
            plan: Plan::new(&project.root),
            merged: Vec::new(),
            left: Vec::new(),
            conflicts: Vec::new(),
        };
        let paths: BTreeSet<_> = made.files.keys().chain(new.keys()).collect();
        for path in paths.into_iter().filter(|path| lockfile::is_kept(path)) {
            let place = place(project, path);
            let own = read(&project.root, &place)?;
            let texts = Texts {
                path,
                made: made.files.get(path).map(String::as_str),
                base: made.text(path),
                own: own.as_deref(),
                new: new.get(path).map(String::as_str),
            };
            upgrade.take(&place, own.as_deref(), decide(texts, choice));
        }
        upgrade.write_lock(project, made, new)?;
        upgrade.plan.next = vec![
            "cargo test".to_owned(),
            "backsmith makemigrations    # tables of the new restkit".to_owned(),
            "backsmith migrate".to_owned(),
        ];
        Ok(upgrade)
    }

    fn take(&mut self, place: &str, own: Option<&str>, fate: Fate) {
        let own = own.unwrap_or_default();
        match fate {
            Fate::Same => {}
            Fate::Create(text) => self.plan.create(place, text),
            Fate::Replace(text) => self.plan.edit(place, own, text),
            Fate::Merge(text) => {
                self.plan.edit(place, own, text);
                self.merged.push(place.to_owned());
            }
            Fate::Remove => self.plan.remove(place, own),
            Fate::Leave(reason) => self.left.push((place.to_owned(), reason)),
            Fate::Conflict(places) => self.conflicts.push((place.to_owned(), places)),
        }
    }

    /// Notes all files as made by this version.
    fn write_lock(
        &mut self,
        project: &Project,
        made: &Made,
        new: BTreeMap<String, String>,
    ) -> Result<()> {
        let files = new.into_iter().map(|(path, text)| Rendered {
            path: path.into(),
            contents: text.into_bytes(),
        });
        let files: Vec<_> = files.collect();
        let lock = Lock::of(OWN, &made.answers, &files).to_string();
        match read(&project.root, lockfile::NAME)? {
            Some(before) => self.plan.edit(lockfile::NAME, before, lock),
            None => self.plan.create(lockfile::NAME, lock),
        }
        Ok(())
    }

    /// Tells what was not simply replaced.
    fn tell_particulars(&self) {
        for path in &self.merged {
            ui::say(format!("  merged with your changes: {path}"));
        }
        for (path, reason) in &self.left {
            ui::say(format!("  left as it is: {path}: {reason}"));
        }
    }

    fn tell_whether_newer(&self, version: &str, as_json: bool) -> Result<()> {
        if as_json {
            ui::data(format!("{:#}", self.json(version)));
        }
        // A lock that is missing is no news.
        let mut news = self.plan.steps.iter();
        let is_news = version != OWN || news.any(|step| step.path() != Path::new(lockfile::NAME));
        let number = self.plan.steps.len() + self.conflicts.len();
        if number == 0 || !is_news {
            ui::say(format!("The project is as backsmith {OWN} makes it."));
            return Ok(());
        }
        let message =
            format!("the project is of {version}: {number} files would become those of {OWN}");
        Err(Failure::new(message)
            .hint("bring it up to date: backsmith upgrade")
            .into())
    }

    fn disputed(&self, version: &str, as_json: bool) -> anyhow::Error {
        if as_json {
            ui::data(format!("{:#}", self.json(version)));
        }
        let mut message = "you and the new version have changed the same lines:".to_owned();
        for (path, places) in &self.conflicts {
            for place in places {
                let first = place.own.lines().next().unwrap_or_default().trim();
                message.push_str(&format!("\n  {path}:{}: {first}", place.line));
            }
        }
        Failure::new(message)
            .hint("nothing was written; --conflict=markers writes both, --conflict=mine or theirs one of them")
            .exit(Exit::Unanswered)
            .into()
    }

    fn json(&self, from: &str) -> Value {
        let conflicts = self.conflicts.iter().flat_map(|(path, places)| {
            places.iter().map(move |place| {
                json!({ "path": path, "line": place.line, "yours": place.own, "new": place.new })
            })
        });
        let left = self.left.iter();
        let left = left.map(|(path, reason)| json!({ "path": path, "reason": reason }));
        json!({
            "from": from,
            "to": OWN,
            "steps": ui::steps_as_json(&self.plan),
            "merged": self.merged,
            "left": left.collect::<Value>(),
            "conflicts": conflicts.collect::<Value>(),
        })
    }
}

/// Where the project has a file: restkit may have been moved.
fn place(project: &Project, path: &str) -> String {
    match path.strip_prefix("restkit/") {
        Some(rest) => slashed(&project.kit.join(rest)),
        None => path.to_owned(),
    }
}

/// The text of a file, if it is there.
fn read(root: &Path, path: &str) -> Result<Option<String>> {
    let path = root.join(path);
    match fs::read_to_string(&path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(unread(error, &path, OTHERWISE)),
    }
}
