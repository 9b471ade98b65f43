"""Whether this machine has what films need: a line for each thing, and what to do where it has not."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Literal

from vtx_app.errors import RenderError, VtxError
from vtx_app.formats.pipelines import MODEL_VARIABLES, PIPELINES
from vtx_app.models.fingerprint import model_fingerprint
from vtx_app.plan.film_plan import plan_film, tier_renderer
from vtx_app.plan.readiness import unrenderable
from vtx_app.project.film import Film
from vtx_app.project.load import load_film
from vtx_app.project.paths import app_home, projects_root, shown
from vtx_app.project.settings import environment
from vtx_app.render.ltx.card import card_bytes, card_name
from vtx_app.render.ltx.package import installed

__all__ = ["Found", "checkup"]

State = Literal["ok", "note", "problem"]
_ENCODERS = ("libx264", "flac", "aac")
_LEAST_DISK = 5e9


@dataclass(frozen=True, slots=True)
class Found:
    """One thing: its ``state``, what it is, and what to do."""

    state: State
    what: str
    advice: str = ""


def checkup(slug: str | None) -> list[Found]:
    """What there is, for the film ``slug`` or for films in general (then what only LTX-2 needs is a note).

    Raises :class:`VtxError` for a film that can't be read.
    """
    film = load_film(slug) if slug else None
    needs_ltx = film is not None and tier_renderer(film, "final") == "ltx"
    return [
        *_python(),
        *_media(),
        *_disk(film),
        *_card(needs_ltx),
        *_package(needs_ltx),
        *_models(film),
        *_keys(film),
        *(_film(film) if film else ()),
    ]


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _python() -> Iterator[Found]:
    now = ".".join(map(str, sys.version_info[:3]))
    yield Found("ok" if sys.version_info >= (3, 11) else "problem", f"Python {now}", "")
    snakemake = _version("snakemake")
    good = snakemake is not None and tuple(int(part) for part in snakemake.split(".")[:2]) >= (9, 20)
    advice = "" if good else "pip install 'snakemake>=9.20'"
    yield Found("ok" if good else "problem", f"Snakemake {snakemake or 'not installed'}", advice)
    yield Found(
        "ok", "uv builds films' environments" if shutil.which("uv") else "pip builds films' environments (no uv)"
    )


def _media() -> Iterator[Found]:
    import av

    libraries = ", ".join(f"{name} {'.'.join(map(str, at))}" for name, at in sorted(av.library_versions.items())[:3])
    missing = [name for name in _ENCODERS[:2] if name not in av.codecs_available]
    advice = f"this PyAV lacks {', '.join(missing)}: pip install --force-reinstall av" if missing else ""
    yield Found("problem" if missing else "ok", f"PyAV {av.__version__} ({libraries})", advice)


def _disk(film: Film | None) -> Iterator[Found]:
    for what, path in (("films", film.folder if film else projects_root()), ("machine state", app_home())):
        there = next(folder for folder in (path, *path.absolute().parents) if folder.exists())
        if not os.access(there, os.W_OK):
            yield Found("problem", f"{what} in {shown(path)}", "the folder can't be written to: make it writable")
            continue
        free = shutil.disk_usage(there).free
        advice = "" if free > _LEAST_DISK else "less than 5 GB: make room before a long render"
        yield Found("ok" if not advice else "note", f"{what} in {shown(path)}, {free / 1e9:.0f} GB free", advice)


def _card(needed: bool) -> Iterator[Found]:
    memory = card_bytes()
    if memory is None:
        advice = "LTX-2 renders on a GPU; without one there is the storyboard: snakemake animatic --cores 4"
        yield Found("problem" if needed else "note", "no GPU that nvidia-smi knows", advice)
    else:
        yield Found("ok", f"{card_name('0') or 'a GPU'}, {memory / 2**30:.0f} GiB")


def _package(needed: bool) -> Iterator[Found]:
    try:
        installed()
    except RenderError as error:
        yield Found("problem" if needed else "note", "ltx-pipelines", str(error))
        return
    more = "" if installed().offloads else "; models stay warm as far as 1.0.0 allows"
    yield Found("ok", f"ltx-pipelines {_version('ltx-pipelines')}, {len(PIPELINES)} pipelines{more}")
    torch = _version("torch")
    yield Found("ok" if torch else "problem", f"torch {torch or 'not installed'}", "" if torch else "pip install torch")


def _models(film: Film | None) -> Iterator[Found]:
    variables = film.variables if film else environment()
    for name in MODEL_VARIABLES:
        place = variables.get(name)
        if not place:
            continue
        path = Path(place)
        if not path.exists():
            yield Found("problem", name, f"{place}: no such file; mend config/models.env")
            continue
        try:
            yield Found("ok", f"{name}: {model_fingerprint(path)[:16]}…")
        except (OSError, VtxError) as error:
            yield Found("problem", name, f"{place}: can't be read: {error}")
    if not any(variables.get(name) for name in MODEL_VARIABLES):
        yield Found("note", "no model is set", "config/models.env.example says which LTX-2 needs")


def _keys(film: Film | None) -> Iterator[Found]:
    variables = film.variables if film else environment()
    if variables.get("OPENAI_API_KEY"):
        yield Found("ok", "OPENAI_API_KEY is set")
    else:
        advice = "needed only where a model writes the story; never put it into a film's folder"
        yield Found("note", "OPENAI_API_KEY is not set", advice)


def _film(film: Film) -> Iterator[Found]:
    try:
        plan = plan_film(film.slug, "final")
    except VtxError as error:
        yield Found("problem", film.slug, str(error).splitlines()[0])
        return
    faults = unrenderable(film, [clip for clip in plan.clips.values() if not clip.take.exists()])
    for line in faults[:5]:
        yield Found("problem", f"{film.slug} can't be rendered here", line)
    if not faults:
        yield Found("ok", f"{film.slug}: {len(plan.clips)} clips, renderer {plan.renderer}")
