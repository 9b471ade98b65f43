"""Apple's document types of the two XML lists, which their licence keeps out of this repository."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from lxml import etree

_NAMES = {"fcpxml": "FCPXML_DTD", "xmeml": "XMEML_DTD"}
"""The environment variable that names the file: ``FCPXMLv1_10.dtd`` of Final Cut Pro, and version 5 of appendix A of
"Final Cut Pro XML Interchange Format" (Apple, 2009)."""

_OF_PREMIERE = {"clipitem": "premiereChannelType"}
"""Attributes that Premiere Pro writes and reads, and Apple's document type does not have."""


def invalid(text: str) -> list[str]:
    """What the document type says against the list ``text``, a line each. Skips the test where there is none."""
    tree = etree.fromstring(text.encode())
    name = _NAMES[tree.tag]
    path = Path(os.environ.get(name, "/Applications/none"))
    if not path.is_file():
        pytest.skip(f"{name} does not name Apple's document type")
    for tag, attribute in _OF_PREMIERE.items():
        for element in tree.iter(tag):
            element.attrib.pop(attribute, None)
    with path.open("rb") as file:
        dtd = etree.DTD(file)
    dtd.validate(tree)
    return [f"{error.line}: {error.message}" for error in dtd.error_log]
