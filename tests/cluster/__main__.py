"""Films on a cluster, counted: ``python tests/cluster`` (in a Python with VTX and Snakemake's plugin for Slurm).

A real Slurm of two nodes with a GPU each is started on this machine. Where that can't be, the reason is printed, and
what needs no Slurm runs on a queue of processes by the plugin cluster-generic. Takes are storyboards that count as
renders on a GPU. Exit code 1 if a scenario failed, or if a take was made twice, lost, or shared its GPU.
"""

from __future__ import annotations

import argparse
import signal
import sys
import tempfile
import time
import traceback
from importlib.util import find_spec
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

sys.path.insert(0, str(Path(__file__).resolve().parent))

from scenarios import GENERIC, SLURM, Cluster, NoTimeError
from slurm import Slurm, reason_not_to_start

LONGEST = 120.0
"""Seconds that a scenario took on two busy processors. With less left, it isn't begun."""


def main() -> int:
    """Run the scenarios; print what each saw."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("scenarios", nargs="*", help="which (default: all)")
    parser.add_argument("--generic", action="store_true", help="by cluster-generic, even where Slurm can be started")
    parser.add_argument("--seconds", type=float, default=350.0, help="after which no scenario begins or goes on")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    ends = time.monotonic() + options.seconds
    reason = "asked for" if options.generic else reason_not_to_start()
    if not reason and find_spec("snakemake_executor_plugin_slurm") is None:
        reason = "snakemake-executor-plugin-slurm is not installed"
    with tempfile.TemporaryDirectory(prefix="vtx-cluster.", ignore_cleanup_errors=True) as folder:
        home = Path(folder)
        home.chmod(0o755)  # munge runs as a user of its own
        if not reason:
            try:
                (home / "slurm").mkdir()
                with Slurm(home / "slurm").running() as slurm:
                    print("Slurm: 1 controller, 2 nodes, 1 GPU each", flush=True)
                    return run(SLURM, Cluster(home, slurm, ends), options.scenarios)
            except (TimeoutError, OSError, KeyError) as error:
                reason = str(error)
        print(
            f"no Slurm here: {reason}\nby cluster-generic instead: no memory, nodes or controller are tried", flush=True
        )
        if find_spec("snakemake_executor_plugin_cluster_generic") is None:
            print("snakemake-executor-plugin-cluster-generic is not installed either: nothing was run")
            return 1
        return run(GENERIC, Cluster(home, None, ends), options.scenarios)


def run(scenarios, cluster: Cluster, wanted: list[str]) -> int:  # type: ignore[no-untyped-def]
    """Run each scenario, and return 1 if one failed."""
    failed = []
    for scenario in scenarios:
        name = scenario.__name__
        if wanted and name not in wanted:
            continue
        began = time.monotonic()
        if cluster.ends - began < LONGEST:
            print(f"{name}: NOT RUN, too little time is left on this machine", flush=True)
            continue
        try:
            saw = scenario(cluster)
        except NoTimeError as error:
            saw = f"not seen to its end: {error}"
            failed.append(name)
        except Exception:
            traceback.print_exc()
            saw = "FAILED"
            failed.append(name)
        print(f"{name}: {saw} ({time.monotonic() - began:.0f} s)", flush=True)
        cluster.clear()
    print(f"takes made twice {cluster.twice}, lost {cluster.lost}, GPUs shared {cluster.shared}", flush=True)
    return int(bool(failed or cluster.twice or cluster.lost or cluster.shared))


if __name__ == "__main__":
    sys.exit(main())
