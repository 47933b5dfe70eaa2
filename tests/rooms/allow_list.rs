//! The allow-list: which rooms a room may use, and in which rooms a crate may appear. It is the two tables of
//! ARCHITECTURE.md; whatever they don't list, and whatever they list that isn't so, is a violation.

use std::collections::{BTreeMap, BTreeSet};

use super::references::references;

/// The build script's folder: what it may use is listed as for a room.
const BUILD_SCRIPT: &str = "codegen";

/// Where dependencies of tests and benchmarks live, which may use everything else, too.
const OUTSIDE: [&str; 2] = ["tests", "benches"];

/// The list, by names as they are in code.
pub struct AllowList {
    /// The rooms that each room may use.
    pub rooms: BTreeMap<String, BTreeSet<String>>,
    /// Where each crate may appear: rooms, folders of rooms (`cli/app`), `codegen`, `tests` or `benches`.
    crates: BTreeMap<String, BTreeSet<String>>,
}

impl AllowList {
    /// Reads the tables that begin with `| room | takes → gives | may use |` and `| crate | where | for |`.
    pub fn parse(page: &str) -> AllowList {
        let mut list = AllowList { rooms: BTreeMap::new(), crates: BTreeMap::new() };
        for row in rows(page, "| room | takes → gives | may use |") {
            for room in names(row[0]) {
                list.rooms.insert(room, names(row[2]).into_iter().collect());
            }
        }
        for row in rows(page, "| crate | where | for |") {
            for name in row[0].split(',') {
                list.crates.insert(in_code(name.trim()), names(row[1]).into_iter().collect());
            }
        }
        list
    }

    /// The crates that appear in some of these rooms.
    pub fn crates_of(&self, rooms: &BTreeSet<String>) -> BTreeSet<&str> {
        let is_of_room = |home: &String| rooms.contains(home.split('/').next().unwrap_or_default());
        let used = self.crates.iter().filter(|(_, homes)| homes.iter().any(is_of_room));
        used.map(|(name, _)| name.as_str()).collect()
    }

    /// Everything about these files that isn't as the list says. Keys are paths from the repository's root.
    pub fn violations(&self, files: &BTreeMap<String, String>, dependencies: &BTreeSet<String>) -> Vec<String> {
        let mut found = Vec::new();
        let mut arrows = BTreeSet::new();
        let mut appearances = BTreeSet::new();
        for (file, text) in files {
            let (room, depth) = position(file);
            let references = references(text, depth);
            if !["", "lib"].contains(&room) && !self.rooms.contains_key(room) {
                found.push(format!("{file}: no room `{room}` is listed"));
            }
            for (target, line) in &references.rooms {
                let may_use = self.rooms.get(room).is_some_and(|rooms| rooms.contains(target));
                if !may_use && target != room && file.starts_with("src/") {
                    found.push(format!("{file}:{line}: `{room}` may not use `{target}`"));
                }
                arrows.insert((room, target.clone()));
            }
            for (name, line) in references.roots.iter().filter(|(name, _)| dependencies.contains(*name)) {
                match self.home(name, file) {
                    Some(home) => {
                        appearances.insert((name.clone(), home));
                    }
                    None if !is_outside(file) => found.push(format!("{file}:{line}: {name} may not appear here")),
                    None => {}
                }
            }
        }
        found.extend(self.stale(files, &arrows, &appearances));
        found.extend(self.unlisted(dependencies));
        found
    }

    /// The narrowest listed place of a crate that a file belongs to.
    fn home(&self, name: &str, file: &str) -> Option<&str> {
        let homes = self.crates.get(name)?.iter().filter(|home| is_in(file, home));
        homes.max_by_key(|home| home.len()).map(String::as_str)
    }

    /// Entries of the list that no file needs.
    fn stale(
        &self,
        files: &BTreeMap<String, String>,
        arrows: &BTreeSet<(&str, String)>,
        appearances: &BTreeSet<(String, &str)>,
    ) -> Vec<String> {
        let mut found = Vec::new();
        for (room, targets) in &self.rooms {
            if !files.keys().any(|file| position(file).0 == room) {
                found.push(format!("room `{room}` is listed and isn't there"));
            }
            let unused = targets.iter().filter(|target| !arrows.contains(&(room.as_str(), target.to_string())));
            found.extend(unused.map(|target| format!("`{room}` is listed to use `{target}` and doesn't")));
        }
        for (name, homes) in &self.crates {
            let unused = homes.iter().filter(|home| !appearances.contains(&(name.clone(), home.as_str())));
            found.extend(unused.map(|home| format!("{name} is listed for `{home}` and doesn't appear there")));
        }
        found
    }

    /// Dependencies that aren't listed, and listed crates that aren't dependencies.
    fn unlisted(&self, dependencies: &BTreeSet<String>) -> Vec<String> {
        let listed: BTreeSet<String> = self.crates.keys().cloned().collect();
        let missing = dependencies.difference(&listed).map(|name| format!("{name} is a dependency and isn't listed"));
        let gone = listed.difference(dependencies).map(|name| format!("{name} is listed and isn't a dependency"));
        missing.chain(gone).collect()
    }

    /// A way from a room back to itself, if there is one.
    pub fn circle(&self) -> Option<Vec<&str>> {
        self.rooms.keys().find_map(|room| self.way_back(room, vec![room]))
    }

    fn way_back<'a>(&'a self, start: &str, way: Vec<&'a str>) -> Option<Vec<&'a str>> {
        let next = self.rooms.get(*way.last()?)?;
        next.iter().filter(|room| !way[1..].contains(&room.as_str())).find_map(|room| {
            let longer = [way.as_slice(), &[room.as_str()]].concat();
            if room == start { Some(longer) } else { self.way_back(start, longer) }
        })
    }
}

/// The names of what a Cargo.toml depends on in any section, on any system.
pub fn dependencies(manifest: &toml::Table) -> BTreeSet<String> {
    let sections = ["dependencies", "dev-dependencies", "build-dependencies"];
    let systems = manifest.get("target").and_then(toml::Value::as_table).into_iter().flatten();
    let tables = systems.filter_map(|(_, system)| system.as_table()).chain([manifest]);
    let lists = tables.flat_map(|table| sections.map(|section| table.get(section)));
    lists.flatten().filter_map(toml::Value::as_table).flat_map(toml::Table::keys).map(|name| in_code(name)).collect()
}

/// A package's name as code writes it.
fn in_code(name: &str) -> String {
    name.replace('-', "_")
}

/// A file's room, and how many modules below the crate's root it is. `src/lib.rs` is a room that may use nothing, and
/// what isn't in `src` has none.
fn position(file: &str) -> (&str, usize) {
    match file.strip_prefix("src/").and_then(|path| path.strip_suffix(".rs")) {
        None => ("", 0),
        Some(root @ ("lib" | "main")) => (root, 0),
        Some(path) => (path.split('/').next().unwrap_or(path), path.split('/').count()),
    }
}

fn is_outside(file: &str) -> bool {
    OUTSIDE.iter().any(|folder| is_in(file, folder))
}

/// Whether a file is the place itself or is in it: `src/cli/app.rs`, `src/cli/app/board.rs` for `cli/app`.
pub fn is_in(file: &str, place: &str) -> bool {
    let below = |path: &str| path.strip_prefix(place).is_some_and(|rest| rest == ".rs" || rest.starts_with('/'));
    let beside_src = place == BUILD_SCRIPT || OUTSIDE.contains(&place);
    if beside_src { below(file) } else { file.strip_prefix("src/").is_some_and(below) }
}

/// The three cells of each of a table's rows.
fn rows<'a>(page: &'a str, head: &str) -> Vec<[&'a str; 3]> {
    let body = page.lines().skip_while(|line| *line != head).skip(2);
    let rows = body.map_while(|line| line.strip_prefix('|')?.strip_suffix('|'));
    let cells = |row: &'a str| row.split('|').map(str::trim).collect::<Vec<_>>();
    rows.map(|row| cells(row).try_into().unwrap_or_else(|_| panic!("a row of three cells: {row}"))).collect()
}

/// What is between backticks.
fn names(cell: &str) -> Vec<String> {
    cell.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}
