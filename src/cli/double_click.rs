//! The program without arguments, as a double click starts it: whether that is meant, and where there is no console.

use std::env;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

/// The folder that a double click on the program opens, its own; `None` where a program that is installed was called by
/// its name in a shell.
pub(super) fn opened_folder() -> Option<PathBuf> {
    let folder = env::current_exe().ok()?.parent()?.to_owned();
    (started_by_file_manager() || !is_in_path(&folder, env::var_os("PATH").as_deref())).then_some(folder)
}

/// Whether shells find programs in a folder.
fn is_in_path(folder: &Path, path: Option<&OsStr>) -> bool {
    path.is_some_and(|path| env::split_paths(path).any(|listed| is_same_folder(&listed, folder)))
}

fn is_same_folder(one: &Path, other: &Path) -> bool {
    match (one.canonicalize(), other.canonicalize()) {
        (Ok(one), Ok(other)) => one == other,
        _ => false,
    }
}

/// Whether Explorer started the program. Other systems don't say.
#[cfg(windows)]
fn started_by_file_manager() -> bool {
    parent_program().is_some_and(|name| name.eq_ignore_ascii_case("explorer.exe"))
}

#[cfg(not(windows))]
fn started_by_file_manager() -> bool {
    false
}

/// The file name of the program that started this one.
#[cfg(windows)]
fn parent_program() -> Option<String> {
    use winsafe::{GetCurrentProcessId, HPROCESSLIST, co};
    let own = GetCurrentProcessId();
    let mut processes = HPROCESSLIST::CreateToolhelp32Snapshot(co::TH32CS::SNAPPROCESS, None).ok()?;
    let mut names = Vec::new();
    let mut parent = None;
    for process in processes.iter_processes() {
        let Ok(process) = process else { break };
        if process.th32ProcessID == own {
            parent = Some(process.th32ParentProcessID);
        }
        names.push((process.th32ProcessID, process.szExeFile()));
    }
    let parent = parent?;
    names.into_iter().find(|(id, _)| *id == parent).map(|(_, name)| name)
}

/// Gives back the console that Windows opened for the program alone. One that belongs to a shell stays.
pub(super) fn close_own_console() {
    #[cfg(windows)]
    if started_by_file_manager() {
        // Without a console there is none to give back.
        let _ = winsafe::FreeConsole();
    }
}

/// Says something to somebody who has no console: in a text file that is opened, where Explorer started the program.
pub(super) fn show(text: &str) {
    if started_by_file_manager() {
        let note = env::temp_dir().join(format!("{}.txt", super::NAME));
        // What can't be shown can't be complained about either.
        let _ = std::fs::write(&note, text).and_then(|()| open::that_detached(&note));
    }
}
