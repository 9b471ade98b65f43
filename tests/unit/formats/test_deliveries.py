"""The deliveries' format: what is shipped, and what each container refuses."""

from __future__ import annotations

from pathlib import Path

import pytest

from vtx_app.errors import SpecError
from vtx_app.formats.check import load_format
from vtx_app.formats.deliveries import Deliverables

REPO = Path(__file__).resolve().parents[3]


def test_the_shipped_deliveries_are_those_of_the_issue() -> None:
    shipped = load_format(REPO / "config/deliveries.yaml", Deliverables).deliveries
    assert set(shipped) == {"archive", "broadcast", "review", "square", "stems", "vertical", "web", "youtube"}
    assert all(each.about for each in shipped.values())
    broadcast, archive, youtube = shipped["broadcast"], shipped["archive"], shipped["youtube"]
    assert (broadcast.suffix, broadcast.sound.loudness, broadcast.sound.peak) == (".mov", -23, -1)
    assert (archive.suffix, archive.attach, archive.sha256) == (".mkv", ["subtitles", "manifest"], True)
    assert youtube.picture is not None
    assert (youtube.picture.codec, youtube.sound.loudness) == ("copy", -14)


PICTURE = "picture: {codec: h264}"
SOUND = "sound: {codec: aac}"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (f"container: avi, {PICTURE}, {SOUND}", "x.container: 'avi' is not one of mp4, mov, matroska, wav"),
        (f"container: mp4, {SOUND}", "x: picture: missing; mp4 needs one, sound alone goes into wav"),
        (f"container: mp4, {PICTURE}", "x.sound: missing; the film's sound"),
        (f"container: mp4, {SOUND}, picture: {{codec: prores}}", "x: picture.codec prores: mp4 takes copy or h264"),
        (f"container: wav, {PICTURE}, {SOUND}", "x: picture.codec h264: wav takes no picture"),
        (f"container: wav, {SOUND}", "x: sound.codec aac: wav takes pcm"),
        (f"container: mp4, {PICTURE}, sound: {{codec: flac}}", "x: sound.codec flac: mp4 takes aac"),
        (f"container: mp4, {PICTURE}, {SOUND}, stems: [music]", "x: stems: mp4 takes none; use wav"),
        (f"container: mp4, {PICTURE}, {SOUND}, attach: [manifest]", "x: attach: mp4 takes no files; use matroska"),
        (f"container: matroska, {PICTURE}, {SOUND}, subtitles: true", "x: subtitles: matroska takes no track of them"),
        ("container: wav, sound: {codec: pcm}, chapters: true", "x: chapters: wav has none"),
        ("container: wav, sound: {codec: pcm}, stems: [music, music]", "x: stems: one is listed twice"),
        ("container: wav, sound: {codec: pcm}, stems: [musik]", "'musik' is not one of dialogue, music, effects"),
        ("container: wav, sound: {codec: pcm, loudness: -23}, stems: [music]", "leave out sound.loudness"),
        (f"container: mp4, {SOUND}, picture: {{codec: copy, crf: 18}}", "x.picture: crf: a copied picture can't be"),
        (f"container: mp4, {SOUND}, picture: {{codec: copy, enlarge: true}}", "x.picture: enlarge: a copied picture"),
        (f"container: mp4, {SOUND}, picture: {{codec: copy, burn_in: [film]}}", "x.picture: burn_in: a copied picture"),
        (
            f"container: mp4, {SOUND}, picture: {{codec: h264, burn_in: [date]}}",
            "'date' is not one of film, shot, clip",
        ),
        (f"container: mov, {SOUND}, picture: {{codec: prores, crf: 18}}", "x.picture: crf: prores has none"),
        (f"container: mov, {SOUND}, picture: {{codec: prores, profile: high}}", "prores has hq, standard, lt or proxy"),
        (
            f"container: mp4, {SOUND}, picture: {{codec: h264, pixel_format: yuv422p}}",
            "x.picture: pixel_format yuv422p",
        ),
        (f"container: mp4, {SOUND}, picture: {{codec: h264, height: 721}}", "x.picture: height 721: expected an even"),
        (
            f"container: mp4, {SOUND}, picture: {{codec: h264, height: 8, width: 8}}",
            "expected greater than or equal to 16",
        ),
        (
            f"container: mp4, {SOUND}, picture: {{codec: h264, height: 64, width: 64}}",
            "width and height: give one of them",
        ),
        (f"container: mp4, {SOUND}, picture: {{codec: h264, aspect: 9x16}}", "'9x16': expected a shape as in '9:16'"),
        (f"container: mp4, {PICTURE}, sound: {{codec: aac, bits: 16}}", "x.sound: bits: aac has none; use bit_rate"),
        (f"container: mov, {PICTURE}, sound: {{codec: pcm, bit_rate: 64}}", "x.sound: bit_rate: pcm has none"),
        (f"container: mp4, {PICTURE}, sound: {{codec: aac, peak: -1}}", "x.sound: peak: needs loudness"),
        (f"container: mp4, {PICTURE}, {SOUND}, loudnes: 3", "x.loudnes: unknown key"),
    ],
)
def test_what_does_not_go_together_is_refused(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "deliveries.yaml"
    path.write_text(f"deliveries:\n  x: {{{text}}}\n", encoding="utf-8")
    with pytest.raises(SpecError) as caught:
        load_format(path, Deliverables)
    assert f"deliveries.yaml:2: deliveries.{message}" in str(caught.value) or message in str(caught.value)
    assert "deliveries.yaml:2: deliveries.x" in str(caught.value)


def test_a_name_of_another_form_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "deliveries.yaml"
    path.write_text('deliveries:\n  "My web":\n    {container: wav, sound: {codec: pcm}}\n', encoding="utf-8")
    with pytest.raises(SpecError) as caught:
        load_format(path, Deliverables)
    place, _, message = str(caught.value).partition("deliveries.My web: ")
    assert place.endswith(("deliveries.yaml:2: ", "deliveries.yaml:3: "))
    assert message == "'My web': expected small letters, digits, - and _"
