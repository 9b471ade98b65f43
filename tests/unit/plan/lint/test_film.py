"""How what to look at is shown: a line a file, the first dozen, and how to turn a rule off."""

from __future__ import annotations

import pytest

from kit.film import Film
from vtx_app.errors import SpecError
from vtx_app.formats.metadata import LintRule
from vtx_app.plan.lint.film import Finding, lint_lines
from vtx_app.project.load import load_film


def finding(number: int, rule: LintRule = "motion") -> Finding:
    return Finding(rule, f"clips/{number}.yaml", f"{rule} of {number}", str(number))


def test_a_clip_has_one_line() -> None:
    lines = lint_lines([finding(1), finding(2), finding(1, "strength")], "harbour", 12)
    assert lines == [
        "  look at clips/1.yaml: motion of 1 (motion); strength of 1 (strength)",
        "  look at clips/2.yaml: motion of 2 (motion)",
        "  lint: {off: [name, …]} in metadata.yaml turns off what is named in brackets",
    ]
    assert lint_lines([], "harbour", 12) == []


def test_the_rest_is_left_to_a_command() -> None:
    found = [finding(number) for number in range(14)]
    lines = lint_lines(found, "harbour", 12)
    assert len(lines) == 14
    assert lines[12] == "  … and 2 more: vtx plan harbour --all"
    assert len(lint_lines(found, "harbour", None)) == 15
    assert len(lint_lines(found[:12], "harbour", 12)) == 13


def test_an_unknown_rule_is_told_with_the_nearest(film: Film) -> None:
    film.edit("metadata.yaml", "acts_enabled: true", "lint: {off: [motion, strenght]}")
    with pytest.raises(SpecError) as error:
        load_film("harbour")
    (line,) = error.value.problems
    assert line.startswith("projects/harbour/metadata.yaml:6: lint.off.1: 'strenght' is not one of motion, strength, ")
    assert line.endswith("did you mean 'strength'?")
