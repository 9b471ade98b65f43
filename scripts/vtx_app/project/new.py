"""A new film: a copy of ``config/project_template``, with a title, a slug and an id of its own."""

from __future__ import annotations

import re
import shutil
import uuid
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from vtx_app.errors import ProjectError
from vtx_app.files import display_path, file_lock, write_failure
from vtx_app.formats.check import is_unicode
from vtx_app.formats.metadata import Metadata
from vtx_app.formats.names import SLUG_PATTERN
from vtx_app.formats.yaml_reader import read_yaml_text
from vtx_app.merge import rewrite_yaml
from vtx_app.project.paths import app_home, projects_root
from vtx_app.project.template_files import note_template_files

__all__ = ["SCREENPLAY_SUFFIXES", "TEMPLATE", "new_film"]

TEMPLATE = Path("config/project_template")
SCREENPLAY_SUFFIXES = (".fountain", ".fdx")
_EXAMPLES = (
    *("story/01_outline.yaml", "story/02_treatment.md", "story/03_screenplay/", "story/04_shotlist.yaml"),
    *("prompts/characters.yaml", "prompts/locations.yaml", "prompts/clips/"),
)
"""Files and folders of the template that tell its own little story."""


def new_film(slug: str, title: str, screenplay: Path | None = None) -> Path:
    """Create the film ``slug``, whose animatic can be built at once; return its folder.

    With ``screenplay``, a Fountain or Final Draft file, the film is made from a copy of that. Touches nothing that
    exists. Raises :class:`ProjectError` for a name that is taken, a name, title or screenplay that is not valid.
    """
    if not re.fullmatch(SLUG_PATTERN, slug):
        raise ProjectError(f"{slug!r} is not a name for a film's folder: small letters, digits, - and _, at most 64")
    if not TEMPLATE.is_dir():
        raise ProjectError(f"{TEMPLATE} is missing: run vtx in the folder that you cloned VTX into")
    if not title.strip() or len(title) > 200:
        raise ProjectError("a title has 1 to 200 characters")
    if not is_unicode(title):
        raise ProjectError("the title is not UTF-8 text")
    if screenplay is not None and screenplay.suffix.lower() not in SCREENPLAY_SUFFIXES:
        raise ProjectError(f"{screenplay}: expected a screenplay, .fountain or .fdx")
    if screenplay is not None and not screenplay.is_file():
        raise ProjectError(f"{screenplay}: no such file")
    lock = app_home() / "locks" / f"new-{slug}.lock"
    with file_lock(lock, f"another vtx is creating the film {slug}; waiting for it"):
        return _copy_template(projects_root() / slug, title, screenplay)


def _copy_template(folder: Path, title: str, screenplay: Path | None) -> Path:
    """Make the film in ``folder`` from the template, whole or not at all."""
    slug = folder.name
    if folder.exists() or folder.is_symlink():
        raise ProjectError(f"{display_path(folder)} exists already; it stays as it is. Take another name")
    partial = folder.with_name(f".{slug}.part")
    shutil.rmtree(partial, ignore_errors=True)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        _copy_tree(TEMPLATE, partial)
        now = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
        identity = {"project_id": str(uuid.uuid4()), "slug": slug, "title": title, "created_at": now, "updated_at": now}
        Metadata.model_validate(_rewrite(partial / "metadata.yaml", identity))
        _rewrite(partial / "story" / "01_outline.yaml", {"title": title})
        brief = partial / "story" / "00_brief.md"
        heading = " ".join("".join(letter if letter.isprintable() else " " for letter in title).split())
        brief.write_text(brief.read_text(encoding="utf-8").replace("# New film", f"# {heading}", 1), encoding="utf-8")
        examples = [
            path.relative_to(partial).as_posix()
            for path in sorted(partial.rglob("*"))
            if path.is_file() and path.relative_to(partial).as_posix().startswith(_EXAMPLES)
        ]
        if screenplay is None:
            note_template_files(partial, examples)
        else:
            _use_screenplay(partial, screenplay, examples)
        partial.rename(folder)
    except OSError as error:
        unnamed = OSError(error.errno, error.strerror)  # a failed copy names the template's file
        raise ProjectError(f"{slug} {write_failure(unnamed, folder.parent, 'try again')}") from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return folder


def _use_screenplay(partial: Path, screenplay: Path, examples: Iterable[str]) -> None:
    """Put a copy of the screenplay in the place of the template's own story."""
    shutil.copyfile(screenplay, partial / "story" / f"screenplay{screenplay.suffix.lower()}")
    _rewrite(partial / "metadata.yaml", {"story": {"writer": "fountain"}})
    for path in examples:
        (partial / path).unlink()


def _rewrite(path: Path, changes: dict[str, Any]) -> dict[str, Any]:
    """Change values of a YAML file and keep its comments; return its data."""
    text = path.read_text(encoding="utf-8")
    data: dict[str, Any] = {**read_yaml_text(text, path.name), **changes}
    path.write_text(rewrite_yaml(text, data, path.name), encoding="utf-8")
    return data


def _copy_tree(source: Path, target: Path) -> None:
    """Copy a folder; stop at the first file that can't be written. Raises :class:`OSError`.

    ``shutil.copytree`` would try every file of a full disk.
    """
    target.mkdir()
    for path in sorted(source.rglob("*")):
        to = target / path.relative_to(source)
        if path.is_dir():
            to.mkdir()
        else:
            shutil.copy2(path, to)
