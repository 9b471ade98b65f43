"""Snakemake, asking Slurm every other second: ``python often.py <its words>``.

After each answer without news the plugin waits ten seconds longer, up to three minutes, and has no option for it.
"""

from __future__ import annotations

import sys

from snakemake.cli import main
from snakemake_interface_executor_plugins.executors.remote import RemoteExecutor

RemoteExecutor.next_seconds_between_status_checks = property(lambda _: 2, lambda _, __: None)

if __name__ == "__main__":
    sys.exit(main())
