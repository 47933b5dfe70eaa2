# The commands of the day, for just (https://just.systems). Each recipe is what one would type; `just` lists them.

# This crate without optimisation, the libraries as ever: a changed line is under test in a sixth of the time.
quick := "--config profile.release.package.donor-report.opt-level=0"

[private]
default:
    @{{ just_executable() }} --list --unsorted

# Everything compiled, no test run
check:
    cargo {{ quick }} test --release --no-run

# All tests, or those of a room: `just test ingest`, `just test ingest::cells`
test *room:
    cargo {{ quick }} test --release --test suite {{ room }}

# Write golden files anew (errors_md, reference, licences, or a test of your own), then read the diff
golden test:
    UPDATE_GOLDEN=1 cargo {{ quick }} test --release --test suite {{ test }}
    git diff --stat

# The reports of inputs/, or of the folders that are named
build *folders:
    cargo run --release -- build {{ folders }}

# The guide for officers, from guide/, into build/guide
guide:
    cargo run --release -- guide build/guide

# Formatting and lints, as .ci/run asks for them
lint:
    cargo fmt --check
    cargo clippy --release --all-targets -- -D warnings

# The documentation of the code, with every link in it checked
doc:
    RUSTDOCFLAGS="-D rustdoc::broken_intra_doc_links" cargo doc --release --no-deps --lib

# Hold two programs against each other over all projects there are, byte for byte
same-bytes old new *subset:
    cargo bench --bench same_bytes -- {{ old }} {{ new }} {{ subset }}

# One benchmark (reading, engine, stages, annex, whole); what they mean: BENCHMARKS.md
bench name *arguments:
    cargo bench --bench {{ name }} -- {{ arguments }}

# Any bytes as a file (`ingest`), or any text as prose (`narrative`), until it breaks or you end it
fuzz target="ingest":
    cargo +nightly fuzz run {{ target }} -- -rss_limit_mb=500 -timeout=10

# The app in a real browser, with node and a Chromium
browser:
    mkdir -p target/browser
    cp .ci/browser/* target/browser
    cd target/browser && npm install --no-audit --no-fund && node app.mjs ../release/donor-report ../../inputs/myla-2017

# Licences of dependencies, and what is known against them (needs the network)
deny:
    cargo deny check

# All that must hold before a change lands, or some of its steps: `just ci pdf workbooks`
ci *steps:
    .ci/run {{ steps }}
