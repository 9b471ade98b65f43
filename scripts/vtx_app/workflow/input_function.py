"""Input functions of rules: their classes, and the decorator that makes a method one."""

from __future__ import annotations

from collections.abc import Callable
from inspect import signature
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from vtx_app.workflow.snakemake_api import exit_on_error

if TYPE_CHECKING:
    from vtx_app.workflow.build import Build

__all__ = ["Rules", "input_function"]

Result = TypeVar("Result")


class Rules:
    """The input functions of one or more rules; all rules share one ``build``."""

    def __init__(self, build: Build) -> None:
        self.build = build


class input_function(Generic[Result]):  # noqa: N801 - a decorator
    """Make ``method(self, wildcards)`` an input, params or resource function of a rule.

    Faults in the film's files end the build with their message alone. Each object gets one plain function with an
    explicit signature, which spares Snakemake an ``inspect`` per call.
    """

    def __init__(self, method: Callable[[Any, Any], Result]) -> None:
        self._method = method
        self.__doc__ = method.__doc__

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    def __get__(self, rules: Rules, owner: type) -> Callable[[Any], Result]:
        def call(wildcards: Any) -> Result:
            with exit_on_error():
                rules.build.snakemake.configure()
                return self._method(rules, wildcards)

        call.__name__, call.__doc__ = self._name, self.__doc__
        call.__signature__ = signature(call)  # type: ignore[attr-defined]
        rules.__dict__[self._name] = call  # found before this descriptor from now on
        return call
