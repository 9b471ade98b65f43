"""``vtx doctor``: whether this machine has what a film needs, a line for each thing and what to do about it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from vtx_app.commands.build import at_snakefile, gpus, keeps_going
from vtx_app.commands.config import host_of
from vtx_app.commands.options import Json
from vtx_app.commands.showing import as_json, say, telling
from vtx_app.errors import ModelError, ProjectError, RenderError, SpecError, VtxError

if TYPE_CHECKING:
    from vtx_app.project.film import Film

__all__ = ["Found", "doctor", "examine"]

State = Literal["ok", "note", "problem"]
_MARKS: dict[State, str] = {"ok": "ok      ", "note": "note    ", "problem": "PROBLEM "}
_LEAST_DISK = 5e9
_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Found:
    """One thing: what it is ``about``, its ``state``, what it is, and what to do.

    A ``problem`` stops the film's build, or VTX altogether; a ``note`` does not.
    """

    about: str
    state: State
    what: str
    advice: str = ""


@dataclass(slots=True)
class _Case:
    """What is looked at: one film, or the machine alone.

    ``models``: takes are missing that a model renders; ``slots`` are its variables. ``writes``: a model has to write
    the story first. ``found``: what the film's own files say.
    """

    film: Film | None = None
    models: bool = False
    slots: set[str] = field(default_factory=set)
    writes: bool = False
    found: list[Found] = field(default_factory=list)

    @property
    def if_rendered(self) -> State:
        """The state of what only rendering with a model needs, where it is missing."""
        return "problem" if self.models else "note"


def _slugs(incomplete: str) -> list[str]:
    """The films there are, for the shell's completion."""
    from vtx_app.project.paths import projects_root

    try:
        at_snakefile()
        names = [path.parent.name for path in projects_root().glob("*/metadata.yaml")]
    except VtxError:
        return []
    return sorted(name for name in names if name.startswith(incomplete))


def doctor(
    slug: Annotated[str | None, typer.Argument(help="a film, to look at what it needs", autocompletion=_slugs)] = None,
    json: Json = False,
) -> None:
    """Say what this machine has of what films need, and what to do. Exit code 1 where a build would fail."""
    with telling():
        found = examine(slug)
        if json:
            as_json([{"about": f.about, "state": f.state, "what": f.what, "do": f.advice} for f in found])
        else:
            for each in found:
                say(f"{_MARKS[each.state]}{each.what}" + (f": {each.advice}" if each.advice else ""))
        raise typer.Exit(1 if any(each.state == "problem" for each in found) else 0)


def examine(slug: str | None) -> list[Found]:
    """What there is, for the film ``slug`` or for films in general (what only LTX-2 needs is a note then).

    Raises :class:`vtx_app.errors.VtxError` where there is no such film.
    """
    found = [*_python(), *_media()]
    try:
        at_snakefile()
    except ProjectError as error:
        return [*found, Found("snakefile", "problem", str(error))]
    case = _case(slug)
    for check in _CHECKS:
        try:
            found += check(case)
        except VtxError as error:  # a file of variables that can't be read, for one
            found += _problems("variables", error)
    found += case.found
    return list({(each.state, each.what, each.advice): each for each in found}.values())


def _problems(about: str, error: VtxError) -> Iterator[Found]:
    for line in list(dict.fromkeys(str(error).splitlines()))[:_SHOWN]:
        yield Found(about, "problem", line)


def _case(slug: str | None) -> _Case:
    """The film as far as it can be read, and what stands against building it."""
    from vtx_app.plan.film_plan import plan_film, tier_renderer
    from vtx_app.plan.readiness import unrenderable
    from vtx_app.project.load import load_film
    from vtx_app.project.paths import project_folder
    from vtx_app.render.renderer import RENDERERS
    from vtx_app.story.plan import has_story, plan_story
    from vtx_app.story.sources import Sources

    case = _Case()
    if slug is None:
        return case
    project_folder(slug)
    try:
        case.film = load_film(slug, only=())
        case.models = RENDERERS[tier_renderer(case.film, "final")].uses_models
        plan = plan_film(slug, "final")
        missing = [clip for clip in plan.clips.values() if not clip.take.exists()]
        if plan.clips:
            case.models = any(RENDERERS[clip.request.renderer].uses_models for clip in missing)
            case.slots = {slot for clip in missing for slot in clip.slots}
            told = Found(
                "film", "ok", f"{slug}: {len(plan.clips)} clips, renderer {plan.renderer}, {len(missing)} to render"
            )
        elif has_story(Sources(slug)):
            case.writes = any(stage.calls for stage in plan_story(slug).stages.values())
            told = Found("film", "ok", f"{slug}: no clip specs yet, a build makes its story first")
        else:
            told = Found("film", "problem", f"{slug}: no clip specs, and no story to make them from", "write a brief")
        faults = unrenderable(plan.film, missing)
    except VtxError as error:
        case.found += _problems("film", error)
        return case
    case.found += [Found("film", "problem", f"{slug} can't be rendered here", line) for line in faults[:_SHOWN]]
    case.found += [] if faults else [told]
    return case


def _python() -> Iterator[Found]:
    """Python and the packages, held against what VTX says it needs."""
    from importlib.metadata import PackageNotFoundError, requires, version

    from packaging.requirements import Requirement

    now = ".".join(map(str, sys.version_info[:3]))
    good = sys.version_info >= (3, 11)
    yield Found("python", "ok" if good else "problem", f"Python {now}", "" if good else "3.11 or newer is needed")
    try:
        wanted = [Requirement(line) for line in requires("vtx-app") or ()]
    except PackageNotFoundError:
        yield Found("packages", "note", "vtx-app is not installed in this Python", "pip install -e .")
        return
    told = []
    for each in (each for each in wanted if each.marker is None or each.marker.evaluate({"extra": ""})):
        try:
            there = version(each.name)
        except PackageNotFoundError:
            there = ""
        if there and each.specifier.contains(there, prereleases=True):
            told.append(f"{each.name} {there}")
        else:
            missing = f"{each.name} {there or 'is not installed'}"
            yield Found("packages", "problem", missing, f"pip install '{each.name}{each.specifier}'")
    yield Found("packages", "ok", ", ".join(told))
    uv = shutil.which("uv") is not None
    yield Found("uv", "ok", f"{'uv' if uv else 'pip'} builds films' environments{'' if uv else ' (no uv)'}")


def _media() -> Iterator[Found]:
    """What films are encoded and lettered with."""
    import av
    from av.codec.codec import UnknownCodecError
    from PIL import features

    from vtx_app.fonts import font
    from vtx_app.media.codec import AUDIO_CODEC, VIDEO_CODEC

    names = ("libavcodec", "libavformat", "libswscale")
    libraries = ", ".join(f"{name} {'.'.join(map(str, av.library_versions[name]))}" for name in names)
    lacks = []
    for name in (VIDEO_CODEC, AUDIO_CODEC):
        try:
            av.Codec(name, "w")
        except UnknownCodecError:
            lacks.append(name)
    what, advice = f"PyAV {av.__version__} ({libraries})", "pip install --force-reinstall av"
    if lacks:
        yield Found("ffmpeg", "problem", f"{what} can't write {' and '.join(lacks)}", advice)
    else:
        yield Found("ffmpeg", "ok", f"{what} writes {VIDEO_CODEC} and {AUDIO_CODEC}")
    try:
        name = " ".join(map(str, font(20).getname()))
    except OSError as error:
        yield Found("fonts", "problem", f"the font that VTX draws with can't be read: {error}", "install VTX again")
        return
    raqm = features.check_feature("raqm")
    advice = (
        "" if raqm else "no raqm, so joined scripts are drawn letter by letter: pip install --force-reinstall Pillow"
    )
    yield Found("fonts", "ok" if raqm else "note", f"fonts: {name}", advice)


def _disk(case: _Case) -> Iterator[Found]:
    """Where renders, logs and the machine's state go: written to, and with room."""
    from vtx_app.project.paths import app_home, projects_root, shown

    own = [(f"{name} in", case.film.folder / name) for name in ("renders", "logs")] if case.film else []
    places = [*(own or [("films in", projects_root())]), ("state of this machine in", app_home())]
    for what, path in (*places, ("Snakemake's state in", Path(".snakemake"))):
        there = next(each for each in (path, *path.absolute().parents) if os.path.lexists(each))
        if not there.is_dir():
            yield Found("disk", "problem", f"{what} {shown(path)}", f"{shown(there)} is no folder, or leads to none")
        elif not os.access(there, os.W_OK | os.X_OK):
            yield Found("disk", "problem", f"{what} {shown(path)}", f"make {shown(there)} writable")
        else:
            free = shutil.disk_usage(there).free
            advice = "" if free > _LEAST_DISK else "make room before a long render"
            yield Found("disk", "note" if advice else "ok", f"{what} {shown(path)}, {free / 1e9:.1f} GB free", advice)


def _git(case: _Case) -> Iterator[Found]:
    """Whether git would commit what the build makes. Nothing where there is no git, or no repository."""
    from vtx_app.project.paths import projects_root, shown

    folder = case.film.folder if case.film else projects_root() / "film"
    there = next(each for each in (folder.absolute(), *folder.absolute().parents) if each.is_dir())
    words = ["git", "-C", str(there), "check-ignore", "-q", "--", str(folder.absolute() / "renders" / "take.mp4")]
    try:
        code = subprocess.run(words, capture_output=True, check=False, timeout=5).returncode
    except (OSError, subprocess.TimeoutExpired):
        return
    if code == 0:
        yield Found("git", "ok", f"{shown(folder / 'renders')} is not committed")
    elif code == 1:
        yield Found("git", "note", f"{shown(folder / 'renders')} would be committed", "add renders/ to .gitignore")


def _cards(case: _Case) -> Iterator[Found]:
    """Each card with its memory, by the driver's own tool, which may be missing, fail or hang."""
    words = ["nvidia-smi", "--query-gpu=name,memory.total,memory.free", "--format=csv,noheader,nounits"]
    try:
        done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=5)
        lines = done.stdout.splitlines() if done.returncode == 0 else []
    except (OSError, subprocess.TimeoutExpired):
        lines = []
    cards = [cells for line in lines if len(cells := [cell.strip() for cell in line.rsplit(",", 2)]) == 3]
    for index, (name, *memory) in enumerate(cards):
        total, free = (f"{int(mib) / 1024:.1f} GiB" if mib.isdecimal() else "memory unknown" for mib in memory)
        yield Found("gpu", "ok", f"GPU {index}: {name}, {total}, {free} free")
    if not cards:
        advice = "LTX-2 renders on a GPU; without one there is the storyboard: snakemake animatic --cores 4"
        yield Found("gpu", case.if_rendered, "no GPU that nvidia-smi knows", advice)


def _package(case: _Case) -> Iterator[Found]:
    """ltx-pipelines and torch, by what their installers noted: importing them takes seconds."""
    from importlib.metadata import PackageNotFoundError, version
    from importlib.util import find_spec

    from vtx_app.formats.pipelines import PIPELINES
    from vtx_app.render.ltx.package import installed

    try:
        package = installed()
    except RenderError as error:
        yield Found("ltx", case.if_rendered, "ltx-pipelines", str(error))
        return
    spec = find_spec("ltx_pipelines")
    folders = [Path(each) for each in (spec and spec.submodule_search_locations) or ()]
    there = [name for name in PIPELINES if any((folder / f"{name}.py").is_file() for folder in folders)]
    advice = "" if package.offloads else "models stay warm only as far as this version allows; 1.2.0 can do more"
    yield Found("ltx", "ok", f"ltx-pipelines {version('ltx-pipelines')} with {', '.join(there)}", advice)
    try:
        yield Found("torch", "ok", f"torch {version('torch')}")
    except PackageNotFoundError:
        yield Found("torch", case.if_rendered, "torch is not installed", "pip install torch")


def _models(case: _Case) -> Iterator[Found]:
    """Every model that is set: there, whole by its header, and its fingerprint."""
    from vtx_app.formats.pipelines import MODEL_VARIABLES
    from vtx_app.models.fingerprint import model_fingerprint
    from vtx_app.models.safetensors_header import read_header
    from vtx_app.models.weights import require_kind
    from vtx_app.project.settings import environment

    variables = case.film.variables if case.film else environment()
    for name in MODEL_VARIABLES:
        if not variables.get(name):
            continue
        path = Path(variables[name])
        needed = case.film is None or (case.models and (name in case.slots or not case.slots))
        try:
            if name == "LTX_GEMMA_ROOT":
                require_kind(path, "gemma_root")
            else:
                read_header(path)
            print_ = model_fingerprint(path)
        except (ModelError, OSError) as error:
            yield Found("models", "problem" if needed else "note", name, str(error))
            continue
        locked = case.film.lock.models.get(name) if case.film else None
        same = "" if locked is None else ", as film.lock.yaml has it" if locked == print_ else ", not film.lock.yaml's"
        state: State = "note" if locked not in (None, print_) else "ok"
        yield Found("models", state, f"{name}: {path}, {print_.rpartition(':')[2][:12]}…{same}")
    unset = [name for name in MODEL_VARIABLES if not variables.get(name)]
    if len(unset) == len(MODEL_VARIABLES):
        yield Found("models", "note", "no model is set", "config/models.env.example says which LTX-2 needs")


def _story(case: _Case) -> Iterator[Found]:
    """The server of the models that write stories, and whether there is a key; the key itself is never shown."""
    from vtx_app.project.env_files import read_env
    from vtx_app.story.models import story_variables

    state: State = "problem" if case.writes else "note"
    given = read_env(Path("config/global.env")) | dict(os.environ)
    try:
        given = story_variables(case.film.folder) if case.film else given
    except SpecError as error:
        yield from (Found("story", state, line) for line in error.problems)
    url = given.get("OPENAI_BASE_URL") or "https://api.openai.com"
    host = host_of(url)
    advice = "" if host else "OPENAI_BASE_URL is no address: https://<server>/v1"
    yield Found("story", "ok" if host else state, f"server of story models: {host or 'unknown'}", advice)
    if given.get("OPENAI_API_KEY"):
        yield Found("story", "ok", "OPENAI_API_KEY is set")
    else:
        advice = "needed only where a model writes the story; never put it into a film's folder"
        yield Found("story", state, "OPENAI_API_KEY is not set", advice)


def _settings(_: _Case) -> Iterator[Found]:
    """The variables that say how builds run."""
    going = "goes on with the rest after a failure" if keeps_going() else "ends with the first failure"
    yield Found("builds", "ok", f"a build uses {gpus()} GPU{'s' if gpus() > 1 else ''} and {going}")


_CHECKS = (_disk, _git, _cards, _package, _models, _story, _settings)
