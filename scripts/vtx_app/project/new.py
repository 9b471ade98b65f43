"""A new film: a copy of ``config/project_template``, with a title, a slug and an id of its own."""

from __future__ import annotations

import re
import shutil
import uuid
from datetime import UTC, datetime
from pathlib import Path

from vtx_app.errors import ProjectError
from vtx_app.files import file_lock, write_failure
from vtx_app.formats.check import is_unicode
from vtx_app.formats.metadata import Metadata
from vtx_app.formats.names import SLUG_PATTERN
from vtx_app.formats.yaml_reader import read_yaml_text
from vtx_app.merge import rewrite_yaml
from vtx_app.project.paths import app_home, projects_root, shown

__all__ = ["TEMPLATE", "new_film"]

TEMPLATE = Path("config/project_template")


def new_film(slug: str, title: str) -> Path:
    """Make the film ``slug``; returns its folder. It builds its animatic at once.

    Nothing that is there is touched: raises :class:`ProjectError` for a name that is taken or is none, and for a title
    that can't be one.
    """
    if not re.fullmatch(SLUG_PATTERN, slug):
        raise ProjectError(f"{slug!r} is no name for a film's folder: small letters, digits, - and _, at most 64")
    if not TEMPLATE.is_dir():
        raise ProjectError(f"{TEMPLATE} is missing: run vtx in the folder that you cloned VTX into")
    if not title.strip() or len(title) > 200:
        raise ProjectError("a title has 1 to 200 characters")
    if not is_unicode(title):
        raise ProjectError("the title is not UTF-8 text")
    with file_lock(app_home() / "locks" / f"new-{slug}.lock", f"another vtx makes the film {slug}; waiting for it"):
        return _copied(projects_root() / slug, title)


def _copied(folder: Path, title: str) -> Path:
    """The template as the film in ``folder``, whole or not at all."""
    slug = folder.name
    if folder.exists() or folder.is_symlink():
        raise ProjectError(f"{shown(folder)} is there already; it stays as it is. Take another name")
    beside = folder.with_name(f".{slug}.part")
    shutil.rmtree(beside, ignore_errors=True)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        _copy(TEMPLATE, beside)
        path = beside / "metadata.yaml"
        text = path.read_text(encoding="utf-8")
        data = read_yaml_text(text, "metadata.yaml")
        now = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
        data |= {"project_id": str(uuid.uuid4()), "slug": slug, "title": title, "created_at": now, "updated_at": now}
        Metadata.model_validate(data)
        path.write_text(rewrite_yaml(text, data, "metadata.yaml"), encoding="utf-8")
        outline = beside / "story" / "01_outline.yaml"
        text = outline.read_text(encoding="utf-8")
        told = {**read_yaml_text(text, outline.name), "title": title}
        outline.write_text(rewrite_yaml(text, told, outline.name), encoding="utf-8")
        brief = beside / "story" / "00_brief.md"
        heading = " ".join("".join(letter if letter.isprintable() else " " for letter in title).split())
        brief.write_text(brief.read_text(encoding="utf-8").replace("# New film", f"# {heading}", 1), encoding="utf-8")
        beside.rename(folder)
    except OSError as error:
        refused = OSError(error.errno, error.strerror)  # which names the template's file, where it was a copy
        raise ProjectError(f"{slug} {write_failure(refused, folder.parent, 'try again')}") from error
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    return folder


def _copy(source: Path, target: Path) -> None:
    """Copy a folder, up to the first file that the disk refuses. Raises :class:`OSError`."""
    target.mkdir()
    for path in sorted(source.rglob("*")):
        to = target / path.relative_to(source)
        if path.is_dir():
            to.mkdir()
        else:
            shutil.copy2(path, to)
