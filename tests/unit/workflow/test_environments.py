"""A film's own conda environment file, looked at before conda is."""

from __future__ import annotations

from pathlib import Path

import pytest

from vtx_app.errors import SpecError
from vtx_app.workflow.environments import conda_file


def write(folder: Path, text: str) -> Path:
    path = folder / "env/environment.yaml"
    path.parent.mkdir()
    path.write_text(text, encoding="utf-8")
    return path


def test_a_film_needs_none(tmp_path: Path) -> None:
    assert conda_file(tmp_path, uses_conda=True) is None


@pytest.mark.parametrize("vtx", ['-e "${VTX_CHECKOUT}"', "vtx-app==0.1.0", "-e /srv/films", "-r /srv/all.txt"])
def test_one_that_has_vtx_or_may_have_it_is_taken(tmp_path: Path, vtx: str) -> None:
    path = write(tmp_path, f"dependencies:\n  - python=3.12\n  - pip:\n      - {vtx}\n")
    assert conda_file(tmp_path, uses_conda=True) == path


def test_vtx_may_come_from_a_channel(tmp_path: Path) -> None:
    path = write(tmp_path, "dependencies: [python=3.12, vtx-app]\n")
    assert conda_file(tmp_path, uses_conda=True) == path


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("channels: [x]\ndependencies:\n  - python=3.12\n", "environment.yaml:3: dependencies: VTX is missing"),
        ("channels: [x]\ndependencies: all\n", "environment.yaml:2: dependencies: expected a list"),
        ("", "environment.yaml:1: dependencies: expected a list"),
        ("dependencies: [\n", "environment.yaml:2: not valid YAML"),
    ],
)
def test_one_in_which_no_take_can_be_made_is_told_with_its_line(tmp_path: Path, text: str, told: str) -> None:
    path = write(tmp_path, text)
    with pytest.raises(SpecError) as error:
        conda_file(tmp_path, uses_conda=True)
    assert told in str(error.value)
    assert conda_file(tmp_path, uses_conda=False) == path  # nobody asks for it
