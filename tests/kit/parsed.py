"""What Snakemake's parser makes of this checkout's Snakefile and rules, kept for forks whose film has the same text."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from snakemake import parser
from snakemake.sourcecache import LocalSourceFile

from kit.film import REPO

__all__ = ["Parsed", "keep_parsed", "parse_all"]

_ELSEWHERE = "/kept/by/kit.parsed"
"""Where the rules lie as long as no film has them."""


@dataclass
class Parsed:
    """Python code of a file; ``lines``: line of the code → line of the file; ``after``: the number of rules so far."""

    code: str
    lines: dict[int, int]
    after: int

    def at(self, path: str) -> str:
        """The code of a file that lies there."""
        return self.code.replace(repr(_ELSEWHERE), repr(path))


Kept = dict[tuple[str, int], Parsed]
"""Text of a file and number of the rules before it → what the parser makes of it."""


def parse_all() -> Kept:
    """Parse the Snakefile and what it includes."""
    main = (REPO / "Snakefile").read_text(encoding="utf-8")
    included = re.findall(r'^include: "(.+)"', main, re.MULTILINE)
    texts = [main, *((REPO / name).read_text(encoding="utf-8") for name in included)]
    kept: Kept = {}
    before = 0
    for text in texts:
        workflow = SimpleNamespace(sourcecache=SimpleNamespace(open=lambda _, text=text: io.StringIO(text)))
        lines: dict[int, int] = {}
        code, after = parser.parse(LocalSourceFile(_ELSEWHERE), workflow, lines, rulecount=before)
        kept[text, before] = Parsed(code, lines, after)
        before = after
    return kept


def keep_parsed(kept: Kept) -> None:
    """From now on, Snakemake in this process and its forks takes what is kept; anything else it parses."""
    import snakemake.workflow

    parse = snakemake.workflow.parse

    def parse_or_take(path: Any, workflow: Any, linemap: dict[int, int], *more: Any, rulecount: int = 0) -> Any:
        with workflow.sourcecache.open(path) as file:
            found = None if more else kept.get((file.read(), rulecount))
        if found is None:
            return parse(path, workflow, linemap, *more, rulecount=rulecount)
        linemap |= found.lines
        return found.at(path.get_path_or_uri(secret_free=True)), found.after

    snakemake.workflow.parse = parse_or_take
