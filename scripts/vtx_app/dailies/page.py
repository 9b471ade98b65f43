"""The dailies as one HTML file: data, style and program in it, and nothing fetched from anywhere."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from vtx_app.dailies.film_data import Data, data_text, film_data
from vtx_app.dailies.paths import page_path, peaks_path, thumb_path
from vtx_app.media.flac_stamp import read_sound_stamp
from vtx_app.plan.film_plan import FilmPlan

__all__ = ["DailiesPlan", "page_html", "plan_dailies"]

_STAMP = re.compile(rb'<meta name="vtx-stamp" content="([0-9a-f]{64})">')
_PROGRAM = ("common", "head", "cut", "shots", "shot", "facts", "viewer", "keyboard", "decisions", "start")
"""The files of ``page/program`` in the order in which they run: each uses what those before it declare, and functions
of all."""

_HEAD = 2048
"""The stamp is within this many bytes from the beginning of the page."""


@dataclass(frozen=True, slots=True)
class DailiesPlan:
    """The page at ``path``, of ``data``. ``thumbs``: takes without a thumbnail, by the file that it goes to.

    ``mix``: the sound whose waveform is missing, its stamp's file, and how many frames it lasts.
    """

    data: Data
    path: Path
    stamp: str
    thumbs: dict[Path, Path]
    mix: tuple[Path, Path] | None

    def is_current(self) -> bool:
        """Whether the page shows the film as it is now. Reads its beginning."""
        try:
            with self.path.open("rb") as file:
                found = _STAMP.search(file.read(_HEAD))
        except OSError:
            return False
        return found is not None and found[1].decode() == self.stamp


def plan_dailies(plan: FilmPlan) -> DailiesPlan:
    """The dailies of a film as it is now. Raises :class:`vtx_app.errors.VtxError` for faulty files."""
    data, folder = film_data(plan), plan.film.folder
    thumbs = {
        thumb_path(folder, take["id"]): folder / f"renders/takes/{clip['id']}/{take['id']}.mp4"
        for clip in data["clips"]
        for take in clip.get("takes", ())
        if "thumb" not in take
    }
    mix = None
    if plan.mix is not None and data["sound"] and not data["sound"]["peaks"]:
        mix = plan.mix.path, peaks_path(folder, str(read_sound_stamp(plan.mix.path)))
    return DailiesPlan(data, page_path(folder, plan.tier), _stamp(data), thumbs, mix)


def page_html(data: Data, live: Data | None = None) -> str:
    """The page as text. ``live``: where a server takes decisions, for the program in it; None for a file."""
    from jinja2 import Environment, PackageLoader, StrictUndefined  # only the job and the server need it
    from markupsafe import Markup

    environment = Environment(
        loader=PackageLoader("vtx_app.dailies", "page"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    style, program = _part("page.css"), _program()
    return environment.get_template("page.html.j2").render(
        data=data,
        stamp=_stamp(data),
        # These two are our own files; the data is escaped for where it stands.
        style=Markup(style),  # noqa: S704
        program=Markup(program),  # noqa: S704
        style_hash=_hash(style),
        program_hash=_hash(program),
        json=Markup(data_text(data)),  # noqa: S704
        live=Markup(data_text(live or {})),  # noqa: S704
    )


def _part(name: str) -> str:
    return (files("vtx_app.dailies") / "page" / name).read_text(encoding="utf-8")


def _program() -> str:
    """The page's program: its files in one function, so that their names are nobody else's."""
    parts = "\n".join(_part(f"program/{name}.js") for name in _PROGRAM)
    return f'"use strict";\n(() => {{\n{parts}}})();\n'


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _stamp(data: Data) -> str:
    """The digest of everything the page is made from."""
    parts = [data_text(data), *map(_part, ("page.html.j2", "page.css")), _program()]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()
