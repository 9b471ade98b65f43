"""What a process that forks makes ready, so that no fork has to: imports, and validators that are made when used."""

from __future__ import annotations

import gc
import pkgutil
from collections.abc import Iterator
from importlib import import_module
from typing import Any

import openai
from pydantic import BaseModel

import vtx_app

LAZY = ("openai.resources.responses.responses", "openai.resources.chat.completions.completions")
"""Modules that openai imports at the first call."""


def make_ready() -> None:
    """Import all of VTX, and build the validators of its formats and of openai's answers; share it with the forks."""
    for name in (*LAZY, *(each.name for each in pkgutil.walk_packages(vtx_app.__path__, "vtx_app."))):
        import_module(name)
    openai.OpenAI(api_key="none").close()  # imports what speaks HTTP
    from openai.types.chat import ChatCompletion
    from openai.types.responses import Response

    formats = (each for each in _derived(BaseModel) if each.__module__.startswith("vtx_app."))
    for model in (*formats, Response, ChatCompletion):
        model.model_rebuild()
    gc.collect()
    gc.freeze()


def _derived(base: type[Any]) -> Iterator[type[Any]]:
    for each in base.__subclasses__():
        yield each
        yield from _derived(each)
