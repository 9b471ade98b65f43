"""Every touch of Snakemake's insides, in one place.

Snakemake decides by time stamps and by its own records; VTX decides by content. A rule's inputs are only what this
build makes, so Snakemake finds work exactly where the plan does. What remains to be set is here:

- a stale delivered file that exists goes on the list of forced files, as ``--forcerun`` puts it there;
- an output that exists is complete (written beside, probed, renamed), so nothing is "incomplete" after a kill and
  nothing is deleted or restored after a failure;
- every output has a lock of VTX, so Snakemake's own lock on the folder is not taken;
- what a job asks of a cluster is not looked up where jobs run on this machine, unless ``--resources`` limits it;
- of many jobs the greedy scheduler picks the next, unless ``--scheduler`` asks for another;
- on a node, a failed job of a group doesn't keep the others from being run;
- on a cluster a job that was killed is tried once more, with more memory and time (``--retries`` sets another number);
- a job that failed through a fault of the film is not tried again (``vtx_app.project.job_faults``);
- nodes share all files, also on Kubernetes, whose plugin expects that they share none;
- the parameters of a function are looked up once, where Snakemake inspects them twice for each function of each job;
- a job's shell command is formatted once, where a dry-run formats it three times in a row;
- which rules make a file is looked up once, where Snakemake tries all rules again for each job that needs the file.

``tests/unit/workflow/test_snakemake_api.py`` names each attribute used here. Tried with the versions that
``pyproject.toml`` allows.
"""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache, cached_property
from pathlib import Path
from typing import Any
from uuid import uuid4

from snakemake import common, jobs, rules
from snakemake.logging import logger
from snakemake.settings.types import DeploymentMethod, RerunTrigger
from snakemake_interface_executor_plugins.registry import ExecutorPluginRegistry
from snakemake_interface_logger_plugins.common import LogEvent

from vtx_app.errors import VtxError
from vtx_app.project.job_faults import VARIABLE as SUBMITTED_BY
from vtx_app.project.job_faults import failed_for_good

__all__ = ["JobListener", "Snakemake", "exit_on_error"]

_ASKED = ("mem_mb", "disk_mb", "runtime")
_MANY_JOBS = 200
"""From so many jobs on the greedy scheduler is noticeably quicker."""


@contextmanager
def exit_on_error() -> Iterator[None]:
    """End the build with the message of a :class:`VtxError` alone, without a traceback, and exit code 1."""
    try:
        yield
    except VtxError as error:
        logger.error(str(error))
        raise SystemExit(1) from None


class JobListener(logging.Handler):
    """Calls ``started(job id, wildcards)`` and ``finished(job id)`` for this build's jobs; logs the lines they return.

    It reads Snakemake's own events (snakemake-interface-logger-plugins).
    """

    def __init__(
        self, started: Callable[[int, dict[str, str]], str | None], finished: Callable[[int], str | None]
    ) -> None:
        super().__init__(logging.INFO)
        self._started, self._finished = started, finished
        logger.addHandler(self)

    def emit(self, record: logging.LogRecord) -> None:
        """Handle one log record."""
        event, line = getattr(record, "event", None), None
        if event == LogEvent.JOB_INFO:
            line = self._started(record.__dict__["jobid"], dict(record.__dict__.get("wildcards") or {}))
        elif event == LogEvent.JOB_FINISHED:
            line = self._finished(record.__dict__["job_id"])
        if line:
            logger.info(line)


class Snakemake:
    """One run of Snakemake. ``workflow`` is the global of that name in a Snakefile."""

    def __init__(self, workflow: Any) -> None:
        self._workflow = workflow
        self._configured: object = None
        _inspect_functions_once()
        _format_commands_once()
        _retry_where_it_helps()
        if workflow is not None:
            _share_files()
            if not workflow.remote_exec:
                os.environ[SUBMITTED_BY] = uuid4().hex

    # -- facts about this run --------------------------------------------------------------------------

    @cached_property
    def checkout(self) -> Path:
        """The folder of VTX's Snakefile, even if that is a module of another. First used while it is parsed."""
        folder = Path(self._workflow.current_basedir.get_path_or_uri(secret_free=True)).resolve()
        return folder.parent if folder.name == "rules" else folder

    @property
    def dry_run(self) -> bool:
        """Whether this is a dry-run."""
        return bool(self._workflow.dryrun)

    @property
    def runs_jobs_here(self) -> bool:
        """Whether jobs run on this machine, not on the nodes of a cluster."""
        return bool(self._workflow.local_exec)

    @property
    def uses_conda(self) -> bool:
        """Whether ``--sdm conda`` makes the environments of rules."""
        return DeploymentMethod.CONDA in self._workflow.deployment_settings.deployment_method

    @property
    def forces_anything(self) -> bool:
        """Whether ``--force``, ``--forceall`` or ``--forcerun`` is given."""
        settings = self._workflow.dag_settings
        return bool(settings.forceall or settings.forcetargets or settings.forcerun)

    @property
    def forces_takes(self) -> bool:
        """Whether ``--forceall``, or ``--forcerun`` with the rule ``take``, asks for takes that exist."""
        settings = self._workflow.dag_settings
        return bool(settings.forceall or "take" in settings.forcerun)

    @property
    def targets(self) -> list[str]:
        """The targets on the command line, in order."""
        return [str(target) for target in self._workflow.dag_settings.targets]

    def config_from_command_line(self, key: str) -> str | None:
        """The value of ``--config key=``."""
        settings = self._workflow.config_settings
        given = settings.config if settings else {}
        return str(given[key]) if key in given else None

    def resource(self, name: str) -> int:
        """The global resource ``name``; :meth:`default_resource` must have given it a value."""
        value = self._workflow.global_resources[name]  # a number, or since 9.25 one inside a Resource
        return int(getattr(value, "value", value))

    # -- what VTX sets ---------------------------------------------------------------------------------

    def default_resource(self, name: str, value: int) -> None:
        """Limit the global resource ``name`` to ``value`` unless ``--resources`` sets it."""
        if name not in self._workflow.global_resources:
            self._workflow.register_resource(name, value)

    def begin_with(self, begin: Callable[[], None]) -> None:
        """Call ``begin`` before the first job of a build where VTX is a module: only the outer ``onstart`` runs."""
        workflow = self._workflow
        if workflow.modifier.is_main_snakefile():
            return
        register = workflow.onstart

        def joined(outer: Callable[..., None]) -> Callable[..., None]:
            def start(log: object) -> None:
                begin()
                outer(log)

            return start

        workflow._onstart = joined(workflow._onstart)
        workflow.onstart = lambda outer: register(joined(outer))

    def force(self, path: Path) -> None:
        """Make the existing file ``path`` again, as ``--forcerun path`` does."""
        self._workflow.dag.forcefiles.add(path.as_posix())

    def pick_from_many(self) -> None:
        """Have the greedy scheduler pick the next of many jobs, by priority as well. Call it before the first job.

        Snakemake's default solves a linear program of all that are ready whenever a job ends. For a film of many
        hundred clips that takes longer than everything else that Snakemake does.
        """
        scheduler = self._workflow.scheduler
        if len(self._workflow.dag) >= _MANY_JOBS and not _asked_for("--scheduler"):
            scheduler._job_selector = scheduler.job_selector_greedy

    def join_group(self, name: str) -> None:
        """Make one job of all jobs in the group ``name``, also of those that don't depend on each other."""
        settings = self._workflow.group_settings
        settings.group_components = {**settings.group_components, name: sys.maxsize}

    def configure(self) -> None:
        """Apply the settings of every VTX build. They exist only once Snakemake builds its graph."""
        workflow = self._workflow
        if self._configured is workflow.dag:
            return
        self._configured = workflow.dag
        workflow.dag_settings.rerun_triggers = frozenset({RerunTrigger.MTIME})  # edits of rules render nothing
        workflow.dag.ignore_incomplete = True
        makers = workflow.dag.output_index
        makers.match_producers = cache(makers.match_producers)
        if workflow.execution_settings is not None:
            workflow.execution_settings.keep_incomplete = True
        # A failed job leaves its old output intact; restoring a backup could only corrupt it.
        workflow.persistence.backup_output = workflow.persistence.restore_output = _do_nothing
        # Snakemake's lock outlives a killed build, and goes when any other build in the folder ends.
        workflow.persistence.lock = workflow.persistence.noop
        if self.runs_jobs_here:
            self._ask_for_nothing()
        elif workflow.execution_settings is not None and not _asked_for("--retries", "--restart-times", "-T"):
            workflow.execution_settings.retries = workflow.execution_settings.retries or 1  # a profile's number stays
        if workflow.remote_exec and workflow.execution_settings is not None:
            workflow.execution_settings.keep_going = True  # of a group, for which this is its node's Snakemake

    def _ask_for_nothing(self) -> None:
        for rule in self._workflow.rules:
            for name in _ASKED:
                if name in rule.resources and name not in self._workflow.global_resources:
                    rule.resources[name] = None

    # -- messages to people ----------------------------------------------------------------------------

    def info(self, line: str) -> None:
        """Log ``line``."""
        logger.info(line)

    def warning(self, line: str) -> None:
        """Log ``line`` as a warning."""
        logger.warning(line)


def _asked_for(*options: str) -> bool:
    """Whether the command line has one of ``options``, whatever its value: Snakemake's settings don't tell."""
    return any(word.partition("=")[0] in options for word in sys.argv)


def _inspect_functions_once() -> None:
    if not hasattr(common.get_function_params, "cache_info"):
        common.get_function_params = rules.get_function_params = cache(common.get_function_params)


def _format_commands_once() -> None:
    """Keep the shell command of the job that was asked for it last, as long as all that it is made from stays."""
    formatted = jobs.Job.shellcmd.fget
    last: tuple[tuple[object, ...], str | None] = (), None

    def shellcmd(job: Any) -> str | None:
        nonlocal last
        parts = job, job.input, job.output, job.log, job.params, job.resources
        of, command = last
        if len(of) != len(parts) or any(part is not other for part, other in zip(parts, of, strict=True)):
            command = formatted(job)
            last = parts, command
        return command

    if formatted.__qualname__ != shellcmd.__qualname__:
        jobs.Job.shellcmd = property(shellcmd)


def _share_files() -> None:
    """Tell executor plugins that nodes share all files, even a plugin that assumes they share none."""
    for plugin in ExecutorPluginRegistry().plugins.values():
        plugin.common_settings.implies_no_shared_fs = False


def _retry_where_it_helps() -> None:
    """Don't try a job again if that can't help. A group is tried again if any of its jobs needs it."""
    asked = jobs.Job.restart_times.fget

    def restart_times(job: Any) -> int:
        tries = int(asked(job))
        return tries if tries and _needs_another_try(job) else 0

    if asked.__qualname__ != restart_times.__qualname__:
        jobs.Job.restart_times = property(restart_times)


def _needs_another_try(job: Any) -> bool:
    """Whether a failed job, or one of a failed group, still lacks its output, and no note says that it can't be
    made."""
    return not _is_made(job) and not _cannot_be_made(job)


def _is_made(job: Any) -> bool:
    return all(Path(file).exists() and file not in job.dag.forcefiles for file in map(str, job.output))


def _cannot_be_made(job: Any) -> bool:
    needed = (each for each in job.dag.dependencies[job] if not _is_made(each))  # in a group, its failed jobs
    return any(failed_for_good(Path(str(log))) for log in job.log) or any(map(_cannot_be_made, needed))


def _do_nothing(_: Path) -> bool:
    return False
