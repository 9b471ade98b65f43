"""What holds in a shot from earlier ones. The reader is imported only if one mentions something that may last."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from vtx_app.compile.request import StagedEarlier, Staging
from vtx_app.render.animatic.reading.lasting import may_last

__all__ = ["read_earlier_shots"]


def read_earlier_shots(
    staging: Staging, before: Sequence[Staging], *, painted: bool = True
) -> tuple[StagedEarlier | None, Mapping[str, Sequence[tuple[int, str]]]]:
    """As :func:`vtx_app.render.animatic.reading.earlier.read_earlier`, quickly for shots that mention nothing."""
    if not any(may_last(each.action) for each in before):
        return None, {}
    from vtx_app.render.animatic.reading.earlier import read_earlier

    return read_earlier(staging, before, painted=painted)
