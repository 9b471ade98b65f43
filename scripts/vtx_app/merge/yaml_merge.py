"""Three-way merge of YAML files: the merged data decides, the person's own text carries it.

A merge by lines comes first, because it keeps the generated text's comments and line wraps. If it fails, or its result
doesn't read as the merged data, the person's text is changed only where the data differs.
"""

from __future__ import annotations

from collections import Counter

from vtx_app.errors import SpecError
from vtx_app.merge.data_merge import WHOLE_FILE, merge_data, printable, same
from vtx_app.merge.text_merge import Merged, merge_segments, split_lines
from vtx_app.merge.yaml_rewrite import rewrite_yaml
from vtx_app.merge.yaml_tree import Tree, parse_tree

__all__ = ["merge_yaml"]

# Aligning more lines than this may take minutes; changing the person's text in places never does.
_MOST_LINES = 20_000


def merge_yaml(base: str, mine: str, theirs: str, name: str = "the file") -> Merged:
    """Merge the changes from ``base``, the last generated text, to the new one ``theirs`` into the edited ``mine``.

    If ``theirs`` doesn't change the data, returns ``mine`` byte for byte. Removing something that holds a comment of
    the person's is a conflict. Messages call the file ``name``; raises :class:`SpecError` for a text that can't be
    read.
    """
    if theirs in (base, mine):
        return Merged(mine, ())
    if mine == base:
        return Merged(theirs, ())
    own = _tree(mine, name)
    old, new = _tree(base, f"{name} (as last generated)"), _tree(theirs, f"{name} (newly generated)")
    data, conflicts = merge_data(old.data, own.data, new.data)
    if conflicts:
        return Merged(None, conflicts)
    if same(data, own.data):
        return Merged(mine, ())
    # A comment may go only if it was generated and no longer is.
    stale = Counter(old.comments()) - Counter(new.comments())
    required = Counter(own.comments()) - stale
    if mine.count("\n") + theirs.count("\n") < _MOST_LINES:
        text, _ = merge_segments(base, mine, theirs, split_lines, touching=True)
        if text is not None and _has(text, data, required):
            return Merged(text, ())
    try:
        text = rewrite_yaml(mine, data, name, new, stale)
    except SpecError:
        return Merged(None, (WHOLE_FILE,))
    lost = required - Counter(_tree(text, name).comments())  # the person's, inside what theirs removed
    return Merged(None, tuple(map(printable, lost))) if lost else Merged(text, ())


def _tree(text: str, name: str) -> Tree:
    return parse_tree(text.removeprefix("\ufeff"), name)


def _has(text: str, data: object, required: Counter[str]) -> bool:
    try:
        tree = _tree(text, "")
    except SpecError:
        return False
    return same(tree.data, data) and required <= Counter(tree.comments())
