"""The deliveries that a film can have: those of ``config/deliveries.yaml`` and those of its own ``deliveries.yaml``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from vtx_app.errors import ProjectError
from vtx_app.files import display_path
from vtx_app.formats.check import did_you_mean, load_format, location
from vtx_app.formats.deliveries import Deliverable, Deliverables

__all__ = ["DELIVERIES", "OWN_DELIVERIES", "Declared", "chosen_deliveries", "load_deliveries"]

DELIVERIES = Path("config/deliveries.yaml")
"""The deliveries of every film, relative to the working directory."""

OWN_DELIVERIES = "deliveries.yaml"
"""A film's own, in its folder."""


@dataclass(frozen=True, slots=True)
class Declared:
    """A delivery by its name, with the file that declares it."""

    name: str
    source: Path
    deliverable: Deliverable

    def location(self, *keys: str | int) -> str:
        """``file:line: key.key`` of a value in the declaration, for messages."""
        return location(self.source, "deliveries", self.name, *keys)


def load_deliveries(folder: Path) -> dict[str, Declared]:
    """Every delivery that the film in ``folder`` declares or inherits, by name in alphabetical order.

    Raises :class:`vtx_app.errors.SpecError` with every fault in one of the two files.
    """
    found: dict[str, Declared] = {}
    for path in (DELIVERIES, folder / OWN_DELIVERIES):
        if path.is_file():
            declared = load_format(path, Deliverables).deliveries
            found |= {name: Declared(name, path, each) for name, each in declared.items()}
    return dict(sorted(found.items()))


def chosen_deliveries(declared: Mapping[str, Declared], named: str | None, slug: str) -> list[Declared]:
    """The deliveries of the film ``slug`` that ``named`` lists (``web,stems``), in its order and once each.

    Raises :class:`ProjectError` with the names that there are if it lists none, or one that nobody declares.
    """
    names = list(dict.fromkeys(filter(None, (name.strip() for name in (named or "").split(",")))))
    if not names:
        raise ProjectError(
            f"which deliveries of {slug}? Name them: --config delivery=<name>,<name>. {_there_are(declared)}"
        )
    for name in names:
        if name not in declared:
            hint = did_you_mean(name, declared) or "."
            raise ProjectError(f"{slug} has no delivery {name!r}{hint} {_there_are(declared)}")
    return [declared[name] for name in names]


def _there_are(declared: Mapping[str, Declared]) -> str:
    """The names, by the file that declares them."""
    by_file: dict[Path, list[str]] = {}
    for each in declared.values():
        by_file.setdefault(each.source, []).append(each.name)
    listed: Iterable[str] = (f"{', '.join(names)} ({display_path(path)})" for path, names in by_file.items())
    return f"There are: {'; '.join(listed) or f'none; declare one in {display_path(DELIVERIES)}'}"
