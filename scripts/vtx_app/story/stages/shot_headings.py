"""The headings of a film's scenes as its shots have them: inside or outside, the place, the time, the weather."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from vtx_app.formats.time_of_day import goes_on, time_of_day
from vtx_app.story.screenplay.fountain import read_fountain
from vtx_app.story.story_files import SceneFile

__all__ = ["shot_headings"]


def shot_headings(scenes: Iterable[SceneFile]) -> dict[str, list[dict[str, Any]]]:
    """By scene id, for each heading in its file, the keys of its shots: ``{"heading": {…}}``, or none.

    ``scenes`` in the order of the film: a heading that goes on from what was before (``LATER``) has its time of day.
    """
    found: dict[str, list[dict[str, Any]]] = {}
    time = ""
    for file in scenes:
        found[file.scene] = []
        for scene in read_fountain(file.text).scenes:
            here = time_of_day(scene.time) or (time if goes_on(scene.time) else "")
            time = here or time
            parts = {"setting": scene.setting, "place": scene.place, "time": here, "weather": scene.weather.lower()}
            heading = {key: value for key, value in parts.items() if value}
            found[file.scene].append({"heading": heading} if heading else {})
    return found
