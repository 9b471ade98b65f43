"""Nothing leads out of a project."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from vtx_app.errors import ProjectError
from vtx_app.files import display_path
from vtx_app.project.paths import (
    app_home,
    project_folder,
    projects_root,
    renders,
    resolve_inside,
    take_path,
)


@pytest.fixture
def film(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A film's folder, named as it is when the build runs beside it."""
    monkeypatch.chdir(tmp_path)
    for name in ("VTX_PROJECTS_ROOT", "VTX_APP_HOME"):
        monkeypatch.delenv(name, raising=False)
    folder = Path("projects/harbour")
    (folder / "inputs").mkdir(parents=True)
    (folder / "inputs" / "a.png").write_bytes(b"a")
    (folder / "metadata.yaml").write_text("slug: harbour\n")
    Path("secret.txt").write_text("secret")
    return folder


@pytest.mark.parametrize(
    "written", ["inputs/a.png", "./inputs/a.png", "inputs/../inputs/a.png", "inputs/none.png", "…"]
)
def test_what_is_inside_is_found(film: Path, written: str) -> None:
    assert resolve_inside(film, written) == film / written


@pytest.mark.parametrize(
    "written",
    [
        "..",
        "../other/a.png",
        "inputs/../../x",
        "inputs/a.png/../../../x",
        "../../secret.txt",
        "../harbour2/a",
        "./../x",
    ],
)
def test_what_climbs_out_is_refused(film: Path, written: str) -> None:
    with pytest.raises(ProjectError, match="leads out of the project; copy the file into it"):
        resolve_inside(film, written)


@pytest.mark.parametrize("written", ["/etc/passwd", "//etc/passwd", "~/a.png", "~root/a.png"])
def test_what_is_elsewhere_is_refused(film: Path, written: str) -> None:
    with pytest.raises(ProjectError, match="give a path relative to the project's folder"):
        resolve_inside(film, written)


def test_an_absolute_path_is_refused_even_if_it_leads_in(film: Path) -> None:
    with pytest.raises(ProjectError, match="relative to the project's folder"):
        resolve_inside(film, str((film / "inputs/a.png").resolve()))


def test_what_is_no_path_is_refused(film: Path) -> None:
    with pytest.raises(ProjectError, match="is not a path"):
        resolve_inside(film, "a\0b")


def test_links_are_followed_before_they_are_judged(film: Path) -> None:
    (film / "inside.png").symlink_to("inputs/a.png")
    (film / "out.txt").symlink_to(Path("secret.txt").resolve())
    (film / "folder").symlink_to(Path.cwd())
    (film / "circle").symlink_to("circle")
    (film / "nowhere").symlink_to("../nothing")
    assert resolve_inside(film, "inside.png").read_bytes() == b"a"
    for written in ("out.txt", "folder/secret.txt", "folder", "nowhere"):
        with pytest.raises(ProjectError, match="leads out"):
            resolve_inside(film, written)
    assert not resolve_inside(film, "circle").exists()


def test_a_film_behind_a_link_is_a_film(film: Path) -> None:
    Path("projects/linked").symlink_to(film.resolve())
    assert resolve_inside(project_folder("linked"), "inputs/a.png").read_bytes() == b"a"


NAMES = st.sampled_from(["..", ".", "inputs", "a.png", "x", "...", "~", " "])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(NAMES, min_size=1, max_size=6))
def test_whatever_is_accepted_lies_inside(film: Path, parts: list[str]) -> None:
    try:
        path = resolve_inside(film, "/".join(parts))
    except ProjectError:
        return
    assert path.resolve().is_relative_to(film.resolve())


@pytest.mark.parametrize(
    "slug", ["../x", "/x", "", ".", "..", "X", "a/b", "a b", "-a", "a\n", "é", "a" * 65, "$(x)", "a\0"]
)
def test_what_is_no_slug_is_no_film(film: Path, slug: str) -> None:
    with pytest.raises(ProjectError, match="a slug has small letters, digits, - and _ only"):
        project_folder(slug)


def test_a_missing_film_is_reported_with_those_that_exist(film: Path) -> None:
    assert project_folder("harbour") == film
    with pytest.raises(ProjectError, match=r"no film 'harbor': .*metadata.yaml is missing; .*harbour"):
        project_folder("harbor")


def test_this_machines_folders_come_from_the_environment_or_from_global_env(
    film: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert (projects_root(), app_home()) == (Path("projects"), Path(".vtx"))
    Path("config").mkdir()
    Path("config/global.env").write_text("VTX_PROJECTS_ROOT=films\nVTX_APP_HOME=state\n")
    assert (projects_root(), app_home()) == (Path("films"), Path("state"))
    monkeypatch.setenv("VTX_PROJECTS_ROOT", "/films")
    monkeypatch.setenv("VTX_APP_HOME", "")
    assert (projects_root(), app_home()) == (Path("/films"), Path("state"))


def test_names_of_what_is_made(film: Path) -> None:
    assert take_path(film, "A01_S01_SH001", "d" * 64) == film / f"renders/takes/A01_S01_SH001/{'d' * 64}.mp4"
    assert (renders("final"), renders("animatic")) == ("renders", "renders/animatic")
    assert (
        display_path(film / "metadata.yaml")
        == display_path((film / "metadata.yaml").resolve())
        == "projects/harbour/metadata.yaml"
    )
    assert display_path(Path("/elsewhere/x")) == "/elsewhere/x"
    assert display_path(Path.cwd()) == "."
    beside = Path(f"{Path.cwd()}-2/x")
    assert display_path(beside) == beside.as_posix()
