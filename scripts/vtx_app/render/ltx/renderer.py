"""The renderer ``ltx``: takes by LTX-2's own pipelines, on a GPU (or, slowly, without one)."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from vtx_app.compile.request import RenderRequest
from vtx_app.errors import ModelError, RenderError
from vtx_app.formats.pipelines import DISTILLED_LORA
from vtx_app.models.safetensors_header import generation, read_header
from vtx_app.project.paths import app_home
from vtx_app.render.build_process import this_build
from vtx_app.render.gpu_lease import lease_home
from vtx_app.render.gpus import visible_gpus
from vtx_app.render.ltx.build_takes import encoder_models
from vtx_app.render.ltx.command import Material, arguments
from vtx_app.render.ltx.loaded import bytes_by_path, weights_by_use
from vtx_app.render.ltx.package import installed
from vtx_app.render.ltx.process_runner import ProcessRunner
from vtx_app.render.ltx.rendering_note import rendering_note
from vtx_app.render.ltx.runner import Call, Runner, Step, StepLines, runner_settings
from vtx_app.render.ltx.worker_runner import WorkerRunner
from vtx_app.render.renderer import Progress, Sources

__all__ = ["LtxRenderer", "runner_for"]


def runner_for(variables: Mapping[str, str]) -> Runner:
    """The runner that the settings name, for this job's build and machine. Raises :class:`RenderError`."""
    name, idle = runner_settings(variables)
    home, gpus, build = lease_home(), visible_gpus(os.environ), this_build(os.environ)
    if name == "process":
        return ProcessRunner(home, gpus, build)
    return WorkerRunner(home, gpus, build, app_home(), idle)


class LtxRenderer:
    """Makes a request's command, has it run, and tells what it cost."""

    def render(self, request: RenderRequest, sources: Sources, out: Path, progress: Progress) -> dict[str, Any]:
        """Render ``request`` to ``out`` (see :class:`vtx_app.render.renderer.Renderer`)."""
        package = installed()
        runner = runner_for(sources.variables)
        mine = f".part.{os.getpid()}"  # a job that was killed may still be written for, under another number
        attempt = out.with_name(f".{_digest(out)}{mine}{out.suffix}").absolute()
        with ExitStack() as stack:
            material = _material(request, sources, attempt, stack)
            words = arguments(request, material, attempt, package)
            models = {slot: path for slot, path in material.models.items() if slot != DISTILLED_LORA}
            call = Call(
                pipeline=request.pipeline,
                words=tuple(words),
                out=attempt,
                log=sources.log.absolute() if sources.log else None,
                memory=sources.variables.get("LTX_OFFLOAD", ""),
                weights=weights_by_use(models, request.quantization),
                encoder=encoder_models(request),
                files=bytes_by_path(models.values(), request.quantization),
                loras=bytes_by_path(path for slot, path in sources.models.items() if slot not in models),
                quantization=request.quantization,
            )
            lines = StepLines(out.parent.name, lambda line: print(line, file=sys.stderr, flush=True))  # noqa: T201
            note = stack.enter_context(rendering_note(app_home(), out.with_name(f"{_digest(out)}.mp4")))

            def steps(step: Step) -> None:
                lines(step)
                note(step)

            stack.callback(attempt.unlink, missing_ok=True)
            facts = runner.run(call, steps)
            attempt.replace(out)
        names = {str(path.absolute()): f"${slot}" for slot, path in material.models.items()}
        names |= {str(path.absolute()): f"${slot}" for slot, path in sources.models.items()}
        names |= {str(path.absolute()): f"inputs/{sha256[:12]}" for sha256, path in material.files.items()}
        argv = ["python", "-m", f"ltx_pipelines.{request.pipeline}", *_told(words, names, attempt)]
        return facts | {"argv": argv, "ltx": _software(), "models": _generations(material)}


def _digest(out: Path) -> str:
    return out.name.removeprefix(".").partition(".")[0]


def _material(request: RenderRequest, sources: Sources, attempt: Path, stack: ExitStack) -> Material:
    """Where all that the request names lies, with what has to be made of it first."""

    def beside(name: str) -> Path:
        path = attempt.with_name(f"{attempt.stem}.{name}")
        stack.callback(path.unlink, missing_ok=True)
        return path

    first = tail = sound = None
    if request.continue_from is not None or request.audio is not None:
        from vtx_app.render.ltx.inputs import last_frame, stereo_sound, tail_film  # pictures and sound: slow to import
    if request.continue_from is not None:
        if sources.parent is None or request.continue_frame is None:
            raise RenderError(f"the take that the clip continues from is missing: {request.continue_from[:12]}…")
        if request.continue_frames is not None:
            tail = beside("tail.mp4")
            tail_film(sources.parent, request.continue_frame, request.continue_frames, tail)
        else:
            first = beside("first.png")
            last_frame(sources.parent, request.continue_frame, first)
    if request.audio is not None:
        sound = stereo_sound(sources.files[request.audio], beside("sound.wav"))
    models = {model.slot: sources.models[model.slot] for model in request.models}
    loras = {sources.fingerprints[slot]: path for slot, path in sources.models.items()}
    return Material(models, loras, sources.files, first, tail, sound)


def _told(words: Sequence[str], names: Mapping[str, str], attempt: Path) -> list[str]:
    """The command line without this machine's folders: models by variable, inputs by content."""
    told = []
    for word in words:
        if word.startswith("--output-path="):
            told.append(f"--output-path={_digest(attempt)}.mp4")
        elif word in names:
            told.append(names[word])
        elif word.startswith(str(attempt.parent.absolute())):
            told.append(Path(word).name.rpartition(".part.")[2].partition(".")[2])
        else:
            told.append(word)
    return told


def _software() -> dict[str, str]:
    found = {}
    for name in ("ltx-pipelines", "ltx-core", "torch", "transformers"):
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def _generations(material: Material) -> dict[str, str]:
    """Model variable → the generation that the file says it is of (2.3.0), where it says one."""
    found = {}
    for slot, path in material.models.items():
        if path.is_file():
            try:
                told = generation(read_header(path))
            except ModelError:
                continue
            if told is not None:
                found[slot] = ".".join(map(str, told))
    return found
