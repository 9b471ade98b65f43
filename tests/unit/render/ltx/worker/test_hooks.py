"""The hooks of a pipeline's module, and of the progress bars that it goes over."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest

from vtx_app.render.ltx.progress import Step
from vtx_app.render.ltx.worker.hooks import Hooks, of_one_iterable
from vtx_app.render.ltx.worker.probe import DoesNotFit

PIPELINE = """
class DistilledPipeline:
    def __init__(self, model_paths, registry=None, alloc_trim_strategy=None):
        self.registry = registry
def encode_video(**named):
    return named
"""


def test_a_module_is_checked_and_hooked_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "one_pipeline.py").write_text(PIPELINE)
    monkeypatch.syspath_prepend(str(tmp_path))
    module = importlib.import_module("one_pipeline")
    hooks = Hooks(pipeline_options={"registry": "kept", "another": 1})
    hooks.prepare(module, keeps_weights=True)
    encode = module.encode_video
    hooks.prepare(module, keeps_weights=True)
    assert module.encode_video is encode
    assert module.DistilledPipeline("paths").registry == "kept"
    assert module.encode_video(fps=8) == {"fps": 8}


def test_a_module_that_does_not_fit_stays_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "other_pipeline.py").write_text(PIPELINE.replace("registry=None, ", ""))
    monkeypatch.syspath_prepend(str(tmp_path))
    module = importlib.import_module("other_pipeline")
    before = dict(vars(module))
    with pytest.raises(DoesNotFit, match="DistilledPipeline takes no registry"):
        Hooks().prepare(module, keeps_weights=True)
    assert dict(vars(module)) == before


def test_a_bar_over_one_iterable_is_watched_and_any_other_is_the_package_s() -> None:
    steps: list[Step] = []
    hooks = Hooks(steps=steps.append)
    bar = of_one_iterable(hooks.denoising_steps, lambda *args, **kwargs: (args, kwargs))
    assert list(bar([3, 4])) == [3, 4]
    assert [(step.done, step.of) for step in steps] == [(0, 2), (1, 2), (2, 2)]
    assert bar(total=7) == ((), {"total": 7})
