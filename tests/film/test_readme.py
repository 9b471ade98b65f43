"""Every command of README.md and tasks.md works as written, and README's map is the package."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import typer

import vtx_app
from kit import warm
from kit.film import REPO, Film
from vtx_app.commands.app import app

README = (REPO / "README.md").read_text(encoding="utf-8")
CLIP = "A01_S01_SH002__ten_eleven_twelve"
ENVIRONMENT = ".vtx/environments/lighthouse.json"


def _own(_: str, names: list[str]) -> set[str]:
    """What is not copied: logs, and settings of this machine."""
    return {name for name in names if name == "logs" or name.endswith(".env")}


def copy_demo(root: Path) -> Film:
    """The demo film and the build; what this checkout has built of it already comes along."""
    for name in ("Snakefile", "rules", "config", "envs", "projects/lighthouse", ENVIRONMENT):
        source, target = REPO / name, root / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, ignore=_own, symlinks=True)
        elif source.exists():
            shutil.copy2(source, target)
    return Film(root, "lighthouse")


@pytest.fixture
def demo(tmp_path: Path) -> Film:
    return copy_demo(tmp_path)


@pytest.fixture(scope="module")
def planned(tmp_path_factory: pytest.TempPathFactory) -> Film:
    """The demo film for dry-runs, which change nothing."""
    return copy_demo(tmp_path_factory.mktemp("planned"))


def run(film: Film, command: str) -> str:
    """The output of a shell command line, with this Python's tools first on the path."""
    tools = str(Path(sys.executable).parent)
    env = warm.environment(film.environment({"PATH": os.pathsep.join([tools, os.environ["PATH"]])}))
    done = subprocess.run(["bash", "-c", command], cwd=film.root, env=env, capture_output=True, text=True, check=False)
    output = done.stdout + done.stderr
    assert done.returncode == 0, f"{command}\n{output}"
    return output


def test_the_commands_of_the_readme_say_what_it_shows(demo: Film) -> None:
    run(demo, "snakemake final --cores 4 --resources gpu=1")
    output = ""
    for block in re.findall(r"^```console\n(.*?)^```", README, re.MULTILINE | re.DOTALL):
        for line in block.splitlines():
            if line.startswith("$ "):
                output = run(demo, line.removeprefix("$ "))
            else:
                assert line in output


def test_the_vtx_commands_of_the_readme_exist() -> None:
    named = re.findall(r"`vtx ((?:[a-z][a-z-]* ?)+)", README)
    assert len(named) > 10
    for words in named:
        command = typer.main.get_command(app)
        for word in words.split():
            command = command.commands[word]


def test_the_map_names_every_part_of_the_package_once() -> None:
    rows = re.findall(r"^\| \d? ?\| (`.+`) \| .+ \|$", README, re.MULTILINE)
    mapped = re.findall(r"`([\w.]+)/?`", " ".join(rows))
    package = Path(vtx_app.__file__).parent
    parts = [path.name for path in package.iterdir() if path.is_dir() or path.suffix == ".py"]
    assert sorted(mapped) == sorted(name for name in parts if not name.startswith("__"))


def test_the_files_that_the_readme_names_exist() -> None:
    code = README.partition("## The code")[2]
    linked = re.findall(r"\]\(([\w./]+)\)", README)
    named = re.findall(r"`((?:plan|compile|project|workflow|jobs|takes|cut|render|rules|tests)/[\w./]+)`", code)
    assert len(named) > 15
    folders = REPO, Path(vtx_app.__file__).parent
    assert [name for name in [*linked, *named] if not any((folder / name).exists() for folder in folders)] == []


def commands_of_the_checklist() -> list[str]:
    text = (REPO / "tasks.md").read_text(encoding="utf-8")
    return sorted(
        set(re.findall(r"^ +(snakemake .*)$", text, re.MULTILINE)) | set(re.findall(r"`(snakemake [^`]+)`", text))
    )


def test_a_draft_of_a_film_without_models_says_which_it_needs(planned: Film) -> None:
    (command,) = [command for command in commands_of_the_checklist() if command.startswith("snakemake draft")]
    refused = planned.snakemake(*command.replace("<slug>", "lighthouse").split()[1:], "--dry-run")
    assert refused.returncode != 0
    assert "LTX_DISTILLED_CHECKPOINT_PATH is not set; set it in config/models.env" in refused.stdout
    assert "Traceback" not in refused.stdout


def commands_of_the_targets() -> list[str]:
    table = README.partition("### Build")[2].partition("\n\nAdd ")[0]
    return re.findall(r"`(snakemake [^`]+)`", table)


PLANNED = [
    command
    for command in [*commands_of_the_checklist(), *commands_of_the_targets()]
    if "snakemake draft" not in command
]


@pytest.mark.parametrize("command", PLANNED)
def test_the_commands_of_the_checklist_are_commands(planned: Film, command: str) -> None:
    """Planned, not run: what they build is built elsewhere in these tests."""
    filled = command.replace("<slug>", "lighthouse").replace("<clip_id>__<shot>", CLIP).replace("<clip>", CLIP)
    assert "<" not in filled
    program, *words = shlex.split(filled)
    assert program == "snakemake"
    done = planned.snakemake(*words, "--dry-run")
    assert done.returncode == 0, done.stdout
    assert "Error" not in done.stdout
