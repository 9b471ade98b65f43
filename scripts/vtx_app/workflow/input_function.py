"""The decorator that makes a method an input function of a rule."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from inspect import signature
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from vtx_app.workflow.snakemake_api import exit_on_error

if TYPE_CHECKING:
    from vtx_app.workflow.build import Build

__all__ = ["input_function"]

Result = TypeVar("Result")


class _Rules(Protocol):
    build: Build


RulesT = TypeVar("RulesT", bound=_Rules)


def input_function(method: Callable[[RulesT, Any], Result]) -> Callable[[RulesT, Any], Result]:
    """Wrap ``method(self, wildcards)`` as an input, params or resource function of a rule.

    Faults in the film's files end the build with their message alone. The explicit signature spares Snakemake an
    ``inspect`` per call.
    """

    @wraps(method)
    def call(self: RulesT, wildcards: Any) -> Result:
        with exit_on_error():
            self.build.snakemake.configure()
            return method(self, wildcards)

    call.__signature__ = signature(method)  # type: ignore[attr-defined]
    return call
