"""Rules' conda environments (``snakemake --sdm conda``), made by something that stands in for conda itself."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

from kit.build import write_short_film
from kit.film import REPO, Film

OWN = 'channels: [film]\ndependencies:\n  - pip:\n      - -e "${VTX_CHECKOUT}"\n'
FINALS = ("projects/harbour/renders/final/harbour.mp4", "projects/ferry/renders/final/ferry.mp4", "--sdm", "conda")


def test_each_job_runs_in_the_conda_environment_of_its_rule_or_film(tmp_path: Path) -> None:
    root, started = tmp_path / "films of Inès", tmp_path / "started"
    harbour, ferry = (write_short_film(root, slug, seconds=1) for slug in ("harbour", "ferry"))
    (root / "scripts").symlink_to(REPO / "scripts")
    shutil.copy(REPO / "pyproject.toml", root)
    harbour.write("env/environment.yaml", OWN)
    harbour.write("env/requirements.txt", "never-asked-for\n")  # conda makes the film's environment
    conda = shutil.copytree(Path(__file__).parent / "conda", tmp_path / "conda")
    path = os.pathsep.join([str(conda / "bin"), str(Path(sys.executable).parent), os.environ["PATH"]])
    env = {"PATH": path, "STARTED": str(started)}  # what stands in for conda runs in this Python
    harbour.build(*FINALS, "--conda-create-envs-only", env=env)
    assert not started.exists()
    harbour.build(*FINALS, env=env)
    ran = [environment_of(harbour, Path(prefix)) for prefix in started.read_text(encoding="utf-8").splitlines()]
    own, rules = OWN, (REPO / "envs/render.yaml").read_text(encoding="utf-8")
    # Takes and clips; acts, mixes, posters and finals; a warm process each.
    assert (ran.count(own), ran.count(rules)) == (5, 13)
    assert len(ferry.takes()) == 2
    harbour.write("env/environment.yaml", OWN + "  - scipy\n")
    for path in (root / "envs").iterdir():
        path.write_text(path.read_text(encoding="utf-8") + "  - scipy\n", encoding="utf-8")
    assert harbour.dry_run(*FINALS, env=env).nothing


def environment_of(film: Film, prefix: Path) -> str:
    """What the environment was made from, as Snakemake keeps it."""
    assert prefix.parent == film.root / ".snakemake/conda"
    return prefix.with_name(f"{prefix.name}.yaml").read_text(encoding="utf-8")
