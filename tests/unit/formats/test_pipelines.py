"""The table of pipelines agrees with the formats, with the request and with the recorded interfaces."""

from __future__ import annotations

from dataclasses import fields
from typing import get_args

import pytest

from kit.ltx.recorded import VERSIONS, dest, interface, modules, never_read, required
from kit.ltx.requests import newest_row
from vtx_app.compile.request import PipelineOptions, RenderRequest
from vtx_app.formats.clip_spec import InputType
from vtx_app.formats.generations import possible_generations
from vtx_app.formats.metadata import PIPELINE_NAMES
from vtx_app.formats.pipelines import (
    CHECKPOINTS,
    DETAILING_LORA,
    DISTILLED_LORA,
    MODEL_VARIABLES,
    PIPELINES,
    TRANSFORMERS,
    Flag,
    Pipeline,
    model_slots,
    pipeline_row,
    pipelines_for,
)
from vtx_app.formats.render_options import RenderOptions
from vtx_app.render.ltx.package import LtxPackage

ROWS = sorted(PIPELINES)
EVERY_ROW = [pipeline_row(name, generation) for name in ROWS for generation in (1, 2)]
HERE = [(version, name) for version in VERSIONS for name in ROWS if name in modules(version)]
GIVEN = {"t2v": set[str](), "i2v": {"images"}, "keyframe_interpolation": {"images"}, "v2v": {"video"}} | {
    "a2v": {"audio"},
    "retake": {"video", "retake"},
}
"""Input type → what a clip of it has."""


def test_every_pipeline_that_a_film_can_name_has_a_row() -> None:
    assert set(PIPELINES) == set(PIPELINE_NAMES)


@pytest.mark.parametrize("row", EVERY_ROW)
def test_what_a_row_takes_are_fields_of_the_request(row: Pipeline) -> None:
    assert set(row.flags) <= {field.name for field in fields(RenderRequest)}
    assert all(row.accepts(field) for field in row.flags)
    assert not row.accepts("staging")


@pytest.mark.parametrize("row", EVERY_ROW)
def test_the_options_of_a_row_are_those_of_a_spec_and_of_the_request(row: Pipeline) -> None:
    assert set(row.options) <= set(RenderOptions.model_fields)
    assert [field.name for field in fields(PipelineOptions)] == list(RenderOptions.model_fields)


def test_every_option_of_a_spec_is_one_of_some_pipeline() -> None:
    assert {name for row in EVERY_ROW for name in row.options} == set(RenderOptions.model_fields)


@pytest.mark.parametrize("name", ROWS)
def test_what_a_row_needs_it_also_takes(name: str) -> None:
    row = PIPELINES[name]
    for need in row.needs:
        assert row.accepts("retake_start" if need == "retake" else need)
    assert not row.min_images or row.accepts("images")


@pytest.mark.parametrize(("version", "name"), HERE)
def test_the_flags_of_a_row_that_stand_in_a_version_are_those_that_its_module_has(version: str, name: str) -> None:
    known, package = interface(version)[name]["args"], LtxPackage.parse(version)
    row = newest_row(name, package)
    for flag in (*row.flags.values(), *row.options.values()):
        assert flag.stands_in(package) == (flag.name in known), flag
    assert not {dest(flag.name) for flag in (*row.flags.values(), *row.options.values())} & never_read(version, name)


@pytest.mark.parametrize(("version", "name"), HERE)
def test_a_row_takes_all_that_decides_and_that_its_module_reads(version: str, name: str) -> None:
    """A pipeline that can do what another row takes from a clip takes it too."""
    deciding = {flag.name for row in EVERY_ROW for flag in (*row.flags.values(), *row.options.values())}
    read = {flag for flag in interface(version)[name]["args"] if dest(flag) not in never_read(version, name)}
    # The film's rate is the source's: 1.2 takes one for folders of single pictures alone.
    extra = {"--frame-rate"} if name == "retake" else set()
    row = newest_row(name, LtxPackage.parse(version))
    own = {flag.name for flag in (*row.flags.values(), *row.options.values())}
    assert (read & deciding) - extra <= own


@pytest.mark.parametrize("version", VERSIONS)
def test_a_pipeline_is_there_since_the_version_that_has_it(version: str) -> None:
    here = LtxPackage.parse(version)
    assert {name for name in ROWS if newest_row(name, here).stands_in(here)} == set(PIPELINES) & set(modules(version))


def test_a_flag_stands_from_its_first_version_to_the_one_before_its_end() -> None:
    flag = Flag("--rounds", (1, 2), (1, 4))
    assert [flag.stands_in((1, minor)) for minor in range(6)] == [False, False, True, True, False, False]
    assert Flag("--prompt").stands_in((9, 0))


@pytest.mark.parametrize("split", [False, True])
@pytest.mark.parametrize(("version", "name"), HERE)
def test_every_model_of_a_pipeline_has_a_flag_of_its_module(version: str, name: str, split: bool) -> None:
    package = LtxPackage.parse(version)
    row, generation = newest_row(name, package), max(possible_generations(name, package))
    temporal = "temporal_upscalings" in row.options
    slots = model_slots(name, split=split, generation=generation, temporal=temporal)
    assert len(set(slots)) == len(slots)
    assert set(slots) <= set(MODEL_VARIABLES)
    if split and not package.offloads:
        return
    known = interface(version)[name]["args"]
    for slot in slots:
        flag = "--distilled-lora" if slot == DISTILLED_LORA else row.model_flag(slot, package)
        assert flag in known


@pytest.mark.parametrize("generation", [1, 2, 3])
@pytest.mark.parametrize("name", ROWS)
def test_a_pipeline_runs_on_one_model_in_one_layout(name: str, generation: int) -> None:
    whole, split = (set(model_slots(name, split=layout, generation=generation)) for layout in (False, True))
    assert len(whole & CHECKPOINTS) == len(split & TRANSFORMERS) == 1
    assert not whole & TRANSFORMERS
    assert not split & CHECKPOINTS
    distilled = {slot for slot in (whole & CHECKPOINTS) | (split & TRANSFORMERS) if "DISTILLED" in slot}
    assert bool(distilled) == pipeline_row(name, generation).distilled


@pytest.mark.parametrize(("version", "name"), HERE)
def test_what_a_module_requires_of_models_is_in_the_row(version: str, name: str) -> None:
    needed = required(version, name)
    slots = model_slots(name, split=False, generation=max(possible_generations(name, LtxPackage.parse(version))))
    assert ("--spatial-upsampler-path" in needed) == ("LTX_SPATIAL_UPSAMPLER_PATH" in slots)
    assert ("--distilled-lora" in needed) == (DISTILLED_LORA in slots)
    assert ("--detailing-lora" in needed) == (DETAILING_LORA in slots)


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
