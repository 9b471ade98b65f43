"""A cut in a file: a list of an editing program, or another version of the film's own edit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from vtx_app.errors import ProjectError, SpecError
from vtx_app.files import display_path
from vtx_app.formats.check import load_format
from vtx_app.formats.edit import Edit
from vtx_app.formats.rate import has_time_code, rate_text
from vtx_app.handover.changes import found_of
from vtx_app.handover.edl import read_edl
from vtx_app.handover.fcpxml_reader import read_fcpxml
from vtx_app.handover.found import MAX_BYTES, Found
from vtx_app.handover.model import Cut
from vtx_app.handover.otio_reader import read_otio
from vtx_app.handover.xmeml_reader import read_xmeml
from vtx_app.handover.xml_text import read_xml
from vtx_app.plan.film_plan import FilmPlan
from vtx_app.plan.handover import film_cut
from vtx_app.plan.planner import plan_loaded_film

__all__ = ["LISTS", "read_cut", "read_list"]

LISTS = (".otio", ".xml", ".fcpxml", ".edl")


def read_cut(path: Path, plan: FilmPlan, cut: Cut) -> Found:
    """The cut in the file at ``path``: a list, or an edit (``.yaml``) of the film, which is now cut as ``cut``.

    Raises :class:`ProjectError` or :class:`SpecError` for a file that holds none.
    """
    if path.suffix.lower() not in (".yaml", ".yml"):
        return read_list(path, cut)
    edit = load_format(path, Edit)
    try:
        return found_of(film_cut(plan_loaded_film(replace(plan.film, edit=edit), plan.tier)))
    except SpecError as error:
        raise ProjectError(f"{display_path(path)}: that edit does not fit the film as it is now:\n{error}") from None


def read_list(path: Path, cut: Cut) -> Found:
    """The cut in the list at ``path``. Raises :class:`ProjectError` for a file that holds none, or at another rate."""
    name, suffix = display_path(path), path.suffix.lower()
    if suffix not in LISTS:
        raise ProjectError(f"{name}: {suffix or 'no suffix'}: expected a file that ends in {', '.join(LISTS)}")
    if suffix == ".edl" and not has_time_code(cut.rate):
        raise ProjectError(f"{name}: an EDL has no frames at {rate_text(cut.rate)} frames per second; use .otio")
    readers: dict[str, Callable[[], Found]] = {".otio": lambda: read_otio(path), ".edl": lambda: _edl(path, cut)}
    found = _checked(readers.get(suffix, lambda: _xml(path)), name)
    if found.rate != cut.rate:
        raise ProjectError(
            f"{name}: its frames are {rate_text(found.rate)} a second, the film's {rate_text(cut.rate)}: "
            "set the sequence to the film's rate and export it again"
        )
    return found


def _checked(read: Callable[[], Found], name: str) -> Found:
    try:
        return read()
    except ValueError as error:
        raise ProjectError(f"{name}: {error}") from None


def _xml(path: Path) -> Found:
    root = read_xml(path)
    readers = {"xmeml": read_xmeml, "fcpxml": read_fcpxml}
    if root.tag not in readers:
        raise ValueError(f"<{root.tag[:40]}>: expected Final Cut Pro's <xmeml> or <fcpxml>")
    return readers[root.tag](root)


def _edl(path: Path, cut: Cut) -> Found:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise ValueError(f"larger than {MAX_BYTES >> 20} MiB: no list of a cut is")
        text = path.read_text(encoding="utf-8", errors="replace")
    except OSError as error:
        raise ProjectError(f"{display_path(path)}: can't be read: {error.strerror}") from None
    return read_edl(text, cut.rate, {media.reel: media.name for media in cut.media})
