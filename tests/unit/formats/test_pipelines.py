"""The table of pipelines agrees with the formats, with the request and with the recorded interfaces."""

from __future__ import annotations

from dataclasses import fields
from typing import get_args

import pytest

from kit.ltx.recorded import VERSIONS, dest, interface, modules, never_read
from vtx_app.compile.request import RenderRequest
from vtx_app.formats.clip_spec import InputType
from vtx_app.formats.metadata import PIPELINE_NAMES
from vtx_app.formats.pipelines import (
    CHECKPOINTS,
    DISTILLED_LORA,
    MODEL_FLAGS,
    MODEL_VARIABLES,
    PIPELINES,
    TRANSFORMERS,
    model_slots,
    pipelines_for,
)
from vtx_app.render.ltx.package import LtxPackage

ROWS = sorted(PIPELINES)
HERE = [(version, name) for version in VERSIONS for name in ROWS if name in modules(version)]
GIVEN = {"t2v": set[str](), "i2v": {"images"}, "keyframe_interpolation": {"images"}, "v2v": {"video"}} | {
    "a2v": {"audio"},
    "retake": {"video", "retake"},
}
"""Input type → what a clip of it has."""


def test_every_pipeline_that_a_film_can_name_has_a_row() -> None:
    assert set(PIPELINES) == set(PIPELINE_NAMES)


@pytest.mark.parametrize("name", ROWS)
def test_what_a_row_takes_are_fields_of_the_request(name: str) -> None:
    assert set(PIPELINES[name].flags) <= {field.name for field in fields(RenderRequest)}
    assert all(PIPELINES[name].accepts(field) for field in PIPELINES[name].flags)
    assert not PIPELINES[name].accepts("staging")


@pytest.mark.parametrize("name", ROWS)
def test_what_a_row_needs_it_also_takes(name: str) -> None:
    row = PIPELINES[name]
    for need in row.needs:
        assert row.accepts("retake_start" if need == "retake" else need)
    assert not row.min_images or row.accepts("images")


@pytest.mark.parametrize(("version", "name"), HERE)
def test_every_flag_of_a_row_is_one_of_its_module_and_is_read(version: str, name: str) -> None:
    known, row = interface(version)[name]["args"], PIPELINES[name]
    if name == "retake" and version == "1.0.0":
        known = known | {"--lora": known["--loras"]}  # crashes there, and is refused before
    assert set(row.flags.values()) <= set(known)
    assert not {dest(flag) for flag in row.flags.values()} & never_read(version, name)


@pytest.mark.parametrize(("version", "name"), HERE)
def test_a_row_takes_all_that_decides_and_that_its_module_reads(version: str, name: str) -> None:
    """A pipeline that can do what another row takes from a clip takes it too."""
    deciding = {flag for row in PIPELINES.values() for flag in row.flags.values()}
    read = {flag for flag in interface(version)[name]["args"] if dest(flag) not in never_read(version, name)}
    # The film's rate is the source's: 1.2 takes one for folders of single pictures alone.
    extra = {"--frame-rate"} if name == "retake" else set()
    assert (read & deciding) - extra <= set(PIPELINES[name].flags.values())


@pytest.mark.parametrize("version", VERSIONS)
def test_a_pipeline_is_there_since_the_version_that_has_it(version: str) -> None:
    here = tuple(LtxPackage.parse(version))
    assert {name for name, row in PIPELINES.items() if row.since <= here} == set(PIPELINES) & set(modules(version))


@pytest.mark.parametrize("split", [False, True])
@pytest.mark.parametrize("name", ROWS)
def test_every_model_of_a_pipeline_has_a_flag_of_its_module(name: str, split: bool) -> None:
    slots = model_slots(name, split=split)
    assert len(set(slots)) == len(slots)
    assert set(slots) <= set(MODEL_VARIABLES)
    for version in VERSIONS:
        if name not in modules(version) or (split and not LtxPackage.parse(version).offloads):
            continue
        known = interface(version)[name]["args"]
        for slot in slots:
            flag = "--distilled-lora" if slot == DISTILLED_LORA else MODEL_FLAGS[slot]
            renamed = flag == "--distilled-checkpoint-path" and name == "retake" and version == "1.0.0"
            assert ("--checkpoint-path" if renamed else flag) in known


@pytest.mark.parametrize("name", ROWS)
def test_a_pipeline_runs_on_one_model_in_one_layout(name: str) -> None:
    whole, split = (set(model_slots(name, split=layout)) for layout in (False, True))
    assert len(whole & CHECKPOINTS) == len(split & TRANSFORMERS) == 1
    assert not whole & TRANSFORMERS
    assert not split & CHECKPOINTS
    distilled = {slot for slot in (whole & CHECKPOINTS) | (split & TRANSFORMERS) if "DISTILLED" in slot}
    assert bool(distilled) == PIPELINES[name].distilled


@pytest.mark.parametrize(("version", "name"), HERE)
def test_what_a_module_requires_of_models_is_in_the_row(version: str, name: str) -> None:
    needed = {flag for flag, told in interface(version)[name]["args"].items() if told.get("required")}
    slots = model_slots(name, split=False)
    assert ("--spatial-upsampler-path" in needed) == ("LTX_SPATIAL_UPSAMPLER_PATH" in slots)
    assert ("--distilled-lora" in needed) == (DISTILLED_LORA in slots)


@pytest.mark.parametrize("kind", get_args(InputType))
def test_a_type_of_input_has_pipelines_that_can_be_made_from_it(kind: str) -> None:
    names = pipelines_for(kind)
    assert names
    for name in names:
        assert set(PIPELINES[name].needs) <= GIVEN[kind]
        for given in GIVEN[kind]:
            assert PIPELINES[name].accepts("retake_start" if given == "retake" else given)


def test_every_pipeline_is_of_use_for_some_type_of_input() -> None:
    assert {name for kind in get_args(InputType) for name in pipelines_for(kind)} == set(PIPELINES)
