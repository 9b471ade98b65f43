"""Check that the takes that a mix is made from exist and are whole."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from vtx_app.errors import CutError
from vtx_app.jobs.plan_moved import not_rendered
from vtx_app.sound.mix_plan import MixPlan
from vtx_app.takes.store import require_whole

__all__ = ["takes_heard"]


@contextlib.contextmanager
def takes_heard(plan: MixPlan) -> Iterator[None]:
    """Mix ``plan`` in this block. Raises :class:`PlanMovedError` if a take is missing, and names a damaged one.

    Takes are searched for damage once the mix has failed: reading all of them through beforehand would take as long as
    the mix.
    """
    for take in plan.takes.values():
        if not take.path.exists():
            raise not_rendered(take.clip_id)
    try:
        yield
    except CutError:
        for take in plan.takes.values():
            require_whole(take.path)
        raise
