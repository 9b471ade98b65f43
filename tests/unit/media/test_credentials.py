from __future__ import annotations

import shutil
import struct
import subprocess
import sys
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

pytest.importorskip("c2pa", reason="c2pa-python is not installed here: pip install '.[sign]'")

from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

from kit.certificates import Issued, issue
from kit.movie import video_frame
from vtx_app.errors import CutError
from vtx_app.media.codec import samples_for
from vtx_app.media.credentials import read_credentials, sign
from vtx_app.media.mp4 import read_stamp, read_tracks, write_stamp
from vtx_app.media.reader import probe
from vtx_app.media.writer import write_film
from vtx_app.media.xmp import TRAINED_ALGORITHMIC_MEDIA, append_xmp, xmp_packet

STAMP = "ab" * 32


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished film: picture, sound, XMP, stamp."""
    path = tmp_path_factory.mktemp("film") / "film.mp4"
    rate = Fraction(24)
    with write_film(path, 64, 64, rate) as out:
        for level in range(12):
            out.picture(video_frame(np.full((64, 64, 3), 20 * level, np.uint8)))
        out.sound(np.zeros((samples_for(12, rate), 2), np.int16))
    append_xmp(path, xmp_packet("Nobody Today", "Made with AI"))
    write_stamp(path, STAMP)
    return path


def signed(film: Path, folder: Path, issued: Issued, **options: Any) -> Path:
    path = folder / "signed.mp4"
    shutil.copy(film, path)
    keys = {"password": None, "timestamp": None, "title": "Nobody Today", "version": "1", **options}
    sign(path, certificate=issued.certificate, key=issued.key, source_type=TRAINED_ALGORITHMIC_MEDIA, **keys)
    return path


def test_a_signed_film_verifies_keeps_its_stamp_and_plays(film: Path, tmp_path: Path) -> None:
    path = signed(film, tmp_path, issue(tmp_path / "own", "Harbour Films"))
    assert read_credentials(path) == {
        "state": "Valid",
        "faults": ["signingCredential.untrusted"],  # by nobody's list of issuers: the root is a test's
        "title": "Nobody Today",
        "issuer": "Harbour Films",
        "source_type": TRAINED_ALGORITHMIC_MEDIA,
    }
    assert read_stamp(path) == STAMP
    assert probe(path) == probe(film)
    assert read_tracks(path) == read_tracks(film)
    assert sorted(each.name for each in tmp_path.iterdir()) == ["own", "signed.mp4"]


def test_a_quicktime_film_verifies(film: Path, tmp_path: Path) -> None:
    path = tmp_path / "film.mov"
    with av.open(str(film)) as source, av.open(str(path), "w") as out:
        stream = out.add_stream("prores_ks", rate=24, options={"profile": "3"})
        stream.width, stream.height, stream.pix_fmt = 64, 64, "yuv422p10le"
        for frame in source.decode(video=0):
            out.mux(stream.encode(frame.reformat(format="yuv422p10le")))
        out.mux(stream.encode(None))
    own, frames = issue(tmp_path / "own"), probe(path).frames
    sign(
        path,
        certificate=own.certificate,
        key=own.key,
        password=None,
        timestamp=None,
        title="Nobody Today",
        source_type=TRAINED_ALGORITHMIC_MEDIA,
        version="1",
    )
    assert read_credentials(path)["state"] == "Valid"
    assert probe(path).frames == frames == 12


def test_a_stamp_written_after_the_signature_breaks_it(film: Path, tmp_path: Path) -> None:
    path = signed(film, tmp_path, issue(tmp_path / "own"))
    write_stamp(path, "cd" * 32)
    found = read_credentials(path)
    assert found["state"] == "Invalid"
    assert "assertion.bmffHash.mismatch" in found["faults"]


@pytest.mark.parametrize("from_end", [100, 400, 900])
def test_one_changed_byte_anywhere_is_found(film: Path, tmp_path: Path, from_end: int) -> None:
    path = signed(film, tmp_path, issue(tmp_path / "own"))
    data = bytearray(path.read_bytes())
    data[-from_end] ^= 1
    path.write_bytes(data)
    assert read_credentials(path)["state"] == "Invalid"


def test_an_unsigned_film_has_no_credentials(film: Path) -> None:
    with pytest.raises(CutError, match=r"film\.mp4: it has no signature"):
        read_credentials(film)


@pytest.mark.parametrize(
    "kind", [ec.SECP256R1(), ec.SECP384R1(), ec.SECP521R1(), "ed25519", "rsa"], ids=lambda kind: str(kind)[:20]
)
def test_every_kind_of_key_that_c2pa_knows(film: Path, tmp_path: Path, kind: Any) -> None:
    if kind == "rsa":
        key: Any = rsa.generate_private_key(65537, 2048)
    else:
        key = ed25519.Ed25519PrivateKey.generate() if kind == "ed25519" else ec.generate_private_key(kind)
    path = signed(film, tmp_path, issue(tmp_path / "own", key=key))
    assert read_credentials(path)["state"] == "Valid"


def test_a_key_with_a_password(film: Path, tmp_path: Path) -> None:
    words = "open sesame"
    own = issue(tmp_path / "own", password=words)
    assert read_credentials(signed(film, tmp_path, own, password=words))["state"] == "Valid"
    for password, what in ((None, "the key needs a password: VTX_SIGN_PASSWORD"), ("wrong", "its password is another")):
        with pytest.raises(CutError, match=what) as raised:
            signed(film, tmp_path, own, password=password)
        assert "wrong" not in str(raised.value)


@pytest.mark.parametrize("what", ["expired", "not yet", "wrong purpose", "another key", "no certificate", "no key"])
def test_who_cannot_sign_is_told_why_and_the_film_stays(film: Path, tmp_path: Path, what: str) -> None:
    days = {"expired": (-9, -1), "not yet": (3, 9)}.get(what, (-1, 9))
    own = issue(tmp_path / "own", days=days, signs=what != "wrong purpose")
    if what == "another key":
        own = Issued(own.certificate, issue(tmp_path / "other").key)
    if what == "no certificate":
        own.certificate.write_text("hello")
    if what == "no key":
        own.key.write_text("hello")
    with pytest.raises(CutError) as raised:
        signed(film, tmp_path, own)
    message = str(raised.value)
    assert str(own.certificate) in message or str(own.key) in message
    assert "PRIVATE" not in message
    assert "\n" not in message
    assert (tmp_path / "signed.mp4").read_bytes() == film.read_bytes()
    assert not list(tmp_path.glob("*.signed.*"))


def test_a_time_stamp_server_that_does_not_answer_is_named_as_a_fault(film: Path, tmp_path: Path) -> None:
    with pytest.raises(CutError, match=r"can't sign with"):
        signed(film, tmp_path, issue(tmp_path / "own"), timestamp="http://127.0.0.1:9/")
    assert (tmp_path / "signed.mp4").read_bytes() == film.read_bytes()


FULL = """
import resource, signal, sys
from pathlib import Path
from vtx_app.media.credentials import sign
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
try:
    sign(Path(sys.argv[1]), certificate=Path(sys.argv[2]), key=Path(sys.argv[3]), password=None, timestamp=None,
         title="", source_type="http://c2pa.org/digitalsourcetype/empty", version="1")
except OSError as error:
    print(error.strerror)
"""


def test_a_full_disk_is_an_os_error_and_the_film_stays(film: Path, tmp_path: Path) -> None:
    own = issue(tmp_path / "own")
    path = tmp_path / "film.mp4"
    path.write_bytes(film.read_bytes() + struct.pack(">I4s", 300_000, b"free") + bytes(299_992))
    before = path.read_bytes()
    command = [sys.executable, "-c", FULL, path, own.certificate, own.key]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout == "File too large\n"
    assert path.read_bytes() == before
    assert not list(tmp_path.glob("*.signed.*"))
