from __future__ import annotations

import xml.etree.ElementTree as ET
from fractions import Fraction
from pathlib import Path

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from kit.exiftool import exiftool
from kit.movie import video_frame
from vtx_app.media.mp4 import read_stamp, top_boxes, write_stamp
from vtx_app.media.reader import probe
from vtx_app.media.writer import write_film
from vtx_app.media.xmp import TRAINED_ALGORITHMIC_MEDIA, append_xmp, xmp_packet

TITLE, DISCLOSURE = 'Ĝis <la> & "revido"', "Made with generative AI; nobody in it is real"
UUID = bytes.fromhex("BE7ACFCB97A942E89C71999491E3AFAC")
NAMES = {
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "dc": "http://purl.org/dc/elements/1.1/",
    "ext": "http://iptc.org/std/Iptc4xmpExt/2008-02-29/",
}


def a_film(path: Path) -> Path:
    with write_film(path, 64, 64, Fraction(24)) as film:
        film.picture(video_frame(np.zeros((64, 64, 3), np.uint8)))
        film.sound(np.zeros((2000, 2), np.int16))
    return path


def texts(packet: bytes) -> dict[str, str]:
    """Title, description and digital source type of a packet, by an XML parser."""
    xml = ET.fromstring(packet.decode().split("?>", 1)[1].rsplit("<?xpacket", 1)[0])  # noqa: S314
    where = {"title": "dc:title//rdf:li", "description": "dc:description//rdf:li", "type": "ext:DigitalSourceType"}
    found = {name: xml.find(f".//{path}", NAMES) for name, path in where.items()}
    return {name: element.text or "" for name, element in found.items() if element is not None}


def test_exiftool_reads_what_a_film_says_about_itself(tmp_path: Path) -> None:
    film = a_film(tmp_path / "film.mp4")
    append_xmp(film, xmp_packet(TITLE, DISCLOSURE))
    found = exiftool(film)
    assert found["XMP-dc:Title"] == TITLE
    assert found["XMP-dc:Description"] == DISCLOSURE
    assert found["XMP-iptcExt:DigitalSourceType"] == TRAINED_ALGORITHMIC_MEDIA
    assert "ExifTool:Warning" not in found


def test_the_box_lies_before_the_stamp_and_the_film_plays(tmp_path: Path) -> None:
    film = a_film(tmp_path / "film.mp4")
    before = probe(film)
    packet = xmp_packet(TITLE, DISCLOSURE)
    append_xmp(film, packet)
    write_stamp(film, "ab" * 32)
    (kind, offset, size), (last, _, _) = top_boxes(film)[-2:]
    assert (kind, last) == ("uuid", "uuid")
    assert film.read_bytes()[offset + 8 : offset + size] == UUID + packet
    assert read_stamp(film) == "ab" * 32
    assert probe(film) == before


def test_exiftool_reads_it_from_a_jpeg(tmp_path: Path) -> None:
    Image.new("RGB", (16, 16)).save(tmp_path / "poster.jpg", xmp=xmp_packet(TITLE, DISCLOSURE))
    found = exiftool(tmp_path / "poster.jpg")
    assert found["XMP-iptcExt:DigitalSourceType"] == TRAINED_ALGORITHMIC_MEDIA
    assert found["XMP-dc:Title"] == TITLE


def test_without_a_disclosure_nothing_is_said_about_the_source() -> None:
    assert texts(xmp_packet(TITLE)) == {"title": TITLE}


@given(st.text(max_size=80), st.text(min_size=1, max_size=80))
def test_any_text_makes_a_valid_packet(title: str, disclosure: str) -> None:
    packet = xmp_packet(title, disclosure)
    assert packet == xmp_packet(title, disclosure)
    found = texts(packet)
    assert found["type"] == TRAINED_ALGORITHMIC_MEDIA
    for text, name in ((title, "title"), (disclosure, "description")):
        kept = "".join(each for each in text if each in "\t\n\r" or (each >= " " and each not in "\ufffe\uffff"))
        assert found[name] == kept.replace("\r\n", "\n").replace("\r", "\n")
