# Spreads the reports of every project in inputs/ over processes or machines:
#
#     snakemake --snakefile docs/portfolio.smk --cores 8 --keep-going
#
# Every line of `donor-report plan` is a rule. Snakemake asks for a unit again where a file of its project is newer than
# its outputs; donor-report then makes what is out of date by content. Settings: `--config program=… folder=… out=…`;
# docs/portfolio.md has the words for Slurm and Kubernetes. Snakemake 8.12 or later (`update`).

import json
import os
import subprocess
from pathlib import Path

PROGRAM = config.get("program", "donor-report")
FOLDER = Path(config.get("folder", "."))  # holds inputs/
OUT = FOLDER / config.get("out", "build")

# Where jobs see no inputs/, the plan is a configuration file.
UNITS = config.get("units")
FAULTY = []
if UNITS is None:
    plan = subprocess.run([PROGRAM, "plan"], cwd=FOLDER, stdout=subprocess.PIPE, encoding="utf-8")
    UNITS = [json.loads(line) for line in plan.stdout.splitlines()]
    if plan.returncode != 0:
        projects = (path.parent.relative_to(FOLDER).as_posix() for path in FOLDER.glob("inputs/*/project.toml"))
        FAULTY = sorted(set(projects) - {unit["project"] for unit in UNITS})


def as_it_is(value):
    """A parameter in which braces are no wildcards."""
    return lambda wildcards: value


def is_plain(name):
    """Snakemake takes braces in the name of a file for wildcards."""
    return "{" not in name and "}" not in name


def times(names):
    """Stands for files that can't be named as inputs."""
    return as_it_is([(name, os.stat(FOLDER / name).st_mtime_ns) for name in names])


def unit_of(unit):
    """The unit with its project's folder, wherever the files of a job are put."""
    settings = unit["project"] + "/project.toml"
    own = unit["unit"].removeprefix(unit["project"])
    if not is_plain(settings):
        return as_it_is(f"{FOLDER / unit['project']}{own}")
    return lambda wildcards, input: os.path.dirname(input.settings[0]) + own


def out_of(unit):
    return lambda wildcards, output: output[0].removesuffix(unit["outputs"][0]).rstrip("/")


localrules:
    all,


rule all:
    input:
        [str(OUT / output) for unit in UNITS for output in unit["outputs"]],
        [f"faulty_{number}" for number in range(len(FAULTY))],


for number, unit in enumerate(UNITS):
    settings = unit["project"] + "/project.toml"

    rule:
        name:
            f"unit_{number}"
        message:
            "{params.unit}"
        input:
            [str(FOLDER / name) for name in unit["inputs"] if is_plain(name) and name != settings],
            settings=[str(FOLDER / settings)] if is_plain(settings) else [],
        output:
            # Outputs of before stay until there are better ones.
            update([str(OUT / output) for output in unit["outputs"]]),
        params:
            program=PROGRAM,
            unit=unit_of(unit),
            out=out_of(unit),
            others=times(name for name in unit["inputs"] if not is_plain(name)),
        threads: 1
        resources:
            mem_mb=500,
            runtime=15,
        shell:
            # What needed no change keeps its time, for which Snakemake would ask again and again.
            "{params.program:q} build --unit {params.unit:q} --out {params.out:q} && touch -c {output:q}"


# Their project.toml can't be read. The others are built, and these end the run with an error.
for number, project in enumerate(FAULTY):

    rule:
        name:
            f"faulty_{number}"
        message:
            "{params.project}"
        output:
            temp(touch(f"faulty_{number}")),
        params:
            program=PROGRAM,
            project=as_it_is(str(FOLDER / project)),
        shell:
            "{params.program:q} check {params.project:q}"
