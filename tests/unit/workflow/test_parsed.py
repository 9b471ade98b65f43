"""The rules that forks of the tests take as they were parsed once are those that Snakemake parses."""

from __future__ import annotations

import io
from types import SimpleNamespace

from snakemake.parser import parse
from snakemake.sourcecache import LocalSourceFile

from kit.film import REPO
from kit.parsed import parse_all

PATH = '/films/the captain\'s "own"/rules.smk'


def test_kept_rules_are_what_snakemake_makes_of_them_anywhere() -> None:
    kept = parse_all()
    assert len(kept) == 1 + len(list((REPO / "rules").glob("*.smk")))
    for (text, before), found in kept.items():
        workflow = SimpleNamespace(sourcecache=SimpleNamespace(open=lambda _, text=text: io.StringIO(text)))
        lines: dict[int, int] = {}
        code, after = parse(LocalSourceFile(PATH), workflow, lines, rulecount=before)
        assert (found.at(PATH), found.lines, found.after) == (code, lines, after)
        assert compile(code, PATH, "exec")
