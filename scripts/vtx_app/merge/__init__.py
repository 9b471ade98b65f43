"""Merging newly generated files with what a person has edited since. Pure functions on texts: no file is touched."""

from __future__ import annotations

from vtx_app.merge.text_merge import Merged, merge_prose
from vtx_app.merge.yaml_merge import merge_yaml
from vtx_app.merge.yaml_rewrite import rewrite_yaml

__all__ = ["Merged", "merge_prose", "merge_yaml", "rewrite_yaml"]
