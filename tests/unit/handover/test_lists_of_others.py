"""Lists that others wrote are read: OpenTimelineIO's adapters here, and its own sample files where they are."""

from __future__ import annotations

import os
import re
from fractions import Fraction
from pathlib import Path

import opentimelineio as otio
import pytest
from defusedxml.ElementTree import fromstring

from kit.handover import CODED, IDS, THREE, cut_of
from vtx_app.errors import VtxError
from vtx_app.handover.changes import found_of
from vtx_app.handover.edl import read_edl
from vtx_app.handover.fcpxml_reader import read_fcpxml
from vtx_app.handover.model import Cut
from vtx_app.handover.otio_file import otio_text
from vtx_app.handover.otio_reader import read_otio
from vtx_app.handover.xmeml_reader import read_xmeml
from vtx_app.handover.xml_text import read_xml

A, B, *_ = IDS
TRIMMED = {"clips": {A: {"in": -2}, B: {"out": 30}}}


def by_adapter(cut: Cut, adapter: str, **options: object) -> str:
    timeline = otio.adapters.read_from_string(otio_text(cut), "otio_json")
    for track in timeline.audio_tracks():
        timeline.tracks.remove(track)
    return str(otio.adapters.write_to_string(timeline, adapter, **options))


@pytest.mark.parametrize("rate", CODED, ids=str)
@pytest.mark.parametrize("frames", [6, 9], ids=["even", "odd"])
def test_final_cut_7_by_opentimelineio(rate: Fraction, frames: int) -> None:
    cut = cut_of(THREE, {**TRIMMED, "transitions": [{"after": A, "dissolve": frames}]}, rate)
    found = read_xmeml(fromstring(by_adapter(cut, "fcp_xml")))
    assert found.pieces == found_of(cut).pieces
    assert found.joins == cut.joins
    assert found.rate == rate


@pytest.mark.parametrize("rate", CODED, ids=str)
def test_cmx_3600_by_opentimelineio(rate: Fraction) -> None:
    cut = cut_of(THREE, {**TRIMMED, "transitions": [{"after": A, "dissolve": 6}]}, rate)
    found = read_edl(by_adapter(cut, "cmx_3600", rate=float(rate)), rate, {})
    assert found.pieces == found_of(cut).pieces
    assert [(join.kind, join.frames) for join in found.joins] == [("dissolve", 6)]


SAMPLES = Path(os.environ.get("OTIO_SAMPLES", "/nowhere"))
"""The folder of sample files of OpenTimelineIO's adapters; they are not ours to ship."""


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="OTIO_SAMPLES does not name a folder of sample files")
def test_sample_files_are_read_or_told() -> None:
    read = []
    for path in sorted(SAMPLES.iterdir()):
        try:
            if path.suffix == ".edl":
                names: dict[str, str] = {}
                text = re.sub(
                    r"(FROM|TO) CLIP NAME:\s*(.*)",
                    lambda match, names=names: (
                        f"{match[1]} CLIP NAME: {names.setdefault(match[2], f'A01_S01_SH{len(names) + 1:03d}_T01')}"
                    ),
                    path.read_text(errors="replace"),
                )
                found = read_edl(text, Fraction(24), {})
                try:
                    theirs = otio.adapters.read_from_string(text, "cmx_3600", rate=24)
                except (AttributeError, ValueError, otio.exceptions.OTIOError):  # it fails on some of its own
                    continue
                assert found.frames == theirs.tracks[0].duration().value or found.ignored, path.name
            elif path.suffix == ".otio":
                read_otio(path)
            elif path.suffix == ".fcpxml":
                read_fcpxml(read_xml(path))
            elif path.suffix == ".xml":
                read_xmeml(read_xml(path))
            else:
                continue
        except (ValueError, VtxError, otio.exceptions.OTIOError):
            continue
        read.append(path.name)
    assert {".edl", ".otio", ".fcpxml", ".xml"} == {Path(name).suffix for name in read}
    assert len(read) > 30
