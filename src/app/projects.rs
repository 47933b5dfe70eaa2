//! The projects of a folder: each is read when the app begins and at every save, one after another.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::thread;

use tokio::sync::watch;

use super::MessageLanguage;
use super::reading::Reading;
use crate::diagnostic::Problem;
use crate::folder::{Burst, FolderWatcher, hash_bytes};
use crate::pipeline::{self, BuildOptions, BuildProgress, Extent};

/// Letters of a project's name in addresses.
const ID_LENGTH: usize = 16;

pub(super) struct Projects {
    /// Only added to, so that a place in it stays one project's.
    list: Arc<RwLock<Vec<Arc<AppProject>>>>,
    /// Where outputs go.
    out: PathBuf,
    /// Counts everything that a page may want to know of.
    revisions: watch::Sender<u64>,
    to_read: Sender<usize>,
}

pub(super) struct AppProject {
    /// In addresses: says nothing of the path, so that no path can be asked for.
    pub id: String,
    /// The folder's name.
    pub name: String,
    pub path: PathBuf,
    pub out: PathBuf,
    latest: Mutex<Arc<Reading>>,
    /// What the last job reported, for a page that asks for the rows around a cell.
    work_problems: Mutex<Arc<Vec<Problem>>>,
    /// A page looks at it, so that more than its state is kept.
    is_open: AtomicBool,
    is_reading: AtomicBool,
    is_at_work: AtomicBool,
    made: AtomicUsize,
    to_make: AtomicUsize,
}

/// How far a build is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
pub(super) struct WorkProgress {
    pub made: usize,
    pub to_make: usize,
}

impl Projects {
    /// Reads the projects in the background, now and at every save.
    ///
    /// # Errors
    /// The system's words, where it can't watch the folders.
    pub fn start(folders: &[PathBuf], out: &Path, languages: &[Arc<MessageLanguage>]) -> Result<Projects, String> {
        let watcher = FolderWatcher::start(folders).map_err(|error| error.to_string())?;
        let list: Vec<Arc<AppProject>> =
            folders.iter().map(|path| Arc::new(AppProject::new(path, out, folders.len() == 1))).collect();
        let (to_read, queue) = channel();
        for at in 0..list.len() {
            let _ = to_read.send(at);
        }
        let followed = list.iter().cloned().enumerate().collect();
        let (list, out) = (Arc::new(RwLock::new(list)), out.to_owned());
        let projects = Projects { list, out, revisions: watch::Sender::new(0), to_read };
        projects.read_in_background(queue, languages.to_vec());
        projects.follow(watcher, followed);
        Ok(projects)
    }

    /// Every project, those that were there at the beginning first.
    pub fn all(&self) -> Vec<Arc<AppProject>> {
        read_list(&self.list)
    }

    /// Follows a new project too, and gives its id.
    ///
    /// # Errors
    /// The system's words, where it can't watch the folder.
    pub fn add(&self, folder: &Path) -> Result<String, String> {
        let folder = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
        let watcher = FolderWatcher::start(std::slice::from_ref(&folder)).map_err(|error| error.to_string())?;
        let project = Arc::new(AppProject::new(&folder, &self.out, true));
        let id = project.id.clone();
        let at = {
            let mut list = self.list.write().unwrap_or_else(PoisonError::into_inner);
            list.push(Arc::clone(&project));
            list.len() - 1
        };
        self.follow(watcher, vec![(at, project)]);
        self.read_again(at);
        self.tell();
        Ok(id)
    }

    /// The project of an id; from now on all of it is kept.
    pub fn open(&self, id: &str) -> Option<Arc<AppProject>> {
        let list = self.all();
        let at = list.iter().position(|project| project.id == id)?;
        if !list[at].is_open.swap(true, Ordering::Relaxed) {
            self.read_again(at);
        }
        Some(Arc::clone(&list[at]))
    }

    pub fn revisions(&self) -> watch::Receiver<u64> {
        self.revisions.subscribe()
    }

    /// Tells pages that something is new.
    pub fn tell(&self) {
        self.revisions.send_modify(|revision| *revision += 1);
    }

    /// Reads a project again, since what it holds or its outputs changed.
    pub fn refresh(&self, project: &AppProject) {
        if let Some(at) = self.all().iter().position(|other| other.id == project.id) {
            self.read_again(at);
        }
    }

    fn read_again(&self, at: usize) {
        // The reader lives as long as the program.
        let _ = self.to_read.send(at);
    }

    fn read_in_background(&self, queue: Receiver<usize>, languages: Vec<Arc<MessageLanguage>>) {
        let (shared, revisions) = (Arc::clone(&self.list), self.revisions.clone());
        thread::spawn(move || {
            let mut waiting = BTreeSet::new();
            while let Ok(first) = queue.recv() {
                waiting.insert(first);
                while !waiting.is_empty() {
                    waiting.extend(queue.try_iter());
                    let list = read_list(&shared);
                    let is_open = |at: &&usize| list[**at].is_open.load(Ordering::Relaxed);
                    let Some(next) = waiting.iter().find(is_open).or(waiting.first()).copied() else { break };
                    waiting.remove(&next);
                    list[next].read(&revisions, &languages);
                }
            }
        });
    }

    /// Has projects read at every save in the folders that are watched; each with its place in the list.
    fn follow(&self, watcher: FolderWatcher, projects: Vec<(usize, Arc<AppProject>)>) {
        let to_read = self.to_read.clone();
        thread::spawn(move || {
            loop {
                match watcher.next_burst(None) {
                    Burst::Changes(changed) => {
                        for (at, project) in &projects {
                            if changed.concern(&project.path, Some(&project.out)) {
                                let _ = to_read.send(*at);
                            }
                        }
                    }
                    Burst::Quiet => {}
                    Burst::Closed => return,
                }
            }
        });
    }
}

fn read_list(list: &RwLock<Vec<Arc<AppProject>>>) -> Vec<Arc<AppProject>> {
    list.read().unwrap_or_else(PoisonError::into_inner).clone()
}

impl AppProject {
    fn new(path: &Path, out: &Path, is_open: bool) -> AppProject {
        let hash = hash_bytes([path.to_string_lossy().as_bytes()]);
        AppProject {
            id: hash.chars().take(ID_LENGTH).collect(),
            name: path.file_name().unwrap_or_default().to_string_lossy().into_owned(),
            path: path.to_owned(),
            out: out.to_owned(),
            latest: Mutex::default(),
            work_problems: Mutex::default(),
            is_open: AtomicBool::new(is_open),
            is_reading: AtomicBool::new(true),
            is_at_work: AtomicBool::new(false),
            made: AtomicUsize::new(0),
            to_make: AtomicUsize::new(0),
        }
    }

    pub fn latest(&self) -> Arc<Reading> {
        Arc::clone(&self.latest.lock().unwrap_or_else(PoisonError::into_inner))
    }

    pub fn work_problems(&self) -> Arc<Vec<Problem>> {
        Arc::clone(&self.work_problems.lock().unwrap_or_else(PoisonError::into_inner))
    }

    pub fn keep_work_problems(&self, problems: Vec<Problem>) {
        *self.work_problems.lock().unwrap_or_else(PoisonError::into_inner) = Arc::new(problems);
    }

    pub fn is_reading(&self) -> bool {
        self.is_reading.load(Ordering::Relaxed)
    }

    /// How far the build is that runs; `None` if none does.
    pub fn progress(&self) -> Option<WorkProgress> {
        self.is_at_work.load(Ordering::Relaxed).then(|| WorkProgress {
            made: self.made.load(Ordering::Relaxed),
            to_make: self.to_make.load(Ordering::Relaxed),
        })
    }

    pub fn build_options(&self, extent: Extent) -> BuildOptions {
        BuildOptions { extent, out: self.out.clone(), force: false, draft: false }
    }

    fn read(&self, revisions: &watch::Sender<u64>, languages: &[Arc<MessageLanguage>]) {
        self.is_reading.store(true, Ordering::Relaxed);
        revisions.send_modify(|revision| *revision += 1);
        let keeps_all = self.is_open.load(Ordering::Relaxed);
        let preview = pipeline::preview(&self.path);
        let reading = Reading::after(&self.latest(), preview, self, keeps_all, languages);
        *self.latest.lock().unwrap_or_else(PoisonError::into_inner) = Arc::new(reading);
        self.is_reading.store(false, Ordering::Relaxed);
        revisions.send_modify(|revision| *revision += 1);
    }

    /// Marks the project as worked on; `None` if it is already.
    pub fn begin_work<'p>(&'p self, projects: &'p Projects, to_make: usize) -> Option<WorkInProgress<'p>> {
        if self.is_at_work.swap(true, Ordering::Relaxed) {
            return None;
        }
        self.made.store(0, Ordering::Relaxed);
        self.to_make.store(to_make, Ordering::Relaxed);
        projects.tell();
        Some(WorkInProgress { project: self, projects })
    }
}

/// A running build, which sends its progress to pages.
pub(super) struct WorkInProgress<'p> {
    project: &'p AppProject,
    projects: &'p Projects,
}

impl BuildProgress for WorkInProgress<'_> {
    fn output_done(&self) {
        self.project.made.fetch_add(1, Ordering::Relaxed);
        self.projects.tell();
    }
}

impl Drop for WorkInProgress<'_> {
    fn drop(&mut self) {
        self.project.is_at_work.store(false, Ordering::Relaxed);
        self.projects.refresh(self.project);
        self.projects.tell();
    }
}
