"""The plan of the mix's file: what is mixed, where it goes, and whether it is there already."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from vtx_app.media.flac_stamp import read_sound_stamp
from vtx_app.sound.mix_plan import MixPlan, mix_digest
from vtx_app.sound.report import read_report

__all__ = ["MixFile", "mix_file"]


@dataclass(frozen=True, slots=True)
class MixFile:
    """The mix of a film: the file at ``path`` carries ``stamp``, and so does what was measured, at ``report``."""

    plan: MixPlan
    stamp: str
    path: Path
    report: Path

    def is_current(self) -> bool:
        """Whether both files exist and were made from exactly what the plan says. Reads them."""
        if read_sound_stamp(self.path) != self.stamp:
            return False
        # A build killed between the two renames can leave the report of another mix beside the file.
        measured = read_report(self.report)
        return measured is not None and measured.stamp == self.stamp


def mix_file(plan: MixPlan, folder: Path, slug: str) -> MixFile:
    """The file of ``plan`` in the tier's ``folder`` (``renders`` or ``renders/animatic`` of the film ``slug``)."""
    return MixFile(plan, mix_digest(plan), folder / f"sound/{slug}.flac", folder / f"sound/{slug}.sound.json")
