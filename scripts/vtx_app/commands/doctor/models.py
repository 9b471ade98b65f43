"""What only films by models need: a card, ltx-pipelines, the models; and whoever writes stories."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from vtx_app.commands.config import host_of
from vtx_app.commands.doctor.findings import Case, Found, State
from vtx_app.errors import ModelError, RenderError, SpecError
from vtx_app.text import format_memory

__all__ = ["cards", "models", "package", "story"]


def cards(case: Case) -> Iterator[Found]:
    """Each card with its memory, by the driver's own tool, which may be missing, fail or hang."""
    from vtx_app.render.gpus import gpus

    found = gpus(timeout=5)
    for gpu in found:
        sizes = (gpu.total_bytes, gpu.free_bytes)
        total, free = ("memory unknown" if size is None else format_memory(size) for size in sizes)
        yield Found("gpu", "ok", f"GPU {gpu.number}: {gpu.name}, {total}, {free} free")
    if not found:
        advice = "LTX-2 renders on a GPU; without one there is the storyboard: snakemake animatic --cores 4"
        yield Found("gpu", case.if_rendered, "no GPU that nvidia-smi knows", advice)


def package(case: Case) -> Iterator[Found]:
    """ltx-pipelines and torch, by what their installers noted: importing them takes seconds."""
    from importlib.metadata import PackageNotFoundError, version
    from importlib.util import find_spec

    from vtx_app.formats.pipelines import PIPELINES
    from vtx_app.render.gpus import gpus
    from vtx_app.render.ltx.package import CPU_ONLY, installed, torch_is_cpu_only

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
        cpu_only = torch_is_cpu_only() and bool(gpus())
        yield Found("torch", case.if_rendered if cpu_only else "ok", f"torch {version('torch')}", cpu_only * CPU_ONLY)
    except PackageNotFoundError:
        yield Found("torch", case.if_rendered, "torch is not installed", "pip install torch")


def models(case: Case) -> Iterator[Found]:
    """Every model that is set: there, whole by its header, and its fingerprint."""
    from vtx_app.formats.pipelines import MODEL_VARIABLES
    from vtx_app.models.compatibility import require_kind
    from vtx_app.models.fingerprint import model_fingerprint
    from vtx_app.models.locked import model_path
    from vtx_app.models.safetensors_header import read_header
    from vtx_app.project.settings import environment

    variables = case.film.variables if case.film else environment()
    for name in MODEL_VARIABLES:
        if not variables.get(name):
            continue
        path = model_path(variables[name])
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


def story(case: Case) -> Iterator[Found]:
    """The server of the models that write stories, and whether there is a key; the key itself is never shown."""
    from vtx_app.project.env_files import read_env
    from vtx_app.story.model_settings import server_variables

    state: State = "problem" if case.writes else "note"
    given = read_env(Path("config/global.env")) | dict(os.environ)
    try:
        given = server_variables(case.film.folder) if case.film else given
    except SpecError as error:
        yield from (Found("story", state, line) for line in error.problems)
    url = given.get("OPENAI_BASE_URL") or "https://api.openai.com"
    host = host_of(url)
    advice = "" if host else "OPENAI_BASE_URL is no address: https://<server>/v1"
    yield Found("story", "ok" if host else state, f"server of story models: {host or 'unknown'}", advice)
    if given.get("OPENAI_API_KEY"):
        yield Found("story", "ok", "OPENAI_API_KEY is set")
    else:
        ways = "set it in the environment or in config/global.env, or write the story's files by hand"
        need = "needed only where a model writes the story" if state == "note" else ways
        advice = f"{need}; never put it into a film's folder"
        yield Found("story", state, "OPENAI_API_KEY is not set", advice)
