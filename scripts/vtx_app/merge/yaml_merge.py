"""Three-way merge of YAML files: the data decides what is merged, the person's own text carries it.

Lines are merged first, as that takes the generated text's own comments and wraps along; where that fails, or reads as
other data than it should, the person's text is changed in the places that matter.
"""

from __future__ import annotations

from collections import Counter

from vtx_app.errors import SpecError
from vtx_app.merge.data_merge import WHOLE, merge_data, readable, same
from vtx_app.merge.result import Merged
from vtx_app.merge.texts import lines, merge_segments
from vtx_app.merge.yaml_rewrite import rewritten
from vtx_app.merge.yaml_tree import Tree, tree_of

__all__ = ["merge_yaml"]

# Aligning more lines than this may take minutes; changing the person's text in places never does.
_MOST_LINES = 20_000


def merge_yaml(base: str, mine: str, theirs: str, name: str = "the file") -> Merged:
    """``mine``, edited since it was the generated text ``base``, with what the newly generated ``theirs`` changes.

    Where ``theirs`` changes nothing in the data, ``mine`` comes back byte for byte; where it takes out something that
    the person has written a comment into, that is a conflict. Messages call the file ``name``; raises
    :class:`SpecError` where one of the texts can't be read.
    """
    if theirs in (base, mine):
        return Merged(mine, ())
    if mine == base:
        return Merged(theirs, ())
    kept = _tree(mine, name)
    before, held = _tree(base, f"{name} (as last generated)"), _tree(theirs, f"{name} (newly generated)")
    data, conflicts = merge_data(before.data, kept.data, held.data)
    if conflicts:
        return Merged(None, conflicts)
    if same(data, kept.data):
        return Merged(mine, ())
    # A comment may go only if it was generated, and isn't any more.
    stale = Counter(before.comments()) - Counter(held.comments())
    owed = Counter(kept.comments()) - stale
    if mine.count("\n") + theirs.count("\n") < _MOST_LINES:
        text, _ = merge_segments(base, mine, theirs, lines, touching=True)
        if text is not None and _holds(text, data, owed):
            return Merged(text, ())
    try:
        text = rewritten(mine, data, name, held, stale)
    except SpecError:
        return Merged(None, (WHOLE,))
    lost = owed - Counter(_tree(text, name).comments())  # the person's, inside what theirs took out
    return Merged(None, tuple(map(readable, lost))) if lost else Merged(text, ())


def _tree(text: str, name: str) -> Tree:
    return tree_of(text.removeprefix("\ufeff"), name)


def _holds(text: str, data: object, owed: Counter[str]) -> bool:
    try:
        tree = _tree(text, "")
    except SpecError:
        return False
    return same(tree.data, data) and owed <= Counter(tree.comments())
