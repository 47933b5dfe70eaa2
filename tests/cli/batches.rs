//! Long portfolios, built some projects at a time by processes of their own.

use super::build::{files, stderr, stdout};
use super::portfolio::{build_in, portfolio};

#[test]
fn a_long_portfolio_is_told_and_summed_up_as_one() {
    let folder = portfolio(18);
    let built = build_in(&folder, &["--period", "2025-Q1"]);
    assert_eq!(built.status.code(), Some(1), "{}", stderr(&built));
    let told = stdout(&built);
    assert!(told.contains("projects: 18, without problems: 17; files written: 68, already up to date: 0"), "{told}");
    assert_eq!(told.matches("projects: ").count(), 1, "{told}");
    assert!(stderr(&built).contains("with problems (1): inputs/p02"), "{}", stderr(&built));
    let in_order: Vec<String> =
        told.lines().filter_map(|line| line.split_once(": 4 written, 0 ")).map(|(code, _)| code.to_owned()).collect();
    let expected: Vec<String> = (1..=18).filter(|at| *at != 2).map(|at| format!("TEST-{at:02}")).collect();
    assert_eq!(in_order, expected);

    // The last one, by itself, in the process that is called.
    let alone = build_in(&folder, &["inputs/p18", "--period", "2025-Q1", "--out", "alone"]);
    assert!(alone.status.success(), "{}", stderr(&alone));
    let whole = files(&folder.path().join("build/TEST-18"));
    assert!(!whole.is_empty() && whole == files(&folder.path().join("alone/TEST-18")));

    // Messages, reports and all else that was asked for reach every process.
    let again = build_in(&folder, &["--messages", "mk", "--report", "quarterly", "--force", "--jobs", "1"]);
    let told = stdout(&again);
    assert!(told.contains("TEST-18: запишани 8"), "{told}");
    let unknown = build_in(&folder, &["--report", "none-of-the-kind"]);
    assert_eq!(unknown.status.code(), Some(2));
    assert_eq!(stderr(&unknown).matches("error[no-such-report]").count(), 18, "{}", stderr(&unknown));
}

#[cfg(target_os = "linux")]
mod processes {
    use std::fs;
    use std::io::{BufRead, BufReader, Read};
    use std::path::Path;
    use std::process::{Child, Command, Stdio};
    use std::thread;
    use std::time::{Duration, Instant};

    use super::portfolio;
    use crate::cli::build::PROGRAM;

    const PATIENCE: Duration = Duration::from_secs(60);

    fn start(folder: &Path) -> Child {
        let mut command = Command::new(PROGRAM);
        command.args(["build", "--period", "2025-Q1", "--jobs", "1"]).current_dir(folder);
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program runs")
    }

    /// The process that builds a batch for another, once its first projects are done, the bad one among them.
    fn batch_of(portfolio: &Child, told: &mut impl BufRead) -> String {
        let mut line = String::new();
        while !line.starts_with("TEST-03: ") {
            line.clear();
            assert_ne!(told.read_line(&mut line).expect("a line"), 0, "nothing was built");
        }
        let id = portfolio.id();
        let children = fs::read_to_string(format!("/proc/{id}/task/{id}/children")).expect("this test needs /proc");
        children.split_whitespace().next().expect("a batch").to_owned()
    }

    fn kill(process: &str) {
        assert!(Command::new("kill").args(["-KILL", process]).status().expect("`kill` runs").success());
    }

    #[test]
    fn a_batch_that_is_killed_costs_one_project() {
        let folder = portfolio(18);
        let mut child = start(folder.path());
        let mut told = BufReader::new(child.stdout.take().expect("a pipe"));
        kill(&batch_of(&child, &mut told));
        let mut rest = String::new();
        told.read_to_string(&mut rest).expect("what is told");
        let ended = child.wait_with_output().expect("its end");
        let complaints = String::from_utf8_lossy(&ended.stderr);
        assert_eq!(ended.status.code(), Some(2), "{complaints}");
        assert_eq!(complaints.matches("error[batch-ended]").count(), 1, "{complaints}");
        assert!(complaints.contains("with problems (2): inputs/p02, inputs/p"), "{complaints}");
        assert!(rest.contains("projects: 18, without problems: 16; "), "{rest}");
        let stand = (1..=18).filter(|at| folder.path().join(format!("build/TEST-{at:02}/2025-Q1")).is_dir()).count();
        assert!(stand >= 16, "{stand}");
    }

    #[test]
    fn a_batch_ends_with_the_portfolio_that_it_belongs_to() {
        let folder = portfolio(18);
        let mut child = start(folder.path());
        let mut told = BufReader::new(child.stdout.take().expect("a pipe"));
        let batch = batch_of(&child, &mut told);
        child.kill().expect("it is killed");
        child.wait().expect("its end");
        let begun = Instant::now();
        let runs = || fs::read_to_string(format!("/proc/{batch}/comm")).is_ok_and(|name| name.starts_with("donor"));
        while runs() && begun.elapsed() < PATIENCE {
            thread::sleep(Duration::from_millis(10));
        }
        assert!(!runs(), "the batch goes on by itself");
        assert!(!folder.path().join("build/TEST-16").exists(), "it was at its end anyway");
    }
}
