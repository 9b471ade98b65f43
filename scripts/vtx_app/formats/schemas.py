"""The JSON Schemas of every format, generated from the models into ``config/schemas/``.

They are for editors and for other programs; the models are the authority.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from vtx_app.files import write_text
from vtx_app.formats.app_config import AppConfig
from vtx_app.formats.bibles import Characters, Locations, Loras, StyleBible
from vtx_app.formats.clip_spec import ClipSpec
from vtx_app.formats.deliveries import Deliverables
from vtx_app.formats.edit import Edit
from vtx_app.formats.film_lock import FilmLock
from vtx_app.formats.metadata import Metadata
from vtx_app.formats.outline import Outline
from vtx_app.formats.prices import Prices
from vtx_app.formats.select import Select
from vtx_app.formats.shot_list import ShotList

__all__ = ["FORMATS", "REGENERATE", "schema_texts", "write_schemas"]

FORMATS: dict[str, type[BaseModel]] = {
    "characters": Characters,
    "clip": ClipSpec,
    "config": AppConfig,
    "deliveries": Deliverables,
    "edit": Edit,
    "film_lock": FilmLock,
    "locations": Locations,
    "loras": Loras,
    "metadata": Metadata,
    "outline": Outline,
    "prices": Prices,
    "select": Select,
    "shotlist": ShotList,
    "style_bible": StyleBible,
}

REGENERATE = "vtx schemas"
"""The command that regenerates the schemas."""


def _with_nulls(schema: Any) -> Any:
    """An optional key may be written and left empty: YAML reads that as null."""
    if isinstance(schema, list):
        return [_with_nulls(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    result = {key: _with_nulls(item) for key, item in schema.items()}
    if isinstance(schema.get("properties"), dict):
        required = schema.get("required", [])
        for key, item in result["properties"].items():
            if key not in required and {"type": "null"} not in item.get("anyOf", []):
                about = {word: item.pop(word) for word in ("default", "description", "title") if word in item}
                result["properties"][key] = {"anyOf": [item, {"type": "null"}], **about}
    return result


def schema_texts() -> dict[str, str]:
    """File name → text of every schema (JSON Schema 2020-12)."""
    texts = {}
    for name, model in FORMATS.items():
        schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **_with_nulls(model.model_json_schema())}
        texts[f"{name}.schema.json"] = json.dumps(schema, indent=2, ensure_ascii=False, sort_keys=True) + "\n"
    return texts


def write_schemas(folder: Path) -> list[Path]:
    """Write every schema into ``folder``; return the paths."""
    paths = []
    for name, text in schema_texts().items():
        write_text(folder / name, text)
        paths.append(folder / name)
    return paths
