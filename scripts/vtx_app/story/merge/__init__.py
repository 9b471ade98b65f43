"""Merging what is generated anew with what a person has edited since. No file is touched here."""

from __future__ import annotations

from vtx_app.story.merge.prose import merge_prose
from vtx_app.story.merge.result import Merged
from vtx_app.story.merge.rewrite import rewritten
from vtx_app.story.merge.yaml_files import merge_yaml

__all__ = ["Merged", "merge_prose", "merge_yaml", "rewritten"]
