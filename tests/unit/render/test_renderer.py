"""A job imports no more than its renderer needs, before it asks for a render."""

from __future__ import annotations

import subprocess
import sys

import pytest

SLOW = ("torch", "transformers", "ltx_core", "ltx_pipelines", "tokenizers", "safetensors", "psutil", "snakemake")


def loaded_after(code: str) -> set[str]:
    """Return the modules that a new process has loaded after ``code``."""
    program = f"import sys\n{code}\nprint('\\n'.join(sys.modules))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_a_storyboard_s_job_loads_nothing_of_ltx() -> None:
    loaded = loaded_after(
        "import vtx_app.jobs.take\nfrom vtx_app.render.renderer import load_renderer\nload_renderer('animatic')"
    )
    assert "vtx_app.render.animatic.renderer" in loaded
    assert not [name for name in loaded if name.startswith("vtx_app.render.ltx") or name in SLOW]


@pytest.mark.parametrize("runner", ["worker", "process"])
def test_a_job_for_ltx_loads_its_runner_and_nothing_slow(runner: str) -> None:
    loaded = loaded_after(
        "from vtx_app.render.renderer import load_renderer\n"
        "from vtx_app.render.ltx.preflight.models import model_problems\n"
        "from vtx_app.render.ltx.runners.runner import choose_runner\n"
        f"load_renderer('ltx'), choose_runner({{'VTX_RUNNER': '{runner}'}})"
    )
    runners = {name for name in loaded if name.startswith("vtx_app.render.ltx.runners") and name.endswith("_runner")}
    assert runners == {f"vtx_app.render.ltx.runners.{runner}_runner"}
    assert not [name for name in loaded if name in (*SLOW, "numpy", "PIL", "vtx_app.render.ltx.worker.session")]
