"""A film for LTX-2 on a machine that can't render it: it is planned, and what stands against it is told at once."""

from __future__ import annotations

import importlib.util
import re

import pytest

from kit.film import IDS, Film
from kit.ltx.handmade import handmade_models
from vtx_app.formats.film_lock import FilmLock
from vtx_app.models.locked import film_lock_text

SLOTS = ("LTX_CHECKPOINT_PATH", "LTX_GEMMA_ROOT", "LTX_DISTILLED_LORA_PATH", "LTX_IC_LORA_PATH")
HERE = "can't be rendered here: "
none_here = pytest.mark.skipif(
    importlib.util.find_spec("ltx_pipelines") is not None, reason="this Python has an ltx_pipelines"
)


@pytest.fixture
def unlocked(film: Film) -> Film:
    """A film for LTX that was never rendered; its machine has no models."""
    (film.root / "config" / "models.env").unlink(missing_ok=True)
    film.edit("metadata.yaml", "renderer: animatic", "renderer: ltx")
    return film


@pytest.fixture
def locked(unlocked: Film) -> Film:
    """The film as it comes from a machine with the models."""
    lock = {slot: f"sha256-sampled:{number:064x}" for number, slot in enumerate(SLOTS)}
    unlocked.write("film.lock.yaml", film_lock_text(FilmLock(models=lock)))
    return unlocked


def against(film: Film) -> list[str]:
    """What the dry-run tells against rendering the film, which it plans all the same."""
    jobs = film.dry_run()
    assert (jobs.takes, jobs.clips, jobs.acts, jobs.final) == (IDS, IDS, ["A01", "A02"], True)
    return [line.partition(HERE)[2] for line in jobs.text.splitlines() if HERE in line]


def stopped(film: Film, env: dict[str, str] | None = None) -> str:
    """What a build says that stops before its first job."""
    done = film.snakemake("final", "--scheduler", "greedy", env=env)
    assert done.returncode == 1, done.stdout
    assert "Traceback" not in done.stdout
    assert not re.search(r'^\s*File ".*", line \d+', done.stdout, re.MULTILINE), done.stdout
    assert not (film.folder / "renders").exists()
    assert list((film.folder / "logs").rglob("*.log")) == []
    return done.stdout


def test_a_film_that_is_locked_to_nothing_says_which_variable_it_wants(unlocked: Film) -> None:
    for words in (("final", "--dry-run"), ("final",)):
        done = unlocked.snakemake(*words)
        assert done.returncode == 1
        assert "LTX_CHECKPOINT_PATH is not set; set it in config/models.env" in done.stdout
        assert "snakemake animatic --cores 4 --config project=harbour" in done.stdout
        assert "Traceback" not in done.stdout
    assert not (unlocked.folder / "renders").exists()
    assert not unlocked.dry_run("animatic").nothing
    assert HERE not in unlocked.dry_run("animatic").text


def test_a_locked_film_is_planned_without_its_models_and_every_missing_one_is_told(locked: Film) -> None:
    told = against(locked)
    assert sorted(line.split()[0] for line in told if line.startswith("LTX_")) == sorted(SLOTS)
    for line in told:
        assert "snakemake animatic --cores 4" in line


def test_a_build_without_the_models_stops_before_its_first_job(locked: Film) -> None:
    said = stopped(locked)
    for slot in SLOTS:
        assert said.count(f"{slot} is not set") == 1
    assert "snakemake animatic --cores 4 --config project=harbour" in said
    assert HERE not in said


@none_here
def test_the_package_that_is_missing_is_told_with_the_models(locked: Film) -> None:
    for told in ("\n".join(against(locked)), stopped(locked)):
        assert told.count("ltx_pipelines is not installed in this Python") == 1
        assert "LTX_GEMMA_ROOT is not set" in told


def test_a_model_in_another_s_place_and_a_wrong_setting_are_told_together(unlocked: Film) -> None:
    models = dict(handmade_models(unlocked.root / "models"))
    models["LTX_CHECKPOINT_PATH"] = models["LTX_SPATIAL_UPSAMPLER_PATH"]
    settings = "".join(f"{slot}={path}\n" for slot, path in models.items())
    (unlocked.root / "config" / "models.env").write_text(f"{settings}LTX_OFFLOAD=gpu\n")
    for told in ("\n".join(against(unlocked)), stopped(unlocked)):
        assert told.count("is a latent upsampler, not an LTX-2 checkpoint") == 1
        assert told.count("LTX_OFFLOAD is 'gpu'; expected one of") == 1
