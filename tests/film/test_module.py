"""VTX as a module of another workflow, whose folder holds the films."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from kit.film import CLIPS, Film

SNAKEDEPLOY = shutil.which("snakedeploy") or shutil.which("snakedeploy", path=str(Path(sys.executable).parent))

OUTER = """\
configfile: "config/config.yaml"


module vtx:
    snakefile: {snakefile!r}
    config: config


use rule * from vtx as vtx_*


rule graded:
    input:
        "projects/harbour/renders/final/harbour.mp4",
    output:
        "graded.txt",
    default_target: True
    shell:
        "echo graded > {{output:q}}"


onstart:
    print("the outer workflow begins")
"""


@pytest.fixture
def studio(film: Film, tmp_path: Path) -> Film:
    """A film of one shot in a folder with a workflow of its own; VTX is elsewhere."""
    for stem in list(CLIPS)[1:]:
        (film.folder / f"prompts/clips/{stem}.yaml").unlink()
    vtx = tmp_path / "vtx"
    vtx.mkdir()
    for name in ("Snakefile", "rules", "envs"):
        shutil.move(film.root / name, vtx / name)
    (film.root / "Snakefile").write_text(OUTER.format(snakefile=str(vtx / "Snakefile")), encoding="utf-8")
    return film


def test_a_workflow_builds_a_film_with_the_module_and_goes_on(studio: Film) -> None:
    jobs = studio.snakemake("--dry-run")
    assert jobs.returncode == 0, jobs.stdout
    assert "vtx_take" in jobs.stdout
    said = studio.snakemake("--scheduler", "greedy")
    assert said.returncode == 0, said.stdout
    assert (studio.root / "graded.txt").read_text() == "graded\n"
    assert (studio.folder / "renders/final/harbour.mp4").stat().st_size > 0
    assert "the outer workflow begins" in said.stdout
    again = studio.snakemake("--dry-run")
    assert "Nothing to be done" in again.stdout
    studio.edit_clip("A01_S01_SH001__empty_quay", "The quay at dawn", "The quay at dusk")
    assert "vtx_take" in studio.snakemake("--dry-run").stdout


@pytest.mark.skipif(SNAKEDEPLOY is None, reason="snakedeploy is not installed: pip install snakedeploy")
def test_snakedeploy_writes_a_workflow_that_builds_a_film(film: Film, tmp_path: Path) -> None:
    """From a local clone; from GitHub's it would write the address of the Snakefile there."""
    clone = tmp_path / "vtx"
    clone.mkdir()
    for name in ("Snakefile", "rules", "envs", "config"):
        shutil.move(film.root / name, clone / name)
    words = ["deploy-workflow", "--tag", "v1", "--name", "vtx", str(clone), str(film.root)]
    done = subprocess.run([str(SNAKEDEPLOY), *words], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    written = film.root / "workflow/Snakefile"
    text = written.read_text(encoding="utf-8")
    assert text.count('"Snakefile"') == 1, text
    written.write_text(text.replace('"Snakefile"', repr(str(clone / "Snakefile"))), encoding="utf-8")
    jobs = film.dry_run("projects/harbour/renders/final/harbour.mp4")
    assert (len(jobs.takes), len(jobs.clips), jobs.acts, jobs.final) == (6, 6, ["A01", "A02"], True)
