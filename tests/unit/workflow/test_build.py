"""What a build asks of the folder it runs in."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from vtx_app.errors import ProjectError
from vtx_app.workflow.build import require_no_braces, require_writable


def test_a_folder_that_can_not_be_written_to_is_told_with_the_way_on(tmp_path: Path) -> None:
    require_writable(tmp_path, Path("/opt/vtx"))
    with pytest.raises(ProjectError) as error:
        require_writable(tmp_path / "missing", Path("/opt/our vtx"))
    assert "missing can't be written to" in str(error.value)
    assert "cp -r '/opt/our vtx/config' . && ln -s '/opt/our vtx/Snakefile'" in str(error.value)


def test_a_folder_that_snakemake_takes_for_a_wildcard_is_told() -> None:
    require_no_braces(Path("/films/100 % (new)"), Path("projects"))
    for name in ("{0}", "a{b", "a}b"):
        with pytest.raises(ProjectError, match=rf"^'/films/{re.escape(name)}': Snakemake takes braces in a path"):
            require_no_braces(Path("projects"), Path("/films") / name)
