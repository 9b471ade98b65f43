"""From a spec and all it names to the request that decides its take."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

import pytest

from kit.film import Film as FilmFiles
from kit.film import picture
from kit.shot import SPLIT_LOCK, Shot, print_of, write_movie
from vtx_app.compile.clip_request import Compiled, Parent, compile_request, default_seed
from vtx_app.compile.duration import clip_frames
from vtx_app.compile.request import LoraInput, RenderRequest, request_digest
from vtx_app.errors import ModelError, SpecError
from vtx_app.formats.film_lock import FilmLock
from vtx_app.formats.pipelines import model_slots
from vtx_app.models.fingerprint import file_sha256
from vtx_app.models.locked import LockedModels
from vtx_app.project.load import load_film

QUAY, MARA, IVO = "A01_S01_SH001", "A01_S01_SH002", "A02_S01_SH001"
PRINT = "sha256-sampled:" + "0" * 64
LOCK = dict.fromkeys(("LTX_CHECKPOINT_PATH", "LTX_GEMMA_ROOT", "LTX_DISTILLED_LORA_PATH"), PRINT)


def compiled(
    clip_id: str, renderer: str = "animatic", lock: dict[str, str] | None = None, parent: Parent | None = None
) -> tuple[RenderRequest, Mapping[str, Path]]:
    """The request of a clip as a new run would compile it."""
    file_sha256.cache_clear()
    film = load_film("harbour")
    models = LockedModels(film.folder, FilmLock(models=lock or {}), film.variables)
    done = compile_request(film.clips[clip_id], film, renderer, models, parent)
    return done.request, done.files


def test_a_request_holds_what_the_spec_and_the_film_give(film: FilmFiles) -> None:
    request, files = compiled(QUAY)
    assert (request.width, request.height, request.frames, request.rate) == (128, 96, 9, 8)
    assert (request.pipeline, request.input_type, request.seed) == ("ti2vid_one_stage", "t2v", 7)
    assert request.prompt.startswith("35mm film, soft grain. Clear northern daylight. Interior. A stone quay with iron")
    assert request.negative == "text, watermark, night, blur"
    assert (request.images, files, request.models) == ((), {}, ())


def test_pictures_are_named_by_content_and_found_by_place(film: FilmFiles) -> None:
    request, files = compiled(IVO)
    sha256 = hashlib.sha256(picture((90, 120, 160))).hexdigest()
    assert [(image.sha256, image.frame, image.strength) for image in request.images] == [(sha256, 0, 1.0)]
    assert files == {sha256: Path("projects/harbour/inputs/reference_images/ivo.png")}
    (film.folder / "inputs/reference_images/ivo.png").rename(film.folder / "inputs/boy.png")
    film.edit_clip("A02_S01_SH001__ivo", "inputs/reference_images/ivo.png", "inputs/boy.png")
    assert compiled(IVO)[0] == request
    film.write("inputs/boy.png", picture((90, 120, 161)))
    assert request_digest(compiled(IVO)[0]) != request_digest(request)


@pytest.mark.parametrize("data", [b"", b"words", b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", b"GIF89a"])
def test_what_is_no_picture_is_reported(film: FilmFiles, data: bytes) -> None:
    film.write("inputs/reference_images/ivo.png", data)
    with pytest.raises(SpecError, match=r"ivo\.yaml:\d+: inputs\.reference_image: .*not a picture that can be opened"):
        compiled(IVO)


def test_a_default_seed_is_always_the_same(film: FilmFiles) -> None:
    film.edit_clip("A01_S01_SH001__empty_quay", "  seed: 7\n", "")
    seed = compiled(QUAY)[0].seed
    assert seed == default_seed(QUAY) == int.from_bytes(hashlib.sha256(b"seed:A01_S01_SH001").digest()[:4], "big") // 2
    assert 0 <= seed < 2**31
    assert default_seed(QUAY) != default_seed(MARA)


def test_a_storyboard_needs_no_models_and_ltx_needs_them_all(film: FilmFiles) -> None:
    storyboard = compiled(MARA)[0]
    assert [(lora.fingerprint, lora.weight) for lora in storyboard.loras] == [("LTX_DISTILLED_LORA_PATH", 0.8)]
    real = compiled(MARA, "ltx", LOCK)[0]
    assert [(lora.fingerprint, lora.weight) for lora in real.loras] == [(PRINT, 0.8)]
    assert {model.slot: model.fingerprint for model in real.models} == dict.fromkeys(
        ("LTX_CHECKPOINT_PATH", "LTX_GEMMA_ROOT"), PRINT
    )
    assert real.staging is None
    for slot in LOCK:
        without = {other: fingerprint for other, fingerprint in LOCK.items() if other != slot}
        with pytest.raises(ModelError, match=rf"A01_S01_SH002__mara\.yaml: {slot} is not set"):
            compiled(MARA, "ltx", without)


def test_a_shots_own_loras_stand_after_its_bundle(film: FilmFiles) -> None:
    film.edit_clip("A01_S01_SH002__mara", "status:", "loras: [{path: look.safetensors, weight: 0.3}]\nstatus:")
    found = [(lora.fingerprint, lora.weight) for lora in compiled(MARA)[0].loras]
    assert found == [("LTX_DISTILLED_LORA_PATH", 0.8), ("path:look.safetensors", 0.3)]


def test_a_chain_carries_its_parents_digest(film: FilmFiles) -> None:
    one, other = Parent("a" * 64, 7), Parent("b" * 64, 7)
    assert (compiled(QUAY, parent=one)[0].continue_from, compiled(QUAY, parent=one)[0].continue_frame) == ("a" * 64, 7)
    digests = {request_digest(compiled(QUAY, parent=parent)[0]) for parent in (None, one, other, Parent("a" * 64, 6))}
    assert len(digests) == 4


def test_frames_come_from_the_beats_where_the_length_is_auto(film: FilmFiles) -> None:
    film.edit_clip("A01_S01_SH001__empty_quay", "mode: fixed\n    seconds: 1.0", "mode: auto\n    min_seconds: 3")
    found = load_film("harbour")
    assert clip_frames(found.clips[QUAY], found) == 24
    assert compiled(QUAY)[0].frames == 25


def test_what_is_for_people_is_not_in_the_request(film: FilmFiles) -> None:
    before = compiled(QUAY)[0]
    film.edit_clip("A01_S01_SH001__empty_quay", "title: Empty quay", "title: Another title")
    film.edit_clip("A01_S01_SH001__empty_quay", "  seed: 7", "  notes: slower\n  seed: 7")
    film.edit_clip("A01_S01_SH001__empty_quay", "state: planned", "state: approved\n  last_error: none")
    film.edit_clip("A01_S01_SH001__empty_quay", "status:", "outputs: {mp4: somewhere.mp4}\nstatus:")
    film.edit("metadata.yaml", "Nobody comes", "Somebody comes")
    assert compiled(QUAY)[0] == before


def test_how_weights_are_stored_is_in_the_request(shot: Shot) -> None:
    shot.write()
    plain = shot.compile().request
    assert plain.quantization is None
    shot.quantization = "fp8-cast"
    locked = shot.compile().request
    assert locked.quantization == "fp8-cast"
    assert request_digest(locked) != request_digest(plain)
    shot.variables = {"LTX_QUANTIZATION": "fp8-cast"}
    assert shot.compile().request == locked
    shot.quantization = None
    with pytest.raises(ModelError, match=r"LTX_QUANTIZATION is fp8-cast, and this film is rendered with none"):
        shot.compile()


def test_a_film_that_is_not_locked_is_quantised_as_on_this_machine(shot: Shot, tmp_path: Path) -> None:
    shot.write()
    shot.lock = {}
    for slot in ("LTX_CHECKPOINT_PATH", "LTX_GEMMA_ROOT"):
        (tmp_path / slot).write_bytes(slot.encode())
        shot.variables[slot] = str(tmp_path / slot)
    assert shot.compile().request.quantization is None
    shot.variables["LTX_QUANTIZATION"] = "fp8-cast"
    assert shot.compile().request.quantization == "fp8-cast"
    assert shot.compile(renderer="animatic").request.quantization is None
    shot.variables["LTX_QUANTIZATION"] = "fp8"
    with pytest.raises(ModelError, match="LTX_QUANTIZATION is 'fp8'; expected one of fp8-cast, "):
        shot.compile()


def slots_of(done: Compiled) -> list[str]:
    assert dict(done.slots).keys() >= {model.slot for model in done.request.models}
    return [model.slot for model in done.request.models]


SPLIT_SLOTS = ["LTX_TRANSFORMER_PATH", "LTX_TEXT_ENCODER_PATH", "LTX_VIDEO_VAE_PATH", "LTX_AUDIO_VAE_PATH"]


def test_the_layout_is_the_locks(shot: Shot) -> None:
    shot.write()
    assert slots_of(shot.compile()) == ["LTX_CHECKPOINT_PATH", "LTX_GEMMA_ROOT"]
    shot.variables = {"LTX_TRANSFORMER_PATH": "/models/transformer.safetensors"}
    assert slots_of(shot.compile()) == ["LTX_CHECKPOINT_PATH", "LTX_GEMMA_ROOT"]
    shot.lock, shot.variables = SPLIT_LOCK, {}
    assert slots_of(shot.compile()) == SPLIT_SLOTS
    shot.variables = {"LTX_CHECKPOINT_PATH": "/models/checkpoint.safetensors"}
    assert slots_of(shot.compile()) == SPLIT_SLOTS
    assert slots_of(shot.compile(draft=True)) == [
        "LTX_DISTILLED_TRANSFORMER_PATH",
        *SPLIT_SLOTS[1:],
        "LTX_SPATIAL_UPSAMPLER_PATH",
    ]


def test_the_layout_of_a_film_that_is_not_locked_is_this_machines(shot: Shot, tmp_path: Path) -> None:
    shot.write()
    shot.lock = {}
    for slot in SPLIT_SLOTS:
        (tmp_path / slot).write_bytes(slot.encode())
        shot.variables[slot] = str(tmp_path / slot)
    done = shot.compile()
    assert slots_of(done) == SPLIT_SLOTS
    assert len({model.fingerprint for model in done.request.models}) == 4
    shot.variables["LTX_TRANSFORMER_PATH"] = ""
    with pytest.raises(ModelError, match=r"empty_quay\.yaml: LTX_CHECKPOINT_PATH is not set"):
        shot.compile()


def test_a_clip_from_a_film_takes_the_ic_lora_by_itself(shot: Shot) -> None:
    write_movie(shot.film.folder / "inputs/source.mp4", 9)
    inputs = {"type": "v2v", "input_video": "inputs/source.mp4"}
    done = shot.write(inputs=inputs).compile()
    assert done.request.loras == (LoraInput(print_of("LTX_IC_LORA_PATH"), 1.0),)
    assert "LTX_IC_LORA_PATH" in done.slots
    named = shot.write(inputs=inputs, continuity={"shared_loras_profile": "dream"}).compile()
    assert named.request.loras == (LoraInput(print_of("LTX_IC_LORA_PATH"), 0.5),)
    shot.film.write("look.safetensors", b"look")
    own = shot.write(inputs=inputs, loras=[{"path": "look.safetensors", "weight": 0.3}]).compile()
    assert [lora.weight for lora in own.request.loras] == [0.3]
    assert "LTX_IC_LORA_PATH" not in own.slots
    del shot.lock["LTX_IC_LORA_PATH"]
    with pytest.raises(ModelError, match=r"empty_quay\.yaml: LTX_IC_LORA_PATH is not set"):
        shot.write(inputs=inputs).compile()
    assert shot.compile(draft=True).request.loras == ()


def test_the_lora_that_distils_is_not_put_on_the_distilled_model(shot: Shot) -> None:
    core = {"continuity": {"shared_loras_profile": "core"}}
    done = shot.write(**core).compile()
    assert [lora.weight for lora in done.request.loras] == [0.8]
    distilled = shot.write(**core, render={"pipeline": "distilled"}).compile()
    assert distilled.request.loras == ()
    assert "LTX_DISTILLED_LORA_PATH" not in distilled.slots
    assert shot.write(**core).compile(draft=True).request.loras == ()
    write_movie(shot.film.folder / "inputs/source.mp4", 9)
    inputs = {"type": "v2v", "input_video": "inputs/source.mp4"}
    done = shot.write(**core, inputs=inputs).compile()
    assert done.request.loras == (LoraInput(print_of("LTX_IC_LORA_PATH"), 1.0),)


def test_a_draft_has_the_looks_of_the_film_and_not_the_lora_for_films(shot: Shot) -> None:
    shot.film.write("look.safetensors", b"look")
    look = [{"path": "look.safetensors", "weight": 0.3}]
    shot.write(continuity={"shared_loras_profile": "dream"}, loras=look)
    assert [lora.weight for lora in shot.compile().request.loras] == [0.5, 0.3]
    assert [lora.weight for lora in shot.compile(draft=True).request.loras] == [0.3]


def test_a_two_stage_clip_names_the_lora_that_refines_as_a_model(shot: Shot) -> None:
    shot.write(render={"pipeline": "ti2vid_two_stages"})
    plain = shot.compile()
    assert slots_of(plain)[2:] == ["LTX_SPATIAL_UPSAMPLER_PATH", "LTX_DISTILLED_LORA_PATH"]
    assert plain.request.loras == ()
    shot.write(render={"pipeline": "ti2vid_two_stages"}, continuity={"shared_loras_profile": "core"})
    weighed = shot.compile()
    assert weighed.request.loras == (LoraInput(print_of("LTX_DISTILLED_LORA_PATH"), 0.8),)
    assert weighed.request.models == plain.request.models


def test_the_storyboards_request_knows_nothing_of_models(shot: Shot) -> None:
    shot.write(render={"steps": 9})
    before = shot.compile(renderer="animatic")
    shot.lock, shot.quantization = {}, None
    shot.variables = {"LTX_QUANTIZATION": "no such thing"}
    after = shot.compile(renderer="animatic")
    assert after.request == before.request
    assert (after.request.models, after.request.quantization, after.request.steps, after.slots) == ((), None, None, {})


def test_the_draft_of_a_chained_clip_has_one_first_picture(film: FilmFiles) -> None:
    film.edit_clip(
        "A02_S01_SH001__ivo",
        "type: i2v",
        "type: i2v\n  continue_from: A01_S01_SH001\n  keyframes: [{path: k.png, frame: 4}]",
    )
    film.write("k.png", picture((1, 2, 3)))
    found = load_film("harbour")
    lock = FilmLock(models=dict.fromkeys(model_slots("distilled", split=False), PRINT))
    models = LockedModels(found.folder, lock, found.variables)
    clip = found.clips[IVO]
    drawn = compile_request(clip, found, "ltx", models, Parent("a" * 64, 7), draft=True).request
    assert [image.frame for image in drawn.images] == [4]
    assert (drawn.pipeline, drawn.continue_from, drawn.input_type) == ("distilled", "a" * 64, "i2v")
