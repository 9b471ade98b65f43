"""A real Slurm on this machine: one controller, node daemons on one host, GPUs that are files.

Needs root, Debian's slurm-wlm and munge, and ``/etc/slurm`` to itself, see :mod:`apart`.
"""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from apart import bind, reason_not_to_be_apart

__all__ = ["Slurm", "reason_not_to_start"]

CONFIGURATION = Path("/etc/slurm")
TOOLS = ("slurmctld", "slurmd", "sbatch", "srun", "squeue", "scancel", "scontrol", "sinfo", "munged")
NODES = ("n1", "n2")
CPUS = 2
MEMORY_MB = 4000
PORT = 6817
"""Of the controller; the nodes have the next ones. The network is the suite's own."""
PATIENCE = 180.0
"""Seconds for what a daemon does in two on a quiet machine."""


def reason_not_to_start() -> str:
    """Why no Slurm can be started here; ``""`` if one can."""
    missing = [tool for tool in TOOLS if shutil.which(tool) is None]
    if missing:
        return f"not installed: {', '.join(missing)} (Debian: apt-get install slurm-wlm munge)"
    if os.geteuid() != 0:
        return "node daemons need root"
    if not CONFIGURATION.is_dir():
        return f"there is no folder {CONFIGURATION}"
    return reason_not_to_be_apart()


@dataclass
class Slurm:
    """The daemons, and what an operator does to them. ``folder`` holds their state, logs and device files."""

    folder: Path
    daemons: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def start(self) -> None:
        """Start everything. Raises :class:`OSError` or :class:`TimeoutError` if it can't be."""
        self._write_configuration()
        self._start(
            "munged", "munged", "--foreground", "--force", f"--socket={self.folder}/munge/socket", *self._munge()
        )
        self.wait_until("munge answers", lambda: (self.folder / "munge/socket").exists())
        self.start_controller("-c")
        for node in NODES:
            self._start(node, "slurmd", "-D", "-N", node)
        self.wait_until("all nodes are idle", lambda: list(self.states().values()) == ["idle"] * len(NODES))

    def stop(self) -> None:
        """End the daemons and what they started."""
        with contextlib.suppress(TimeoutError, subprocess.SubprocessError):
            self.cancel_everything()
        for process in reversed(list(self.daemons.values())):
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        self.daemons.clear()

    # -- an operator -----------------------------------------------------------------------------------

    def start_controller(self, *words: str) -> None:
        """Start the controller, and wait until it answers. ``-c`` forgets what it knew of jobs."""
        self._start("slurmctld", "slurmctld", "-D", "-i", *words)
        self.wait_until("the controller answers", lambda: self.run("scontrol", "ping", check=False).returncode == 0)

    def kill_controller(self) -> None:
        """End the controller as a power cut does."""
        process = self.daemons.pop("slurmctld")
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def drain(self, node: str) -> None:
        """Have the node end what it runs, and take nothing new."""
        self.run("scontrol", "update", f"NodeName={node}", "State=DRAIN", "Reason=test")

    def resume(self, node: str) -> None:
        """Have a drained node take jobs again. Raises :class:`OSError` with its state if it can't."""
        try:
            self.run("scontrol", "update", f"NodeName={node}", "State=RESUME")
        except OSError as error:
            raise OSError(f"{error}: {self.run('scontrol', 'show', 'node', node).stdout}") from None

    def cancel_everything(self) -> None:
        """Cancel all jobs, and wait until none of their processes is left."""
        if {"slurmctld", *NODES} <= self.daemons.keys():
            self.run("scancel", "--me", check=False)
            self.wait_until("all jobs are gone", lambda: not self.jobs())

    def cancel(self, job: str) -> None:
        """``scancel``: the job's processes are asked to end, and killed two seconds later."""
        self.run("scancel", job)

    def states(self) -> dict[str, str]:
        """The state of each node, as ``sinfo`` names it."""
        answer = self.run("sinfo", "--Node", "--noheader", "--format=%N %T", check=False)
        return dict(line.split() for line in answer.stdout.splitlines() if len(line.split()) == 2)

    def jobs(self) -> list[dict[str, str]]:
        """The jobs that wait or run: id, state, node, comment, GPUs, memory, minutes and CPUs that they asked for."""
        columns = ("id", "state", "node", "comment", "gpus", "memory", "time", "cpus")
        answer = self.run("squeue", "--noheader", "--format=%i|%T|%N|%k|%b|%m|%l|%C", check=False)
        return [dict(zip(columns, line.split("|"), strict=True)) for line in answer.stdout.splitlines() if "|" in line]

    def running(self) -> list[dict[str, str]]:
        """Those of the jobs that run."""
        return [job for job in self.jobs() if job["state"] == "RUNNING"]

    def known_jobs(self) -> list[dict[str, str]]:
        """What the controller knows of all jobs, also of those that have ended: the words of ``scontrol show job``."""
        answer = self.run("scontrol", "--oneliner", "show", "job", check=False)
        jobs = (dict(word.split("=", 1) for word in line.split() if "=" in word) for line in answer.stdout.splitlines())
        return [job for job in jobs if "JobId" in job]

    def run(self, *words: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run one of Slurm's commands. Raises :class:`OSError` with its message if it fails and ``check`` is set."""
        done = subprocess.run(words, capture_output=True, text=True, timeout=60, check=False)
        if check and done.returncode:
            raise OSError(f"{' '.join(words)}: exit {done.returncode}: {done.stderr.strip()}")
        return done

    def wait_until(self, what: str, seen: Callable[[], object]) -> None:
        """Wait until ``seen()``. Raises :class:`TimeoutError` with the daemons' last words."""
        ends = time.monotonic() + PATIENCE
        while not seen():
            ended = [name for name, daemon in self.daemons.items() if daemon.poll() is not None]
            if ended or time.monotonic() > ends:
                why = f"{', '.join(ended)} ended" if ended else f"not within {PATIENCE:.0f} s"
                raise TimeoutError(f"{why}: {what}\n{self._last_words()}")
            time.sleep(0.2)

    # -- the daemons -----------------------------------------------------------------------------------

    def _start(self, name: str, *words: str) -> None:
        log = (self.folder / f"{name}.out").open("ab")
        user = pwd.getpwnam("munge") if words[0] == "munged" else None
        self.daemons[name] = subprocess.Popen(
            words,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            cwd="/",
            user=user.pw_uid if user else None,
            group=user.pw_gid if user else None,
            extra_groups=[] if user else None,
        )
        log.close()

    def _munge(self) -> list[str]:
        home = self.folder / "munge"
        home.mkdir(mode=0o755)
        key = home / "key"
        key.write_bytes(os.urandom(1024))
        key.chmod(0o400)
        user = pwd.getpwnam("munge")
        for path in (home, key):
            os.chown(path, user.pw_uid, user.pw_gid)
        files = {"key-file": "key", "pid-file": "pid", "log-file": "log", "seed-file": "seed"}
        return [f"--{option}={home / name}" for option, name in files.items()]

    def _write_configuration(self) -> None:
        self.folder.chmod(0o755)
        host, files = socket.gethostname(), self.folder
        nodes = [
            f"NodeName={node} NodeHostname={host} NodeAddr=127.0.0.1 Port={PORT + 1 + at} CPUs={CPUS} "
            f"RealMemory={MEMORY_MB} Gres=gpu:1 State=UNKNOWN"
            for at, node in enumerate(NODES)
        ]
        configuration = self.folder / "etc"
        configuration.mkdir()
        (configuration / "slurm.conf").write_text(
            "\n".join(
                [
                    "ClusterName=vtx",
                    f"SlurmctldHost={host}(127.0.0.1)",
                    f"SlurmctldPort={PORT}",
                    "SlurmUser=root",
                    "SlurmdUser=root",
                    "AuthType=auth/munge",
                    f"AuthInfo=socket={files}/munge/socket",
                    "CredType=cred/munge",
                    "MpiDefault=none",
                    "ProctrackType=proctrack/linuxproc",
                    "TaskPlugin=task/none",
                    "SelectType=select/cons_tres",
                    "SelectTypeParameters=CR_Core_Memory",
                    "GresTypes=gpu",
                    "ReturnToService=2",
                    "SlurmdParameters=config_overrides",
                    "JobAcctGatherType=jobacct_gather/linux",
                    "JobAcctGatherFrequency=task=1",
                    "JobAcctGatherParams=OverMemoryKill",
                    "AccountingStorageType=accounting_storage/none",
                    "SchedulerParameters=batch_sched_delay=0,sched_interval=2",
                    "KillWait=2",
                    "MinJobAge=7200",
                    "DefMemPerCPU=500",
                    f"StateSaveLocation={files}/state",
                    f"SlurmctldPidFile={files}/slurmctld.pid",
                    f"SlurmctldLogFile={files}/slurmctld.log",
                    f"SlurmdSpoolDir={files}/spool.%n",
                    f"SlurmdPidFile={files}/slurmd.%n.pid",
                    f"SlurmdLogFile={files}/slurmd.%n.log",
                    *nodes,
                    f"PartitionName=main Nodes={','.join(NODES)} Default=YES MaxTime=600 State=UP",
                    "",
                ]
            ),
            encoding="utf-8",
        )
        gres = []
        for node in NODES:
            device = files / node / "nvidia0"
            device.parent.mkdir()
            device.touch()
            gres.append(f"NodeName={node} Name=gpu File={device}\n")
        (configuration / "gres.conf").write_text("".join(gres), encoding="utf-8")
        bind(configuration, CONFIGURATION)

    def _last_words(self) -> str:
        logs = [*self.folder.glob("*.out"), *self.folder.glob("*.log"), self.folder / "munge/log"]
        lines = [line for log in logs if log.exists() for line in log.read_text(errors="replace").splitlines()[-8:]]
        return "\n".join(lines)
