"""``README.txt`` of a hand-over, for the person who opens the folder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from vtx_app.formats.rate import has_time_code, rate_text
from vtx_app.formats.time_code import drops_frames, film_time_code
from vtx_app.handover.model import Cut

__all__ = ["readme_text"]

_ABOUT = {
    ".otio": "OpenTimelineIO: every track, to the frame. DaVinci Resolve 18.5 and later, Avid, Nuke, RV and others",
    ".xml": "Final Cut Pro 7's XML (xmeml): Premiere Pro (File, Import) and DaVinci Resolve (File, Import, Timeline)",
    ".fcpxml": "FCPXML 1.10: Final Cut Pro 10.6 and later (File, Import, XML) and DaVinci Resolve",
    ".edl": "CMX 3600: the picture alone, for conforming and grading",
    ".ale": "Avid Log Exchange: the takes with reels and time codes, for a bin of Avid Media Composer",
    ".srt": "the subtitles (SubRip)",
    ".vtt": "the subtitles (WebVTT)",
}


def readme_text(cut: Cut, files: Sequence[str], notes: Mapping[str, Sequence[str]]) -> str:
    """The text of ``README.txt``. ``files``: those of the folder. ``notes``: what a list does not hold, by suffix."""
    title = " ".join(cut.title.split())
    shown = sum(media.shown for media in cut.media)
    lines = [
        title,
        "=" * min(len(title), 100),
        "",
        f"{cut.frames} frames at {rate_text(cut.rate)} frames per second, {cut.width} x {cut.height} pixels.",
        "",
        "Lists of the cut",
        "----------------",
    ]
    lines += [f"{name}\n    {_ABOUT[suffix]}" for name in files for suffix in [_suffix(name)] if suffix in _ABOUT]
    if not has_time_code(cut.rate):
        lines += [
            "",
            f"There is no XML, EDL or ALE: SMPTE ST 12-1 has no time code for {rate_text(cut.rate)} frames per second, "
            "and those",
            "formats name frames by it. The .otio counts frames.",
        ]
    lines += [
        "",
        "Media",
        "-----",
        f"media/: {shown} takes that the film shows, {len(cut.media) - shown} others of the same shots.",
        "Each is a whole take with its handles: the picture as it was rendered, not encoded again; sound as PCM,",
        "24 bit, 48 kHz. A_S_SH is the shot, T the take. Rejected takes are not here. The pictures may be a little",
        "larger than the film, which shows their middle.",
        *_time_code(cut),
        "Paths in the lists are relative to this folder. If a program asks where the media is, show it media/ once.",
    ]
    for folder, about in (
        (
            "stems/",
            "the film's sound in parts, each as long as the film, at its final level: with room tone and ducking",
        ),
        ("music/", "music and effects as they are in the film's folder"),
    ):
        if any(name.startswith(folder) for name in files):
            lines.append(f"{folder}: {about}.")
    lines += ["", "Not carried", "-----------"]
    lines += [f"In no list: {note}." for note in cut.not_carried]
    lines += [f"{suffix}: {note}." for suffix, each in notes.items() for note in each]
    lines += [
        "",
        "And back",
        "--------",
        f"vtx edit import {cut.slug} FILE.otio (or .xml, .fcpxml, .edl) takes over your trims, order, transitions and",
        "levels; with -n it only shows them.",
    ]
    return "\n".join(lines) + "\n"


def _time_code(cut: Cut) -> list[str]:
    if not has_time_code(cut.rate):
        return []
    drops = "It drops frames, as in all lists here. " if drops_frames(cut.rate) else ""
    return [f"Time code begins at {film_time_code(0, cut.rate)} in each of them. {drops}Each has a reel of its own."]


def _suffix(name: str) -> str:
    return f".{name.rpartition('.')[2]}"
