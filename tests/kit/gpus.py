"""A fake ``nvidia-smi``: a script that lists the GPUs a test gives it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from vtx_app.render.gpus import installed_gpus

__all__ = ["gpu", "write_nvidia_smi"]


def gpu(number: int = 0, total: str = "81559", *, free: str = "512", uuid: str = "", name: str = "NVIDIA H100") -> str:
    """Return the row of one GPU; sizes in MiB, or as the tool writes an unknown one."""
    return f"{number}, {uuid or f'GPU-5f0c000{number}'}, {total}, {free}, {name}"


def write_nvidia_smi(
    folder: Path, *gpus: str, capabilities: Iterable[str] = (), processes: str = "", failing: bool = False
) -> Path:
    """Write the tool into ``folder``. ``processes`` is the shell command that lists processes and their MiB."""
    tool = folder / "nvidia-smi"
    folder.mkdir(parents=True, exist_ok=True)
    rows, numbers = ("\n".join(f"echo '{line}'" for line in lines) for lines in (gpus, capabilities))
    tool.write_text(
        "#!/bin/sh\n"
        'case "$1" in\n'
        f"--query-gpu=index,uuid,memory.total,memory.free,name)\n{rows}\n;;\n"
        f"--query-gpu=compute_cap)\n{numbers}\n;;\n"
        f"--query-compute-apps=pid,used_gpu_memory)\n{processes}\n;;\n"
        "*) exit 6 ;;\n"
        f"esac\nexit {9 if failing else 0}\n"
    )
    tool.chmod(0o755)
    installed_gpus.cache_clear()
    return tool
