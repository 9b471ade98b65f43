"""All benchmarks in one table, as README.md shows it: ``python tests/bench``."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

print("| what | measured | target |\n|---|---|---|")
missed = False
for name in sys.argv[1:] or ("plan", "join", "mix", "animatic"):
    for what, figure, target, met in import_module(name).rows():
        missed |= not met
        print(f"| {what} | {figure}{'' if met else ' (missed)'} | {target} |", flush=True)
sys.exit(missed)
