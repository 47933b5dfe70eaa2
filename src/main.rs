use std::process::ExitCode;

fn main() -> ExitCode {
    donor_report::cli::run(std::env::args_os())
}
