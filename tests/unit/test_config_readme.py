"""config/README.md names every key of config.yaml, in the model's words, and every variable of the env files."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import vtx_app
from kit.film import REPO
from vtx_app.formats.app_config import AppConfig

README = (REPO / "config/README.md").read_text(encoding="utf-8")
NAMED = set(re.findall(r"`((?:VTX|LTX|PROJECT|OPENAI)_[A-Z0-9_]+)`", README))
EXAMPLES = [*(REPO / "config").glob("*.env.example"), REPO / "config/project_template/project.env.example"]

INTERNAL = {"VTX_BUILD", "VTX_CHECKOUT", "VTX_CONFIG", "VTX_FORCED", "VTX_SUBMITTED_BY"}
"""What a build hands to its jobs."""
OPENAI_S = {"OPENAI_ADMIN_KEY", "OPENAI_ORG_ID", "OPENAI_PROJECT_ID"}
"""Variables of OpenAI's own library, which VTX takes away from it or fills."""


def in_code() -> Iterator[str]:
    """The variables that are whole string literals in the package."""
    for path in Path(vtx_app.__file__).parent.rglob("*.py"):
        yield from re.findall(r'"((?:VTX|LTX|PROJECT|OPENAI)_[A-Z0-9_]*[A-Z0-9])"', path.read_text(encoding="utf-8"))


def test_every_key_is_explained_in_the_words_of_its_model() -> None:
    missing = [f"| `{name}` | {field.description} |" for name, field in AppConfig.model_fields.items()]
    assert [line for line in missing if line not in README] == [], "put these lines into config/README.md"
    section = README.partition("## config.yaml")[2].partition("##")[0]
    assert set(re.findall(r"^\| `(\w+)` ", section, re.MULTILINE)) == set(AppConfig.model_fields)


def test_every_variable_is_explained() -> None:
    examples = {
        name
        for path in EXAMPLES
        for name in re.findall(r"^#?([A-Z][A-Z0-9_]+)=", path.read_text(encoding="utf-8"), re.MULTILINE)
    }
    assert len(examples) > 40
    assert examples - NAMED == set(), "explain them in config/README.md"
    assert set(in_code()) - INTERNAL - OPENAI_S - NAMED == set(), "explain them in config/README.md"


def test_nothing_is_explained_that_is_not_there() -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in EXAMPLES)
    stages = {name for name in NAMED if name.startswith("VTX_STORY_MODEL_")}
    assert {name for name in NAMED - stages if name not in text} - set(in_code()) == set()
