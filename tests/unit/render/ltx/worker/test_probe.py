"""The worker hooks no package that is not as it knows it; its takes are then rendered in processes of their own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from kit.ltx.hookable import write_hookable
from kit.ltx.standin_package import python_path, write_standin

PROBE = """
import importlib, sys
from vtx_app.render.ltx.worker.probe import DoesNotFit, require_fitting_module, require_fitting_package
try:
    require_fitting_package(keeps_weights=True)
    require_fitting_module(importlib.import_module(sys.argv[1]), keeps_weights=True)
    print("fits")
except DoesNotFit as error:
    print(error)
"""
PIPELINE = """
class DistilledPipeline:
    def __init__(self, model_paths, registry=None, alloc_trim_strategy=None): pass
def encode_video(**named): pass
"""
BLOCKS, HELPERS = "ltx_pipelines/utils/blocks.py", "ltx_pipelines/utils/helpers.py"
REGISTRY, PRIMITIVES = "ltx_core/loader/registry.py", "ltx_core/loader/primitives.py"
GEMMA = "ltx_core/text_encoders/gemma/embeddings_processor.py"
OTHER_ENCODER = {BLOCKS: ("enhance_static_cache=False", "style=None")}


def probed(folder: Path, changes: dict[str, tuple[str, str]], pipeline: str = PIPELINE) -> str:
    """What the probe says of the packages with those changes."""
    write_hookable(folder, changes)
    (folder / "ltx_pipelines/__init__.py").touch()
    (folder / "ltx_pipelines/one.py").write_text(pipeline)
    argv, env = [sys.executable, "-c", PROBE, "ltx_pipelines.one"], os.environ | {"PYTHONPATH": python_path(folder)}
    return subprocess.run(argv, env=env, capture_output=True, text=True, check=True).stdout.strip()


def test_the_interfaces_of_1_2_fit(tmp_path: Path) -> None:
    assert probed(tmp_path, {}) == "fits"


@pytest.mark.parametrize(
    ("file", "old", "new", "reason"),
    [
        (BLOCKS, "enhance_static_cache=False", "style=None", "PromptEncoder.__call__ is not as VTX knows it: self, "),
        (BLOCKS, "self, prompts, *,", "self, *, prompts=(), ", ""),
        (BLOCKS, "__call__(self, prompts", "__call__(self, texts", "PromptEncoder.__call__ is not as VTX knows it"),
        (BLOCKS, "_text_encoder_ctx(self)", "_text_encoder_ctx(self, prefetch)", "PromptEncoder._text_encoder_ctx is"),
        (BLOCKS, "class PromptEncoder", "class TextEncoder", "there is no ltx_pipelines.utils.blocks.PromptEncoder"),
        (GEMMA, "attention_mask", "mask", "a prompt's encoding is not as VTX knows it: video_encoding, audio_encoding"),
        (
            GEMMA,
            "    attention_mask: object",
            "    attention_mask: object\n    pooled: object",
            "a prompt's encoding is",
        ),
        (REGISTRY, "sd_ops, state_dict", "state_dict", "ModelRegistry.add is not as VTX knows it: self, paths, state_"),
        (REGISTRY, "def clear", "def empty", "there is no ltx_core.loader.registry.ModelRegistry.clear"),
        (PRIMITIVES, "    device: object", "    place: object", "StateDict is not as VTX knows it: sd, place"),
        ("ltx_core/allocator_trim_strategy.py", "DEFER", "KEEP", "there is no ltx_core.allocator_trim_strategy.Alloc"),
        ("ltx_core/loader/sft_loader.py", "path, sd_ops", "sd_ops, path", "the loader of weights is not as VTX knows"),
        ("ltx_pipelines/utils/samplers.py", "tqdm", "progress", "there is no ltx_pipelines.utils.samplers.tqdm"),
        (
            "ltx_pipelines/utils/media_io/encode.py",
            "tqdm",
            "progress",
            "there is no tqdm in ltx_pipelines.utils.media_",
        ),
        (HELPERS, "cleanup_memory()", "cleanup_memory(device)", "cleanup_memory() is not as VTX knows it: device"),
        ("ltx_pipelines/utils/constants.py", '"blur"', '("blur",)', "DEFAULT_NEGATIVE_PROMPT is not as VTX knows it"),
    ],
)
def test_another_interface_is_told(tmp_path: Path, file: str, old: str, new: str, reason: str) -> None:
    found = probed(tmp_path, {file: (old, new)})
    assert found.startswith(reason)
    assert (found == "fits") == (not reason)  # a parameter by name alone is still given


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("registry=None, ", "", "DistilledPipeline takes no registry"),
        ("encode_video", "write_video", "there is no ltx_pipelines.one.encode_video"),
        ("DistilledPipeline", "Distilled", "the pipeline of ltx_pipelines.one is not as VTX knows it"),
    ],
)
def test_another_pipeline_is_told(tmp_path: Path, old: str, new: str, reason: str) -> None:
    assert probed(tmp_path, {}, PIPELINE.replace(old, new)).startswith(reason)


RUN = """
import json, os, sys
from pathlib import Path
from vtx_app.render.build_process import BuildProcess
from vtx_app.render.ltx.call import PipelineCall
from vtx_app.render.ltx.runners.worker_runner import WorkerRunner
folder, steps = Path(sys.argv[1]), []
runner = WorkerRunner(folder / "leases", ["GPU-1"], BuildProcess.of(os.getppid()), folder / "home", idle=20)
call = PipelineCall("distilled", folder / sys.argv[2], "A quay.", options=(("--note", str(folder / "notes")),))
facts = runner.run(call, lambda step: steps.append(step.doing))
print(json.dumps([facts, steps]))
"""


def test_takes_of_a_package_that_does_not_fit_are_rendered_by_processes_and_it_is_said_once(tmp_path: Path) -> None:
    package = write_standin(tmp_path / "package", "1.9.0")
    write_hookable(package, OTHER_ENCODER)
    env = os.environ | {"PYTHONPATH": python_path(package)}

    def take(name: str) -> list[str]:
        """What a job of this build says that renders a take."""
        argv = [sys.executable, "-c", RUN, str(tmp_path), name]
        done = subprocess.run(argv, env=env, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        facts, steps = json.loads(done.stdout)
        assert (facts["memory"], facts["warm"]) == ("process", False)
        assert (tmp_path / name).read_bytes() == b"a whole film"
        return [str(step) for step in steps]

    first, second = take("first.mp4"), take("second.mp4")
    (said,) = [step for step in first if "VTX_RUNNER=process" in step]
    assert said.startswith("ltx-pipelines 1.9.0 can't stay warm, as PromptEncoder.__call__ is not as VTX knows it")
    assert first[0] == "start a render worker"
    assert [step for step in second if "worker" in step or "VTX_RUNNER" in step] == []
