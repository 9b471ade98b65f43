"""Films on a cluster, counted: ``python tests/cluster`` (in a Python with VTX and Snakemake's plugins for Slurm and
cluster-generic).

A real Slurm of two nodes with a GPU each is started on this machine, apart from all else there. Where that can't be,
a line says ``skipped`` and why. What needs no Slurm is then done on a queue of processes by cluster-generic. Takes are
storyboards that count as renders on a GPU. Exit code 1 if a scenario failed, or if a take was made twice, lost, or
shared its GPU.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
import traceback
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE)]

from apart import folder_for_one_run, processor_seconds, reason_not_to_be_apart, run_apart, serve_as_init  # noqa: E402
from scenarios import GENERIC, SLURM, Cluster  # noqa: E402
from slurm import Slurm, reason_not_to_start  # noqa: E402

PLUGINS = {"slurm": "snakemake_executor_plugin_slurm", "generic": "snakemake_executor_plugin_cluster_generic"}


def main() -> int:
    """Run the scenarios, apart from the rest of the machine where that can be."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("scenarios", nargs="*", help="which (default: all)")
    parser.add_argument("--on", choices=list(PLUGINS), action="append", help="default: on both")
    parser.add_argument("--inside", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    os.environ["PATH"] += f"{os.pathsep}/usr/sbin"  # of the daemons
    options.on = options.on or list(PLUGINS)
    if missing := [PLUGINS[name] for name in options.on if find_spec(PLUGINS[name]) is None]:
        print(f"not installed: {', '.join(missing)}".replace("_", "-"))
        return 1
    if options.inside:
        return serve_as_init(lambda: on_each(options, options.inside, reason_not_to_start()))
    with folder_for_one_run() as home:
        if reason := reason_not_to_be_apart():
            return on_each(options, home, f"it needs namespaces of its own: {reason}")
        return run_apart([str(HERE), *sys.argv[1:], "--inside", str(home)])


def on_each(options: argparse.Namespace, home: Path, no_slurm: str) -> int:
    """The scenarios on Slurm, unless there is a reason for ``no_slurm``, and on a queue of processes."""
    temporary = home / "tmp"  # leases of GPUs are there, which other builds on this machine have, too
    temporary.mkdir()
    os.environ["TMPDIR"] = str(temporary)
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # a hundred processes would compile all they import
    began = time.monotonic()
    wanted = options.scenarios
    suites = {
        "slurm": lambda: on_slurm(home, wanted, no_slurm),
        "generic": lambda: run("cluster-generic", GENERIC, Cluster(home / "generic", None), wanted),
    }
    with ThreadPoolExecutor() as pool:  # they wait for most of their time
        good = all(pool.map(lambda name: suites[name](), options.on))
    print(f"{time.monotonic() - began:.0f} s, {processor_seconds():.0f} s of processor time", flush=True)
    return int(not good)


def on_slurm(home: Path, wanted: Sequence[str], reason: str) -> bool:
    """The scenarios on Slurm; whether all is well. Where it can't be started, that is said and is no fault."""
    (home / "slurm").mkdir()
    slurm = Slurm(home / "slurm")
    try:
        if not reason:
            slurm.start()
    except (TimeoutError, OSError, KeyError) as error:
        reason = str(error)
    try:
        if reason:
            print(f"skipped: no Slurm can be started here: {reason}", flush=True)
            return True
        return run("Slurm", SLURM, Cluster(home / "films", slurm), wanted)
    finally:
        slurm.stop()


def run(where: str, scenarios: Sequence[Callable[[Cluster], str]], cluster: Cluster, wanted: Sequence[str]) -> bool:
    """Run each scenario; whether none failed, and no take was made twice, lost, or shared its GPU."""
    cluster.home.mkdir()
    failed = False
    for scenario in scenarios:
        if wanted and scenario.__name__ not in wanted:
            continue
        began = time.monotonic()
        try:
            saw = scenario(cluster)
        except Exception:
            saw, failed = f"FAILED\n{traceback.format_exc()}", True
        print(f"{where}, {time.monotonic() - began:.0f} s: {scenario.__name__}: {saw}", flush=True)
        cluster.clear()
    counted = f"takes made twice {cluster.twice}, lost {cluster.lost}, GPUs shared {cluster.shared}"
    print(f"{where}: {counted}", flush=True)
    return not (failed or cluster.twice or cluster.lost or cluster.shared)


if __name__ == "__main__":
    sys.exit(main())
