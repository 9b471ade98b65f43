"""A film is locked to the generation of its pipelines: another package never renders other pixels for the same take."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kit.film import Film as FilmFiles
from kit.locked_film import write_ltx_film
from kit.ltx.handmade import handmade_models
from kit.ltx.standin_package import install_standin
from kit.machine import forget
from vtx_app.compile.request import canonical_json
from vtx_app.errors import ModelError
from vtx_app.formats.check import load_format
from vtx_app.formats.film_lock import FilmLock
from vtx_app.jobs.take import lock_take
from vtx_app.plan.film_plan import ClipPlan
from vtx_app.plan.planner import plan_clips
from vtx_app.project.film import Film
from vtx_app.project.load import load_film
from vtx_app.review.relock import LockChange, relock

CLIP = "A01_S01_SH001__empty_quay"


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FilmFiles:
    """A film of one clip for the pipeline distilled, on a machine with models of 2.5."""
    made = write_ltx_film(tmp_path, monkeypatch, CLIP)
    made.edit("metadata.yaml", "default_pipeline: ti2vid_one_stage", "default_pipeline: distilled")
    models = handmade_models(tmp_path / "models", version="2.5.0")
    lines = [f"{name}={path}\n" for name, path in models.items()]
    lines.append(f"LTX_DETAILING_LORA_PATH={models['LTX_IC_LORA_PATH']}\n")
    (tmp_path / "config/models.env").write_text("".join(lines))
    return made


class Machine:
    """This machine, with a stand-in for some version of ltx-pipelines."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder, self.monkeypatch, self.count = folder, monkeypatch, 0

    def has(self, version: str) -> None:
        self.count += 1
        install_standin(self.folder / str(self.count), self.monkeypatch, version)


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    return Machine(tmp_path / "packages", monkeypatch)


def film() -> Film:
    forget()
    return load_film("harbour")


def plan(tier: str = "final") -> ClipPlan:
    return plan_clips(film(), tier)[CLIP]


def rendered() -> str:
    """Render the clip's take, as far as the lock is concerned; returns its digest."""
    take = plan().take
    take.path.parent.mkdir(parents=True, exist_ok=True)
    take.path.touch()
    lock_take(film(), take)
    return take.digest


def lock_of(files: FilmFiles) -> FilmLock:
    return load_format(files.folder / "film.lock.yaml", FilmLock)


def moved(*, write: bool = False) -> LockChange:
    forget()
    return relock("harbour", write=write)


def test_the_same_request_is_another_take_where_it_gives_other_pixels(files: FilmFiles, machine: Machine) -> None:
    machine.has("1.3.0")
    before = plan()
    machine.has("1.4.0")
    after = plan()
    assert (before.take.request.generation, after.take.request.generation) == (None, 2)
    assert "generation" not in json.loads(canonical_json(before.take.request))
    assert before.take.digest != after.take.digest


def test_a_checkpoint_of_before_2_5_is_of_one_generation(files: FilmFiles, machine: Machine, tmp_path: Path) -> None:
    handmade_models(tmp_path / "models", version="2.4.0")
    machine.has("1.2.0")
    before = plan().take.digest
    machine.has("1.4.0")
    assert plan().take.digest == before


def test_a_film_is_locked_to_the_generation_of_its_first_take(files: FilmFiles, machine: Machine) -> None:
    machine.has("1.4.0")
    digest = rendered()
    assert lock_of(files).generations == {"distilled": 2}
    assert plan().take.digest == digest


def test_a_laptop_without_models_and_package_compiles_from_the_lock(
    files: FilmFiles, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.MonkeyPatch.context() as elsewhere:
        Machine(tmp_path / "packages", elsewhere).has("1.4.0")
        digest = rendered()
    (tmp_path / "config/models.env").unlink()
    assert plan().take.digest == digest


@pytest.mark.parametrize(
    ("first", "then", "words"),
    [
        (
            "1.3.0",
            "1.4.0",
            "distilled renders here as its generation 2 (both stages sample with Euler ancestral), and this film was "
            "rendered with generation 1 (film.lock.yaml): it changes pixels. Install ltx-pipelines before 1.4, or move "
            "the film to what is here, which costs 1 take: vtx models lock harbour",
        ),
        (
            "1.4.0",
            "1.2.0",
            "distilled renders here not yet as its generation 2 (both stages sample with Euler ancestral), and this "
            "film was rendered with generation 2 (film.lock.yaml): it changes pixels. Install ltx-pipelines 1.4 or "
            "newer, with the film's checkpoint, or move the film to what is here, which costs 1 take: "
            "vtx models lock harbour",
        ),
    ],
)
def test_another_generation_is_told_with_its_cost_and_moved_by_a_command(
    files: FilmFiles, machine: Machine, first: str, then: str, words: str
) -> None:
    machine.has(first)
    digest = rendered()
    machine.has(then)
    with pytest.raises(ModelError) as caught:
        plan()
    assert str(caught.value) == words
    change = moved()
    assert (change.written, change.takes) == (False, 1)
    assert f"would lock distilled to its generation {2 if then == '1.4.0' else 1}" in change.lines()
    moved(write=True)
    assert plan().take.digest != digest
    machine.has(first)
    moved(write=True)
    assert plan().take.digest == digest


def test_a_lock_from_before_there_were_generations_is_of_the_first(files: FilmFiles, machine: Machine) -> None:
    machine.has("1.2.0")
    digest = rendered()
    files.edit("film.lock.yaml", "generations: {distilled: 1}\n", "")
    assert plan().take.digest == digest
    machine.has("1.4.0")
    with pytest.raises(ModelError, match="was rendered with generation 1"):
        plan()


def test_dfr_needs_other_models_from_1_3_on_unless_the_film_is_locked(files: FilmFiles, machine: Machine) -> None:
    files.edit("metadata.yaml", "default_pipeline: distilled", "default_pipeline: dfr_pipeline")
    machine.has("1.2.0")
    assert "LTX_CHECKPOINT_PATH" in plan().take.slots
    machine.has("1.4.0")
    assert "LTX_DETAILING_LORA_PATH" in plan().take.slots
    rendered()
    assert lock_of(files).generations == {"dfr_pipeline": 3}
    assert "LTX_CHECKPOINT_PATH" not in lock_of(files).models
    machine.has("1.3.0")
    with pytest.raises(ModelError, match="not yet as its generation 3"):
        plan()


def test_a_film_s_own_python_says_which_version_renders_it(files: FilmFiles, machine: Machine) -> None:
    machine.has("1.4.0")
    files.write("env/requirements.txt", "ltx-pipelines==1.2.0\n")
    assert plan().take.request.generation is None  # not built yet, and it will bring its own
    own = files.folder / ".venv/lib/python3.12/site-packages/ltx_pipelines-1.2.0.dist-info"
    own.mkdir(parents=True)
    assert plan().take.request.generation is None
    newer = own.rename(own.with_name("ltx_pipelines-1.4.2.dist-info"))
    assert plan().take.request.generation == 2
    newer.rmdir()
    files.write("env/requirements.txt", "colour-science\n")
    assert plan().take.request.generation == 2  # it is on top of VTX's


def test_a_storyboard_has_no_generation(files: FilmFiles, machine: Machine) -> None:
    machine.has("1.4.0")
    assert plan("animatic").take.request.generation is None
    assert plan("draft").take.request.generation == 2
