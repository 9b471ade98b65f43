"""What a file says about itself, as an XMP packet (ISO 16684-1), and the box that holds one in an MP4 file.

The IPTC property Digital Source Type says how a picture or film came about. Its name in XMP is
``Iptc4xmpExt:DigitalSourceType`` (IPTC Photo Metadata Standard 2025.1; the IPTC Video Metadata Hub uses the same), its
value the URI of a term of the vocabulary ``http://cv.iptc.org/newscodes/digitalsourcetype/``. IPTC asks software that
makes media with trained models to write ``trainedAlgorithmicMedia``.
"""

from __future__ import annotations

import struct
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

__all__ = ["ALGORITHMIC_MEDIA", "TRAINED_ALGORITHMIC_MEDIA", "append_xmp", "xmp_packet"]

_VOCABULARY = "http://cv.iptc.org/newscodes/digitalsourcetype/"
TRAINED_ALGORITHMIC_MEDIA = _VOCABULARY + "trainedAlgorithmicMedia"
ALGORITHMIC_MEDIA = _VOCABULARY + "algorithmicMedia"
"""Made by a model that was trained on samples, or by a program alone, like a storyboard."""

_UUID = bytes.fromhex("BE7ACFCB97A942E89C71999491E3AFAC")
"""The type of an MP4 file's ``uuid`` box with XMP (Adobe XMP Specification Part 3, 2020, MPEG-4)."""

_NAMESPACES = {
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "dc": "http://purl.org/dc/elements/1.1/",
    "Iptc4xmpExt": "http://iptc.org/std/Iptc4xmpExt/2008-02-29/",
}


def xmp_packet(title: str, disclosure: str = "") -> bytes:
    """An XMP packet with the ``title`` and, if there is a ``disclosure`` of AI, that text and the digital source type.

    ``disclosure`` becomes the description (``dc:description``). The same texts give the same bytes. Characters that XML
    1.0 can't hold are left out.
    """
    lines = [_alternative("dc:title", title)]
    if disclosure:
        lines.append(_alternative("dc:description", disclosure))
        lines.append(f"<Iptc4xmpExt:DigitalSourceType>{TRAINED_ALGORITHMIC_MEDIA}</Iptc4xmpExt:DigitalSourceType>")
    names = " ".join(f"xmlns:{name}={quoteattr(uri)}" for name, uri in _NAMESPACES.items() if name != "rdf")
    body = "\n   ".join(lines)
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>\n'
        '<x:xmpmeta xmlns:x="adobe:ns:meta/">\n'
        f' <rdf:RDF xmlns:rdf="{_NAMESPACES["rdf"]}">\n'
        f'  <rdf:Description rdf:about="" {names}>\n'
        f"   {body}\n"
        "  </rdf:Description>\n"
        " </rdf:RDF>\n"
        "</x:xmpmeta>\n"
        '<?xpacket end="r"?>'
    ).encode()


def append_xmp(path: Path, packet: bytes) -> None:
    """Append the box with an XMP ``packet`` to the finished MP4 file at ``path``; a stamp comes after it.

    Raises :class:`OSError`.
    """
    with path.open("ab") as file:
        file.write(struct.pack(">I4s", 8 + len(_UUID) + len(packet), b"uuid") + _UUID + packet)


def _alternative(name: str, text: str) -> str:
    """A text in one language, as the properties of Dublin Core have it."""
    valid = "".join(letter for letter in text if _is_xml(ord(letter)))
    return f'<{name}><rdf:Alt><rdf:li xml:lang="x-default">{escape(valid)}</rdf:li></rdf:Alt></{name}>'


def _is_xml(code: int) -> bool:
    """XML 1.0 (fifth edition), production 2."""
    return code in (0x9, 0xA, 0xD) or 0x20 <= code <= 0xD7FF or 0xE000 <= code <= 0xFFFD or code >= 0x10000
