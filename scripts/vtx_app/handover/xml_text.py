"""XML written plainly, and read from files that may be hostile."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

from vtx_app.errors import ProjectError
from vtx_app.files import display_path
from vtx_app.handover.found import MAX_BYTES

__all__ = ["add", "clean", "decibels", "document", "read_xml"]

_ILLEGAL = re.compile(r"[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0, 2.2 has no place for, even escaped."""


def clean(text: str) -> str:
    """``text`` without the characters that XML can't hold."""
    return _ILLEGAL.sub(" ", text)


def add(parent: ET.Element, tag: str, text: object = None, /, **attributes: str) -> ET.Element:
    """A new last child of ``parent``; returns it."""
    element = ET.SubElement(parent, tag, {key: clean(value) for key, value in attributes.items()})
    if text is not None:
        element.text = clean(str(text))
    return element


def document(root: ET.Element) -> str:
    """The whole file, UTF-8, with the document type that Apple's programs look for."""
    ET.indent(root, " ")
    body = ET.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE {root.tag}>\n{body}\n'


def read_xml(path: Path) -> ET.Element:
    """The root of the file at ``path``. Raises :class:`ProjectError` if it is no XML, too large or hostile.

    By defusedxml: a file from somebody else may declare entities that grow without bound or read other files
    (CWE-776, CWE-611), and no list of a cut needs any.
    """
    try:
        from defusedxml import DefusedXmlException
        from defusedxml.ElementTree import fromstring
    except ImportError:
        raise ProjectError("defusedxml is not installed: pip install 'vtx-app[edit]'") from None
    try:
        if path.stat().st_size > MAX_BYTES:
            raise ProjectError(f"{display_path(path)}: larger than {MAX_BYTES >> 20} MiB: no list of a cut is")
        root: Any = fromstring(path.read_bytes())
    except OSError as error:
        raise ProjectError(f"{display_path(path)}: can't be read: {error.strerror}") from None
    except DefusedXmlException as error:
        what = type(error).__name__
        raise ProjectError(
            f"{display_path(path)}: it declares entities, which no list of a cut needs ({what})"
        ) from None
    except (ET.ParseError, ValueError, LookupError) as error:
        raise ProjectError(f"{display_path(path)}: not a complete XML file: {error}") from None
    assert isinstance(root, ET.Element)  # noqa: S101
    return root


def decibels(value: float) -> float:
    """A level in decibels, to a hundredth."""
    return round(value, 2) + 0.0
