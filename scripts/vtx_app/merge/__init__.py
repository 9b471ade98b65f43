"""Merging what is generated anew with what a person has edited since. No file is touched here."""

from __future__ import annotations

from vtx_app.merge.prose import merge_prose
from vtx_app.merge.result import Merged
from vtx_app.merge.yaml_merge import merge_yaml
from vtx_app.merge.yaml_rewrite import rewritten

__all__ = ["Merged", "merge_prose", "merge_yaml", "rewritten"]
