"""Every command, held against the installed pipelines' own parsers and the checks of their own ``main``."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("ltx_pipelines", reason="these parsers are ltx-pipelines', which is not installed")

import av
import numpy as np
from PIL import Image

from kit.ltx.film import run_with_ltx
from kit.ltx.requests import (
    FILM,
    MASK,
    STYLES,
    everything,
    files_for,
    fingerprint,
    one_field_less,
    parsed_options,
    supported,
)
from vtx_app.compile.request import LoraInput, RenderRequest
from vtx_app.formats.pipelines import DISTILLED_LORA, PIPELINES
from vtx_app.models.default_negative import NEWEST_NEGATIVE, NEWEST_PACKAGE, package_negative
from vtx_app.render.ltx.call import LocalFiles, compile_call
from vtx_app.render.ltx.package import installed

PROMPTS = ["-foo", "--seed=1", "--.", "-1", '"No," she\'s said.', "a\nb\r\n\tc", "灯台 🌊", "$HOME `id`; @file %s", "="]
MODEL_PATHS = ("checkpoint_path", "gemma_root", "transformer_path", "text_encoder_path", "vae_path")
NAMES = {"image": "images"}

Ask = Callable[[Sequence[tuple[str, list[str]]]], list[dict[str, Any]]]


@dataclass(frozen=True)
class Case:
    """A request with its command."""

    request: RenderRequest
    words: list[str]
    expected: dict[str, Any]


@pytest.fixture(scope="module")
def files(models: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> LocalFiles:
    """Real models, pictures, films and a sound: the modules look into some of them before their pipeline starts."""
    folder = tmp_path_factory.mktemp("film")
    made = files_for(folder)
    for sha256, path in made.inputs.items():
        if path.suffix == ".png":
            Image.new("RGB", (64, 64), (90, 120, 160)).save(path)
        elif sha256 in (FILM, MASK):
            _film(path)
    styles = (models["LTX_STYLE_A_LORA"], models["LTX_STYLE_B_LORA"])
    loras = {fingerprint(name): path for name, path in zip(STYLES, styles, strict=True)}
    loras[fingerprint(DISTILLED_LORA)] = models[DISTILLED_LORA]
    return replace(made, models=models, loras=loras)


def _film(path: Path) -> None:
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=24)
        stream.width, stream.height, stream.pix_fmt = 192, 128, "yuv420p"
        for shade in range(25):
            picture = av.VideoFrame.from_ndarray(np.full((128, 192, 3), shade * 10, np.uint8), format="rgb24")
            container.mux(stream.encode(picture))
        container.mux(stream.encode(None))


@pytest.fixture(scope="module")
def ask(tmp_path_factory: pytest.TempPathFactory) -> Ask:
    """Runs commands through the installed modules, all in one process."""
    asked, answered = (tmp_path_factory.mktemp("asked") / name for name in ("commands.json", "answers.json"))

    def run(commands: Sequence[tuple[str, list[str]]]) -> list[dict[str, Any]]:
        asked.write_text(json.dumps([[pipeline, *words] for pipeline, words in commands]), encoding="utf-8")
        run_with_ltx("kit.ltx.own_parser", str(asked), str(answered))
        answers: list[dict[str, Any]] = json.loads(answered.read_text(encoding="utf-8"))
        answered.unlink()
        return answers

    return run


def _requests() -> Iterator[RenderRequest]:
    package = installed()
    for pipeline in PIPELINES:
        for split in (False, True):
            if not supported(pipeline, package, split=split):
                continue
            full = everything(pipeline, package, split=split)
            yield from (full, *one_field_less(full))
            if not split:
                negative = full.negative
                yield from (replace(full, prompt=text, negative=text if negative else "") for text in PROMPTS)
            if PIPELINES[pipeline].distilled_lora:
                yield replace(full, loras=(*full.loras, LoraInput(fingerprint(DISTILLED_LORA), 0.35)))
                yield replace(full, loras=(LoraInput(fingerprint(STYLES[0]), -0.00001),), seed=2**32 - 1)


@pytest.fixture(scope="module")
def answered(
    files: LocalFiles, ask: Ask, tmp_path_factory: pytest.TempPathFactory
) -> list[tuple[Case, dict[str, Any]]]:
    """Every request with what its module made of it."""
    out, package = tmp_path_factory.mktemp("renders") / ".take.part.mp4", installed()
    cases = [
        Case(request, compile_call(request, files, out, package).argv(), parsed_options(request, files, package, out))
        for request in _requests()
    ]
    return list(zip(cases, ask([(case.request.pipeline, case.words) for case in cases]), strict=True))


def test_every_command_gets_as_far_as_its_pipeline(answered: list[tuple[Case, dict[str, Any]]]) -> None:
    assert len(answered) > 100
    assert [(case.words, answer["error"]) for case, answer in answered if "error" in answer] == []


def test_what_the_modules_read_is_what_was_meant(answered: list[tuple[Case, dict[str, Any]]]) -> None:
    for case, answer in answered:
        for name, expected in case.expected.items():
            found = answer["parsed"][NAMES.get(name, name)]
            if name == "quantization":  # a policy object by now
                assert found is not None
            elif isinstance(expected, list):  # 1.2 has one mask, not a list of them, and more values in the rest
                rows = [found] if name == "conditioning_attention_mask" else found
                assert [tuple(row[: len(values)]) for row, values in zip(rows, expected, strict=True)] == expected
            else:
                assert found == expected, name


def test_nothing_is_parsed_in_vain(answered: list[tuple[Case, dict[str, Any]]]) -> None:
    for case, answer in answered:
        flags = {NAMES.get(name, name) for name in case.expected if not name.endswith(MODEL_PATHS)}
        assert flags - {"output_path"} <= set(answer["read"]), case.request.pipeline


def test_the_pipeline_is_given_what_the_request_says(answered: list[tuple[Case, dict[str, Any]]]) -> None:
    for case, answer in answered:
        request, given = case.request, answer["given"]
        assert (given["prompt"], given["seed"]) == (request.prompt, request.seed)
        assert len(given["loras"]) == len(case.expected.get("lora", []))
        if PIPELINES[request.pipeline].accepts("frames"):
            assert (given["width"], given["height"], given["num_frames"]) == (192, 128, 9)
            assert given["frame_rate"] == 16
        if PIPELINES[request.pipeline].accepts("images"):
            assert len(given["images"]) == len(request.images)
        if request.pipeline == "retake":
            assert (given["start_time"], given["end_time"]) == (0.25, 0.75)
        if request.negative:
            assert given["negative_prompt"] == request.negative


def test_a_command_without_its_models_is_refused(answered: list[tuple[Case, dict[str, Any]]], ask: Ask) -> None:
    """The spy does not make everything pass."""
    bare = [
        (case.request.pipeline, [word for word in case.words if word.startswith(("--prompt", "--output"))])
        for case, _ in answered[:3]
    ]
    assert all("refused" in answer["error"] for answer in ask(bare))


def test_the_negative_prompt_is_read_as_the_package_has_it(tmp_path: Path) -> None:
    from ltx_pipelines.utils.constants import DEFAULT_NEGATIVE_PROMPT

    package_negative.cache_clear()
    assert package_negative(tmp_path) == DEFAULT_NEGATIVE_PROMPT
    if str(installed()) == NEWEST_PACKAGE.rpartition(".")[0]:
        assert DEFAULT_NEGATIVE_PROMPT == NEWEST_NEGATIVE
