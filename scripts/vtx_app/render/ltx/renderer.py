"""The renderer ``ltx``: takes by LTX-2's own pipelines, on a GPU (or, slowly, without one)."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import replace
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from vtx_app.compile.request import RenderRequest
from vtx_app.errors import ModelError, RenderError
from vtx_app.formats.pipelines import DETAILING_LORA, DISTILLED_LORA
from vtx_app.models.safetensors_header import generation, read_header
from vtx_app.project.paths import app_home
from vtx_app.render.ltx.call import LocalFiles, compile_call
from vtx_app.render.ltx.footprint import request_tokens
from vtx_app.render.ltx.package import LtxPackage, installed
from vtx_app.render.ltx.past_takes import newest_records, peaks_like
from vtx_app.render.ltx.progress import Step, progress_file, progress_lines
from vtx_app.render.ltx.runners.runner import choose_runner
from vtx_app.render.ltx.stored_weights import has_diffusion_vae, measure_weights
from vtx_app.render.renderer import Progress, Sources

__all__ = ["LtxRenderer"]


class LtxRenderer:
    """Compiles a request into a call, has a runner run it, and records what it cost."""

    def render(self, request: RenderRequest, sources: Sources, out: Path, progress: Progress) -> dict[str, Any]:
        """Render ``request`` to ``out`` (see :class:`vtx_app.render.renderer.Renderer`)."""
        package = installed()
        runner = choose_runner(sources.variables)
        digest = out.name.removeprefix(".").partition(".")[0]
        # A name of this process's own: something may still write for a job that was killed.
        attempt = out.with_name(f".{digest}.part.{os.getpid()}{out.suffix}").absolute()
        with ExitStack() as stack:
            files = _local_files(request, sources, attempt, stack)
            models = {slot: path for slot, path in files.models.items() if slot not in (DISTILLED_LORA, DETAILING_LORA)}
            loras = [path for slot, path in sources.models.items() if slot not in models]
            call = replace(
                compile_call(request, files, attempt, package),
                weights=measure_weights(models, loras, request.quantization),
                offload=sources.variables.get("LTX_OFFLOAD", ""),
                log=sources.log.absolute() if sources.log else None,
                tokens=request_tokens(request),
                peaks=_peaks(request, files, out, package),
            )
            line = progress_lines(out.parent.name, lambda text: print(text, file=sys.stderr, flush=True))  # noqa: T201
            write = stack.enter_context(progress_file(app_home(), out.with_name(f"{digest}.mp4")))

            def steps(step: Step) -> None:
                line(step)
                write(step)

            stack.callback(attempt.unlink, missing_ok=True)
            facts = runner.run(call, steps)
            attempt.replace(out)
        argv = ["python", "-m", call.module, *call.argv(names=_names(files, sources, attempt, digest))]
        return facts | {"argv": argv, "ltx": _software(), "models": _generations(files.models)}


def _peaks(
    request: RenderRequest, files: LocalFiles, out: Path, package: LtxPackage
) -> tuple[tuple[str, int, int], ...]:
    fills = has_diffusion_vae(files.models.values())
    return peaks_like(request, newest_records(out.parent.parent), package, fills=fills)


def _local_files(request: RenderRequest, sources: Sources, attempt: Path, stack: ExitStack) -> LocalFiles:
    """Return the files that the request names. Those that must be made first are deleted with ``stack``."""

    def beside(name: str) -> Path:
        path = attempt.with_name(f"{attempt.stem}.{name}")
        stack.callback(path.unlink, missing_ok=True)
        return path

    first_frame = tail = sound = None
    if request.continue_from is not None or request.audio is not None:
        from vtx_app.render.ltx.derived_inputs import stereo_sound, write_frame, write_tail  # slow to import
    if request.continue_from is not None:
        if sources.parent is None or request.continue_frame is None:
            raise RenderError(f"the take that the clip continues from is missing: {request.continue_from[:12]}…")
        if request.continue_frames is not None:
            tail = beside("tail.mp4")
            write_tail(sources.parent, request.continue_frame, request.continue_frames, tail)
        else:
            first_frame = beside("first.png")
            write_frame(sources.parent, request.continue_frame, first_frame)
    if request.audio is not None:
        sound = stereo_sound(sources.files[request.audio], beside("sound.wav"))
    models = {model.slot: sources.models[model.slot] for model in request.models}
    loras = {sources.fingerprints[slot]: path for slot, path in sources.models.items()}
    return LocalFiles(models, loras, sources.files, first_frame, tail, sound)


def _names(files: LocalFiles, sources: Sources, attempt: Path, digest: str) -> dict[str, str]:
    """Return path → name in the record, which holds no path of this machine: variables, content, plain file names."""
    derived = [path for path in (files.first_frame, files.tail, files.sound) if path is not None]
    names = {path: path.name.removeprefix(f"{attempt.stem}.") for path in derived}
    names |= {path: f"${slot}" for slot, path in (*files.models.items(), *sources.models.items())}
    names |= {path: f"inputs/{sha256[:12]}" for sha256, path in files.inputs.items()}
    return {str(path.absolute()): name for path, name in names.items()} | {str(attempt): f"{digest}.mp4"}


def _software() -> dict[str, str]:
    versions = {}
    for name in ("ltx-pipelines", "ltx-core", "torch", "transformers"):
        try:
            versions[name] = version(name)
        except PackageNotFoundError:
            continue
    return versions


def _generations(models: Mapping[str, Path]) -> dict[str, str]:
    """Return model variable → the generation in the file's metadata (2.3.0), if it has one."""
    generations = {}
    for slot, path in models.items():
        try:
            numbers = generation(read_header(path))
        except ModelError:  # such as a folder
            continue
        if numbers is not None:
            generations[slot] = ".".join(map(str, numbers))
    return generations
