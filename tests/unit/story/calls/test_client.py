"""The SDK against a server that holds it to OpenAI's documentation: both ways of asking, fall-backs, and faults."""

from __future__ import annotations

import json
import threading
from typing import Any

import pytest
from conftest_names import Connect, make_brain, make_request
from storyserver import KEY, Fault, StoryServer

from vtx_app.errors import StoryError
from vtx_app.story.calls.client import Caller, Repair, Reply, Retries, openai_caller
from vtx_app.story.calls.usage import Usage
