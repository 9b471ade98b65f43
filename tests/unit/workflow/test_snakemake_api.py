"""Every attribute of Snakemake that VTX touches, by name: a version that changes one fails here with that name."""

from __future__ import annotations

import ast
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import snakemake
from snakemake import common, rules

from kit import warm
from vtx_app.workflow import snakemake_api

TOUCHED = [
    "_onstart",
    "current_basedir.get_path_or_uri",
    "dag.forcefiles",
    "dag.ignore_incomplete",
    "dag.output_index",
    "dag_settings.forceall",
    "dag_settings.forcerun",
    "dag_settings.forcetargets",
    "dag_settings.rerun_triggers",
    "dag_settings.targets",
    "config_settings.config",
    "deployment_settings.deployment_method",
    "dryrun",
    "execution_settings.keep_going",
    "execution_settings.keep_incomplete",
    "execution_settings.retries",
    "global_resources",
    "group_settings",
    "local_exec",
    "modifier.is_main_snakefile",
    "onstart",
    "persistence.backup_output",
    "persistence.lock",
    "persistence.noop",
    "persistence.restore_output",
    "register_resource",
    "remote_exec",
    "rules",
    "scheduler",
]
"""Attributes of ``workflow``, the global of a Snakefile, as they are while Snakemake builds its graph."""

SNAKEFILE = f"""
import json
from operator import attrgetter
from pathlib import Path

from vtx_app.workflow.snakemake_api import JobListener, Snakemake

SNAKEMAKE = Snakemake(workflow)
SNAKEMAKE.default_resource("gpu", 1)
SNAKEMAKE.default_resource("llm", 4)
CHECKOUT = SNAKEMAKE.checkout.name


def present(name):
    try:
        attrgetter(name)(workflow)
    except AttributeError:
        return False
    except AssertionError:  # it is there, but only while a Snakefile is read
        return True
    return True


def inputs(wildcards):
    SNAKEMAKE.configure()
    SNAKEMAKE.force(Path("made.txt"))
    facts = {{
        "present": [name for name in {TOUCHED!r} if present(name)],
        "gpu": SNAKEMAKE.resource("gpu"),
        "llm": SNAKEMAKE.resource("llm"),
        "targets": SNAKEMAKE.targets,
        "project": SNAKEMAKE.config_from_command_line("project"),
        "other": SNAKEMAKE.config_from_command_line("other"),
        "dry_run": SNAKEMAKE.dry_run,
        "here": SNAKEMAKE.runs_jobs_here,
        "conda": SNAKEMAKE.uses_conda,
        "forced": SNAKEMAKE.forces_anything,
        "checkout": CHECKOUT,
    }}
    Path("facts.json").write_text(json.dumps(facts))
    return []


JobListener(lambda job, wildcards: f"started {{wildcards}}", lambda job: "finished one")


rule made:
    input:
        inputs,
    output:
        update("{{name}}.txt"),
    shell:
        "echo again >> {{output}}; test ! -e fail"
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a workflow whose one output exists, after one run. No test changes it."""
    made = tmp_path_factory.mktemp("workflow")
    (made / "Snakefile").write_text(SNAKEFILE, encoding="utf-8")
    (made / "made.txt").write_text("first\n", encoding="utf-8")
    run(made, "made.txt", "--config", "project=harbour", "--resources", "gpu=3")
    return made


@pytest.fixture
def again(folder: Path, tmp_path: Path) -> Path:
    """A copy of it for one test, which runs the workflow once more."""
    return shutil.copytree(folder, tmp_path / "again")


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "snakemake", "--cores", "1", *arguments]
    env = warm.environment(os.environ)
    done = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, check=False)
    (folder / "log.txt").write_text(done.stdout + done.stderr, encoding="utf-8")
    return done


def touched() -> Iterator[str]:
    """The attribute chains of ``self._workflow`` and ``workflow`` in the module, cut after the second name."""
    for node in ast.walk(ast.parse(Path(snakemake_api.__file__).read_text(encoding="utf-8"))):
        names = []
        while isinstance(node, ast.Attribute):
            names.append(node.attr)
            node = node.value
        if isinstance(node, ast.Name):
            chain = [node.id, *reversed(names)]
            if chain[:2] == ["self", "_workflow"]:
                yield ".".join(chain[2:4])
            elif chain[0] == "workflow":
                yield ".".join(chain[1:3])


def test_the_list_names_every_touch() -> None:
    inner = {
        "dag",
        "dag_settings",
        "config_settings",
        "current_basedir",
        "deployment_settings",
        "execution_settings",
        "modifier",
        "persistence",
        "",
    }
    used = {name for name in touched() if name not in inner} | {
        f"dag_settings.{name}" for name in ("forceall", "forcerun", "forcetargets")
    }
    assert used | {"config_settings.config"} == set(TOUCHED)


@pytest.mark.parametrize("name", TOUCHED)
def test_snakemake_has(folder: Path, name: str) -> None:
    facts = json.loads((folder / "facts.json").read_text())
    assert name in facts["present"], f"Snakemake {snakemake.__version__} has no workflow.{name}: see {snakemake_api}"


def test_the_parameters_of_a_function_are_looked_up_once() -> None:
    snakemake_api.Snakemake(None)
    looked_up = common.get_function_params

    def inputs(wildcards: object, threads: int) -> list[str]:
        return []

    assert list(looked_up(inputs)) == ["wildcards", "threads"]
    assert looked_up(inputs) is rules.get_function_params(inputs)
    snakemake_api.Snakemake(None)
    assert common.get_function_params is looked_up


def test_what_it_says_of_a_run(folder: Path) -> None:
    facts = json.loads((folder / "facts.json").read_text())
    del facts["present"]
    assert facts == {
        "gpu": 3,
        "llm": 4,
        "targets": ["made.txt"],
        "project": "harbour",
        "other": None,
        "dry_run": False,
        "here": True,
        "conda": False,
        "forced": False,
        "checkout": folder.name,
    }


@pytest.mark.parametrize("first", ["onstart", "module"])
def test_a_module_begins_with_the_outer_workflow(tmp_path: Path, first: str) -> None:
    inner = tmp_path / "inner"
    inner.mkdir()
    (inner / "Snakefile").write_text(
        "from pathlib import Path\n"
        "from vtx_app.workflow.snakemake_api import Snakemake\n"
        "SNAKEMAKE = Snakemake(workflow)\n"
        "SNAKEMAKE.begin_with(lambda: Path('begun').write_text(SNAKEMAKE.checkout.as_posix()))\n"
        "SNAKEMAKE.checkout\n"
        "onstart: Path('never').touch()\n"
        "rule made:\n    output: 'made'\n    shell: 'touch {output}'\n",
        encoding="utf-8",
    )
    parts = {
        "onstart": "from pathlib import Path\nonstart: Path('outer').touch()\n",
        "module": "module vtx:\n    snakefile: 'inner/Snakefile'\nuse rule * from vtx as vtx_*\n",
    }
    (tmp_path / "Snakefile").write_text(parts.pop(first) + "".join(parts.values()), encoding="utf-8")
    assert run(tmp_path, "made", "--dry-run").returncode == 0
    assert not (tmp_path / "begun").exists()
    assert run(tmp_path, "made").returncode == 0, (tmp_path / "log.txt").read_text()
    assert (tmp_path / "begun").read_text() == inner.as_posix()
    assert (tmp_path / "outer").exists()
    assert not (tmp_path / "never").exists()


def test_an_existing_file_is_made_again_in_place_without_a_lock(folder: Path) -> None:
    assert (folder / "made.txt").read_text() == "first\nagain\n"
    assert list((folder / ".snakemake/locks").glob("*")) == []
    log = (folder / "log.txt").read_text()
    assert "started {'name': 'made'}" in log
    assert "finished one" in log


def test_a_dry_run_and_forced_targets_are_seen(again: Path) -> None:
    run(again, "made.txt", "--dry-run", "--force")
    facts = json.loads((again / "facts.json").read_text())
    assert (facts["dry_run"], facts["forced"]) == (True, True)


def test_a_failed_job_leaves_its_output_and_nothing_is_incomplete(again: Path) -> None:
    before = (again / "made.txt").read_text()
    (again / "fail").touch()
    assert run(again, "made.txt").returncode == 1
    assert (again / "made.txt").read_text() == f"{before}again\n"
    (again / "fail").unlink()
    assert run(again, "made.txt").returncode == 0


@pytest.mark.parametrize(("noted", "tries"), [("", 2), ("; printf %s $VTX_SUBMITTED_BY > made.fault", 1)])
def test_a_failed_job_is_tried_again_unless_it_noted_that_this_is_of_no_use(
    tmp_path: Path, noted: str, tries: int
) -> None:
    (tmp_path / "Snakefile").write_text(
        "from vtx_app.workflow.snakemake_api import Snakemake\n"
        "Snakemake(workflow)\n"
        "rule made:\n    output: 'made'\n    log: 'made.log'\n"
        f"    shell: 'echo try >> tries{noted}; false'\n",
        encoding="utf-8",
    )
    assert run(tmp_path, "made", "--retries", "1").returncode == 1
    assert (tmp_path / "tries").read_text() == "try\n" * tries, (tmp_path / "log.txt").read_text()


def test_each_try_of_each_job_runs_its_own_command(tmp_path: Path) -> None:
    (tmp_path / "Snakefile").write_text(
        "from vtx_app.workflow.snakemake_api import Snakemake\n"
        "Snakemake(workflow)\n"
        "rule all:\n    input: 'one', 'two'\n"
        "rule made:\n    output: '{name}'\n    resources: mem_mb=lambda wildcards, attempt: 100 * attempt\n"
        "    params: words=lambda wildcards: f'made {wildcards.name}'\n"
        "    shell: 'echo {params.words} {resources.mem_mb} >> tries;"
        " test {resources.mem_mb} -gt 100 && touch {output}'\n",
        encoding="utf-8",
    )
    assert run(tmp_path, "all", "--retries", "1").returncode == 0, (tmp_path / "log.txt").read_text()
    tried = sorted((tmp_path / "tries").read_text().splitlines())
    assert tried == ["made one 100", "made one 200", "made two 100", "made two 200"]


@pytest.mark.parametrize(
    ("jobs", "words", "scheduler"),
    [(199, [], "milp"), (200, [], "greedy"), (200, ["--scheduler", "ilp"], "milp"), (200, ["--scheduler=ilp"], "milp")],
)
def test_of_many_jobs_the_greedy_scheduler_picks_the_next(
    tmp_path: Path, jobs: int, words: list[str], scheduler: str
) -> None:
    (tmp_path / "Snakefile").write_text(
        "from pathlib import Path\n"
        "from vtx_app.workflow.snakemake_api import Snakemake\n"
        "SNAKEMAKE = Snakemake(workflow)\n"
        "onstart:\n"
        "    SNAKEMAKE.pick_from_many()\n"
        "    Path('picks').write_text(workflow.scheduler._job_selector.__self__.__module__)\n"
        "    raise SystemExit(3)\n"  # what it would pick is not made
        f"rule all:\n    input: [f'made/{{number}}' for number in range({jobs - 1})]\n"
        "rule made:\n    output: 'made/{number}'\n    shell: 'touch {output}'\n",
        encoding="utf-8",
    )
    assert run(tmp_path, "all", *words).returncode == 3, (tmp_path / "log.txt").read_text()
    assert (tmp_path / "picks").read_text() == f"snakemake.scheduling.{scheduler}"
