"""The package's order: what may import what, how long a module may be, and who may know Snakemake."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

import vtx_app
import vtx_app.files

PACKAGE = Path(vtx_app.__file__).parent

LAYERS = (
    ("errors", "files", "file_systems"),
    ("text", "media", "formats", "fonts", "merge"),
    ("project",),
    ("models", "compile", "takes", "cut", "sound", "subtitles", "handover", "qc", "board"),
    ("render",),
    ("story", "plan", "review", "registry", "studio", "dailies"),
    ("workflow", "jobs"),
    ("commands", "cli"),
)
"""Folders and modules of the package, low to high. Each may import from its own layer and from lower ones."""

LEVEL = {name: level for level, names in enumerate(LAYERS) for name in names}

MOST_LINES = 300

PURE = ("plan", "compile")
"""Folders that decide and never write."""

WRITERS = set(vtx_app.files.__all__) - {"display_path"} | {
    *("open", "write", "write_text", "write_bytes", "dump", "touch", "mkdir", "makedirs", "rename", "chmod"),
    *("unlink", "remove", "rmdir", "rmtree", "copy", "copyfile", "copytree", "move", "symlink_to", "hardlink_to"),
    *("os", "tempfile", "sqlite3"),
}
"""What writes or deletes files, by name: our own functions, those of ``pathlib`` and ``shutil``, modules for it."""

WORKFLOW = ("workflow", "_workflow")
"""What Snakemake's own object is called in the code that has it."""


@cache
def modules() -> dict[str, Path]:
    """Every module of the package by its dotted name below ``vtx_app``; ``""`` is the package itself."""
    found = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(PACKAGE).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


@cache
def nodes(name: str) -> tuple[ast.AST, ...]:
    """Every node of a module's tree."""
    return tuple(ast.walk(ast.parse(modules()[name].read_text(encoding="utf-8"))))


def imported(name: str) -> Iterator[str]:
    """The absolute names that a module imports anywhere in it; ``from a import b`` gives ``a`` and ``a.b``."""
    for node in nodes(name):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name}: relative import in line {node.lineno}"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@cache
def imported_modules(name: str) -> frozenset[str]:
    """The modules of the package that a module imports, by their names below ``vtx_app``."""
    found = set()
    for full in imported(name):
        package, _, inner = full.partition(".")
        if package == "vtx_app":
            while inner not in modules():
                inner = inner.rpartition(".")[0]
            found.add(inner)
    return frozenset(found)


def part(name: str) -> str:
    """The folder of a module, or the module itself where it lies at the top."""
    return name.partition(".")[0]


def test_every_folder_has_its_layer() -> None:
    assert {part(name) for name in modules()} - {""} <= LEVEL.keys()


def test_no_import_runs_upwards() -> None:
    upward = {
        f"{name or 'vtx_app'} → {target}"
        for name in modules()
        for target in imported_modules(name)
        if target and LEVEL[part(target)] > LEVEL.get(part(name), -1)
    }
    assert upward == set()


@pytest.mark.parametrize("layer", LAYERS, ids=" ".join)
def test_folders_of_one_layer_do_not_import_each_other_in_a_circle(layer: tuple[str, ...]) -> None:
    graph = {folder: set[str]() for folder in layer}
    for name in modules():
        if part(name) in layer:
            graph[part(name)] |= {part(target) for target in imported_modules(name)} & set(layer) - {part(name)}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(" → ".join(error.args[1]), pytrace=False)


def test_no_modules_import_each_other_in_a_circle() -> None:
    """Imports inside functions count too: they hide a circle, they don't undo it."""
    graph = {name: imported_modules(name) - {name} for name in modules()}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(" → ".join(error.args[1]), pytrace=False)


def test_no_module_is_longer_than_300_lines() -> None:
    lengths = {name: len(path.read_text(encoding="utf-8").splitlines()) for name, path in modules().items()}
    assert {name: lines for name, lines in lengths.items() if lines > MOST_LINES} == {}


def test_no_module_imports_what_is_private_to_another() -> None:
    private = {
        f"{name} → {full}" for name in modules() for full in imported(name) if re.match(r"vtx_app\..*\b_[a-z]", full)
    }
    assert private == set()


def knows_snakemake(name: str) -> bool:
    """Whether the module imports Snakemake, or looks into its ``workflow``."""
    if any(full.partition(".")[0] == "snakemake" for full in imported(name)):
        return True
    looked_into = (node.value for node in nodes(name) if isinstance(node, ast.Attribute))
    return any(
        (isinstance(value, ast.Name) and value.id in WORKFLOW)
        or (isinstance(value, ast.Attribute) and value.attr in WORKFLOW)
        for value in looked_into
    )


def test_one_module_of_workflow_knows_snakemake() -> None:
    assert [part(name) for name in modules() if knows_snakemake(name)] == ["workflow"]


def called(name: str) -> Iterator[str]:
    """The last names of what a module calls: ``write_text`` for ``path.write_text(…)``."""
    for node in nodes(name):
        if isinstance(node, ast.Call):
            yield node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


@pytest.mark.parametrize("folder", PURE)
def test_what_decides_never_writes(folder: str) -> None:
    writing = {
        f"{name}: {used}"
        for name in modules()
        if part(name) == folder
        for used in (*called(name), *(full.rpartition(".")[2] for full in imported(name)))
        if used in WRITERS
    }
    assert writing == set()


TESTS = Path(__file__).parents[1]


def test_tests_import_nothing_private() -> None:
    private = {
        f"{path.relative_to(TESTS)}:{node.lineno}"
        for path in TESTS.rglob("*.py")
        if "vtx_app" in (text := path.read_text(encoding="utf-8"))
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] == "vtx_app"
        if re.search(r"\b_[a-z]", " ".join([node.module or "", *(alias.name for alias in node.names)]))
    }
    assert private == set()
