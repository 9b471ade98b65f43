"""The profiles in config/profiles: Snakemake reads each, and plans the film with it."""

from __future__ import annotations

import re
from collections import Counter
from importlib.util import find_spec
from pathlib import Path

import pytest
import yaml

from kit.film import REPO, write_film

PROFILES = sorted(path.parent for path in (REPO / "config/profiles").glob("*/profile.yaml"))


@pytest.mark.parametrize("profile", PROFILES, ids=lambda path: path.name)
def test_a_profile_plans_the_film(tmp_path: Path, profile: Path) -> None:
    settings = yaml.safe_load((profile / "profile.yaml").read_text(encoding="utf-8"))
    plugin = settings.get("executor", "local").replace("-", "_")
    if plugin != "local" and find_spec(f"snakemake_executor_plugin_{plugin}") is None:
        pytest.skip(f"snakemake-executor-plugin-{plugin} is not installed")
    film = write_film(tmp_path)
    done = film.snakemake("clips", "--dry-run", "--workflow-profile", f"config/profiles/{profile.name}")
    assert done.returncode == 0, done.stdout
    planned = Counter(re.findall(r"^ *Job \d+: (Render|Conform) ", done.stdout, re.MULTILINE))
    assert planned == {"Render": 6, "Conform": 6}


@pytest.mark.parametrize("profile", PROFILES, ids=lambda path: path.name)
def test_a_profile_says_how_it_is_used(profile: Path) -> None:
    text = (profile / "profile.yaml").read_text(encoding="utf-8")
    assert f"--workflow-profile config/profiles/{profile.name}\n" in text
    assert re.match("# ", text)
