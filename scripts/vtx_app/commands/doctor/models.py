"""What only films rendered by models need: a GPU, ltx-pipelines, the models; and the models that write stories."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from vtx_app.commands.config import host_of
from vtx_app.commands.doctor.findings import Finding, State, Subject
from vtx_app.errors import ModelError, RenderError, SpecError
from vtx_app.text import format_memory

__all__ = ["gpu", "models", "packages", "story"]


def gpu(subject: Subject) -> Iterator[Finding]:
    """Each GPU with its memory, by the driver's own tool, which may be missing, fail or hang."""
    from vtx_app.render.gpus import gpus

    found = gpus(timeout=5)
    for each in found:
        sizes = (each.total_bytes, each.free_bytes)
        total, free = ("memory unknown" if size is None else format_memory(size) for size in sizes)
        yield Finding("gpu", "ok", f"GPU {each.number}: {each.name}, {total}, {free} free")
    if not found:
        advice = "LTX-2 renders on a GPU; without one there is the storyboard: snakemake animatic --cores 4"
        yield Finding("gpu", subject.if_missing, "no GPU that nvidia-smi knows", advice)


def packages(subject: Subject) -> Iterator[Finding]:
    """ltx-pipelines and torch, by their installed metadata: importing them takes seconds."""
    from importlib.metadata import PackageNotFoundError, version
    from importlib.util import find_spec

    from vtx_app.formats.pipelines import PIPELINES
    from vtx_app.render.gpus import gpus
    from vtx_app.render.ltx.package import CPU_ONLY, installed, installed_for, torch_is_cpu_only

    try:
        package = installed()
        own = installed_for(subject.film.folder) if subject.film else package
    except RenderError as error:
        yield Finding("ltx", subject.if_missing, "ltx-pipelines", str(error))
        return
    spec = find_spec("ltx_pipelines")
    folders = [Path(each) for each in (spec and spec.submodule_search_locations) or ()]
    found = [name for name in PIPELINES if any((folder / f"{name}.py").is_file() for folder in folders)]
    known: State = "note" if package.knowledge == "unknown to VTX" else "ok"
    what = f"ltx-pipelines {version('ltx-pipelines')} with {', '.join(found)}; {package.knowledge}"
    yield Finding("ltx", known, what, package.warm)
    if own != package:
        yield Finding("ltx", "ok", f"the film's own Python has ltx-pipelines {own}; {own.knowledge}", own.warm)
    try:
        cpu_only = torch_is_cpu_only() and bool(gpus())
        state = subject.if_missing if cpu_only else "ok"
        yield Finding("torch", state, f"torch {version('torch')}", CPU_ONLY if cpu_only else "")
    except PackageNotFoundError:
        yield Finding("torch", subject.if_missing, "torch is not installed", "pip install torch")


def models(subject: Subject) -> Iterator[Finding]:
    """Every model that is set: whether it exists, is complete by its header, and is the film's."""
    from vtx_app.formats.pipelines import MODEL_VARIABLES
    from vtx_app.models.compatibility import require_kind
    from vtx_app.models.fingerprint import model_fingerprint
    from vtx_app.models.locked import model_path
    from vtx_app.models.safetensors_header import read_header
    from vtx_app.project.settings import all_variables

    film = subject.film
    variables = film.variables if film else all_variables()
    set_models = [name for name in MODEL_VARIABLES if variables.get(name)]
    for name in set_models:
        path = model_path(variables[name])
        needed = film is None or (subject.uses_models and (name in subject.slots or not subject.slots))
        try:
            if name == "LTX_GEMMA_ROOT":
                require_kind(path, "gemma_root")
            else:
                read_header(path)
            fingerprint = model_fingerprint(path)
        except (ModelError, OSError) as error:
            yield Finding("models", "problem" if needed else "note", name, str(error))
            continue
        locked = film.lock.models.get(name) if film else None
        same = locked in (None, fingerprint)
        note = "" if locked is None else ", as film.lock.yaml has it" if same else ", not film.lock.yaml's"
        what = f"{name}: {path}, {fingerprint.rpartition(':')[2][:12]}…{note}"
        yield Finding("models", "ok" if same else "note", what)
    if not set_models:
        yield Finding("models", "note", "no model is set", "config/models.env.example says which LTX-2 needs")


def story(subject: Subject) -> Iterator[Finding]:
    """The server of the models that write stories, and whether there is a key, which is never shown."""
    from vtx_app.project.env_files import read_env
    from vtx_app.story.model_settings import server_variables

    state: State = "problem" if subject.writes_story else "note"
    variables = read_env(Path("config/global.env")) | dict(os.environ)
    try:
        variables = server_variables(subject.film.folder) if subject.film else variables
    except SpecError as error:
        yield from (Finding("story", state, line) for line in error.problems)
    host = host_of(variables.get("OPENAI_BASE_URL") or "https://api.openai.com")
    advice = "" if host else "OPENAI_BASE_URL is not an address: https://<server>/v1"
    yield Finding("story", "ok" if host else state, f"server of story models: {host or 'unknown'}", advice)
    if variables.get("OPENAI_API_KEY"):
        yield Finding("story", "ok", "OPENAI_API_KEY is set")
    else:
        ways = "set it in the environment or in config/global.env, or write the story's files by hand"
        need = "needed only where a model writes the story" if state == "note" else ways
        yield Finding("story", state, "OPENAI_API_KEY is not set", f"{need}; never put it into a film's folder")
