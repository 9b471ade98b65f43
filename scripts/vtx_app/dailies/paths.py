"""Where the dailies of a film are."""

from __future__ import annotations

from pathlib import Path

from vtx_app.project.paths import renders

__all__ = ["page_path", "peaks_path", "thumb_path", "thumbs_folder"]


def page_path(folder: Path, tier: str) -> Path:
    """The page of a film's tier."""
    return folder / renders(tier) / "dailies/index.html"


def thumbs_folder(folder: Path) -> Path:
    """The thumbnails of a film's takes, in every tier."""
    return folder / "renders/dailies/thumbs"


def thumb_path(folder: Path, digest: str) -> Path:
    """The thumbnail of the take with that digest."""
    return thumbs_folder(folder) / f"{digest}.jpg"


def peaks_path(folder: Path, stamp: str) -> Path:
    """The waveform of the mix with that stamp, in any tier."""
    return folder / f"renders/dailies/peaks/{stamp}.txt"
