"""An executor of Snakemake's: every job is a process that sees nothing of the build's environment, as on a node.

What is submitted and what ends is noted in the file that ``NODES_NOTE`` names, and what each job asks for as a line of
JSON in the file that ``NODES_ASKED`` names. The first job of several is killed at once where ``NODES_LOSE`` is set.
"""

from __future__ import annotations

import json
import os
import shlex
import signal
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path

from snakemake_interface_executor_plugins.executors.base import SubmittedJobInfo
from snakemake_interface_executor_plugins.executors.remote import RemoteExecutor
from snakemake_interface_executor_plugins.jobs import JobExecutorInterface
from snakemake_interface_executor_plugins.settings import CommonSettings

common_settings = CommonSettings(
    non_local_exec=True,
    implies_no_shared_fs=False,
    job_deploy_sources=False,
    pass_default_resources_args=True,
    pass_envvar_declarations_to_cmd=True,
    init_seconds_before_status_checks=0,
)


class Executor(RemoteExecutor):
    """Starts jobs, and looks after them until they end."""

    def __post_init__(self) -> None:
        self.loses_one = bool(os.environ.get("NODES_LOSE"))

    def run_job(self, job: JobExecutorInterface) -> None:
        _note("submitted")
        if asked := os.environ.get("NODES_ASKED"):
            names = {key: job.resources.get(key) for key in ("gpu", "mem_mb", "disk_mb", "runtime", "_cores")}
            with Path(asked).open("a", encoding="utf-8") as file:
                file.write(
                    json.dumps({"job": job.name, "jobs": len([*job.jobs]) if job.is_group() else 1, **names}) + "\n"
                )
        command = f"cd {shlex.quote(self.workflow.workdir_init)} && {self.format_job_exec(job)}"
        words = ["env", "-i", "PATH=/usr/bin:/bin", "sh", "-c", command]
        process = subprocess.Popen(words, cwd="/", stdin=subprocess.DEVNULL, start_new_session=True)
        if self.loses_one and job.is_group() and len([*job.jobs]) > 1:
            os.killpg(process.pid, signal.SIGKILL)
            self.loses_one = False
        self.report_job_submission(SubmittedJobInfo(job, aux={"process": process}))

    async def check_active_jobs(self, active_jobs: list[SubmittedJobInfo]) -> AsyncIterator[SubmittedJobInfo]:
        for each in active_jobs:
            code = each.aux["process"].poll()
            if code is None:
                yield each
                continue
            _note("ended")
            (self.report_job_error if code else self.report_job_success)(each)

    def cancel_jobs(self, active_jobs: list[SubmittedJobInfo]) -> None:
        for each in active_jobs:
            os.killpg(each.aux["process"].pid, signal.SIGKILL)


def _note(words: str) -> None:
    with Path(os.environ["NODES_NOTE"]).open("a", encoding="utf-8") as file:
        file.write(f"{words}\n")
