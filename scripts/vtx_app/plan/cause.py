"""One reason why a take is to be rendered."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Cause"]


@dataclass(frozen=True, slots=True)
class Cause:
    """What changed: a film's ``file`` (relative to its folder) and the ``key`` in it, with its ``old`` and ``new`` text
    (``""`` for none). ``parent``: the clip that it continues from, whose take is to be rendered too."""

    file: str
    key: str
    old: str
    new: str
    parent: str = ""

    @classmethod
    def of_label(cls, label: str, old: str, new: str) -> Cause:
        """The change of the text at ``label``."""
        file, _, key = label.partition(": ")
        return cls(file, key, old, new)

    @property
    def label(self) -> str:
        """``prompts/characters.yaml: characters.ines.wardrobe.oilskin``."""
        return f"{self.file}: {self.key}" if self.file else self.key
