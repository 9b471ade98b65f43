"""Every rule that makes something says what its jobs ask a cluster for."""

from __future__ import annotations

import re

import pytest

from kit.film import REPO

RULES = {
    name: text
    for path in sorted((REPO / "rules").glob("*.smk"))
    for name, text in re.findall(
        r"^(?:rule|checkpoint) (\w+):\n(.*?)(?=^\S|\Z)", path.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL
    )
}


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_asks_for_memory_disk_and_time(rule: str) -> None:
    assert len(RULES) > 10
    assert re.search(r'^    resources:\n        \*\*NEEDS\["\w+"\]\.resources,$', RULES[rule], re.MULTILINE)
