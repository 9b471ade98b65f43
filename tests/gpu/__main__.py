"""What a card makes of VTX, a table after each step: ``bash tests/gpu/run.sh`` (``python tests/gpu --help``).

Runs in a Python that has ltx-pipelines. Each row is printed as soon as it is known, so that a run that is cut still
tells something; ``--out`` is the file that they are added to.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from session import NoTimeError, Row, Session

STEPS = {"suite": 12, "modes": 13, "runners": 5, "shortage": 5, "sharing": 3, "killed": 3}
"""Step → its share of the time, in the order they run; what one leaves over is shared by those after it."""


def main() -> int:
    """Run the steps. Exit code 1 if one of them broke."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("steps", nargs="*", choices=[*STEPS, []], help="which (default: all)")
    parser.add_argument("--device", choices=("cuda", "cpu"), default="cuda")
    parser.add_argument("--seconds", type=float, default=480.0, help="after which the run is over")
    parser.add_argument("--out", type=Path, help="a file to add the tables to")
    options = parser.parse_args()
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="vtx-gpu.", ignore_cleanup_errors=True) as folder:
        session = Session(options.device, began + options.seconds, Path(folder))
        say = printer(options.out)
        say(f"{session.card()}\n")
        names, broken = options.steps or list(STEPS), []
        for number, name in enumerate(names):
            session.begin_step(STEPS[name] / sum(STEPS[each] for each in names[number:]))
            broken += [] if run_step(name, session, say) else [name]
    say(f"{time.monotonic() - began:.0f} s in all" + (f"; broken: {', '.join(broken)}" if broken else ""))
    return int(bool(broken))


def run_step(name: str, session: Session, say: Callable[[str], None]) -> bool:
    """Run one step and print its table; return whether it came to its end."""
    step = import_module(name)
    say(f"## {step.TITLE}\n")
    say(line(step.HEAD))
    say(line(["---"] * len(step.HEAD)))
    began = time.monotonic()
    whole = True
    try:
        for row in step.rows(session):
            say(line(row))
    except NoTimeError:
        say(line(["not run: no time left", *[""] * (len(step.HEAD) - 1)]))
    except Exception as error:
        traceback.print_exc()
        say(line([f"broken: {type(error).__name__}: {error}", *[""] * (len(step.HEAD) - 1)]))
        whole = False
    say(f"\n{time.monotonic() - began:.0f} s\n")
    return whole


def printer(path: Path | None) -> Callable[[str], None]:
    """Return what prints a line, and adds it to the file."""

    def say(text: str) -> None:
        print(text, flush=True)
        if path is not None:
            with path.open("a", encoding="utf-8") as file:
                file.write(text + "\n")

    return say


def line(cells: Row | list[str]) -> str:
    """Return a row of a Markdown table."""
    return "| " + " | ".join(cell.replace("|", "/").replace("\n", " ") for cell in cells) + " |"


if __name__ == "__main__":
    sys.exit(main())
