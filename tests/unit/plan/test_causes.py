"""Why a take is to be rendered: the file and the key whose words changed, whatever of a film is edited."""

from __future__ import annotations

import json

import pytest

from kit.film import Film, picture, spec
from kit.shot import MONOLITH_LOCK, print_of
from kit.takes import causes, make_takes, planned, report
from vtx_app.compile.request import canonical_json
from vtx_app.formats.film_lock import FilmLock
from vtx_app.models.locked import film_lock_text
from vtx_app.plan.causes import NEW, causes_of


@pytest.fixture
def film(rendered_film: Film) -> Film:
    return rendered_film


def test_nothing_is_to_be_rendered_for_no_reason(film: Film) -> None:
    assert causes() == {}
    assert report().render == ()


SCENE = "story/03_screenplay/A01_S01__the_quay.md"
EDITS = [
    ("prompts/characters.yaml", "in a yellow oilskin", "in a black oilskin", "characters.mara.wardrobe.oilskin", 1),
    ("prompts/characters.yaml", "grey braid", "white braid", "characters.mara.description", 2),
    ("prompts/characters.yaml", "low, dry voice", "high voice", "characters.mara.voice", 1),
    ("prompts/characters.yaml", "name: Mara", "name: Maria", "characters.mara.name", 2),
    ("prompts/locations.yaml", "iron rings", "brass rings", "locations.quay.description", 3),
    ("prompts/style_bible.yaml", "soft grain", "hard grain", "global_prefix", 6),
    ("prompts/style_bible.yaml", "Clear northern daylight", "Fog", "profiles.day.prefix", 5),
    ("prompts/style_bible.yaml", "text, watermark", "text, logo", "global_negative", 6),
    ("prompts/style_bible.yaml", 'negative: "night"', 'negative: "dusk"', "profiles.day.negative", 5),
    ("prompts/style_bible.yaml", 'global_prefix: "35mm film, soft grain"', "", "global_prefix", 6),
    ("prompts/style_bible.yaml", 'prefix: "Clear northern daylight"', 'prefix: ""', "profiles.day.prefix", 5),
    ("prompts/locations.yaml", "name: Quay", "name: The quay", "locations.quay.name", 3),
    ("prompts/style_bible.yaml", '"35mm film, soft grain"', '"rain"', "global_prefix", 6),
    ("prompts/style_bible.yaml", 'global_negative: "text, watermark"', "", "global_negative", 6),
    ("prompts/style_bible.yaml", 'negative: "night"', 'negative: ""', "profiles.day.negative", 5),
    ("prompts/loras.yaml", "core: [{env_path: LTX_DISTILLED_LORA_PATH, weight: 0.8}]", "core: []", "bundles.core", 1),
    ("prompts/style_bible.yaml", 'negative: "night"', 'negative: "night, dusk"', "profiles.day.negative", 5),
    ("prompts/loras.yaml", "weight: 0.8", "weight: 0.7", "bundles.core", 1),
    ("metadata.yaml", "fps: 8", "fps: 16", "fps", 6),
    (SCENE, "INT. QUAY", "EXT. QUAY - NIGHT", "heading of quay", 2),
    (SCENE, "INT. QUAY", "INT. QUAY (RAIN)", "heading of quay", 2),
    ("prompts/style_bible.yaml", "profiles:", "global_sound: no music\nprofiles:", "global_sound", 6),
    ("prompts/style_bible.yaml", 'negative: "night"', 'negative: "night", sound: gulls', "profiles.day.sound", 5),
    ("prompts/locations.yaml", 'iron rings"', 'iron rings", sound: water on stone', "locations.quay.sound", 3),
    ("metadata.yaml", "width: 128", "width: 192", "default_resolution.width", 6),
    ("metadata.yaml", "default_pipeline: ti2vid_one_stage", "default_pipeline: distilled", "default_pipeline", 6),
]


@pytest.mark.parametrize(("file", "old", "new", "key", "clips"), EDITS)
def test_an_edit_of_a_bible_is_named_by_its_key(
    film: Film, file: str, old: str, new: str, key: str, clips: int
) -> None:
    film.edit(file, old, new)
    found = causes()
    label = f"{file}: {key}"
    assert {name.partition(":")[0] for name in found} == {file}, found
    assert len(found[label]) == clips


SPEC_EDITS = [
    ("A01_S01_SH001__empty_quay", "The quay at dawn", "The quay at noon", "prompt.positive"),
    ("A01_S01_SH001__empty_quay", "seed: 7", "seed: 8", "render.seed"),
    ("A01_S01_SH001__empty_quay", "guidance_scale: 4.0", "guidance_scale: 5.0", "render.guidance_scale"),
    ("A01_S01_SH001__empty_quay", "seconds: 1.0", "seconds: 3.0", "render.duration"),
    ("A01_S01_SH001__empty_quay", "negative: blur", "negative: smoke", "prompt.negative"),
    ("A01_S01_SH002__mara", "wardrobe: oilskin", "wardrobe: sunday", "continuity.characters"),
    ("A01_S02_SH001__wheelhouse", "Nobody today.", "Nobody, today.", "prompt.dialogue.0"),
    ("A01_S02_SH001__wheelhouse", "- character: mara", "- character: ivo", "prompt.dialogue.0"),
    ("A01_S01_SH001__empty_quay", "- quay", "- ferry", "continuity.locations"),
    ("A01_S01_SH001__empty_quay", "- quay", "- quay\n  characters: [ivo]", "continuity.characters"),
    (
        "A01_S01_SH002__mara",
        "shared_loras_profile: core",
        "shared_loras_profile: dream",
        "continuity.shared_loras_profile",
    ),
    ("A01_S01_SH002__mara", "  shared_loras_profile: core\n", "", "continuity.shared_loras_profile"),
    ("A01_S01_SH001__empty_quay", "type: t2v", "type: t2v\n  continue_from: A02_S01_SH002", "inputs.continue_from"),
    ("A01_S02_SH002__the_window", "A01_S02_SH001", "A02_S01_SH002", "inputs.continue_from"),
    ("A01_S01_SH001__empty_quay", "state: planned", "state: rejected", "status.state"),
    ("A01_S01_SH001__empty_quay", "seed: 7", "seed: 7\n  width: 64", "render.width"),
    ("A01_S01_SH001__empty_quay", "negative: blur", "negative: ''", "prompt.negative"),
    ("A01_S01_SH002__mara", "- id: mara\n    wardrobe: oilskin", "- ivo\n  - mara", "continuity.characters"),
    (
        "A01_S01_SH001__empty_quay",
        "shared_prompt_profile: day",
        "shared_prompt_profile: dream",
        "continuity.shared_prompt_profile",
    ),
    ("A01_S01_SH001__empty_quay", "  guidance_scale: 4.0\n", "", "render.guidance_scale"),
    (
        "A01_S01_SH001__empty_quay",
        "guidance_scale: 4.0",
        "guidance_scale: 4.0\n  pipeline: distilled",
        "render.pipeline",
    ),
    (
        "A01_S01_SH001__empty_quay",
        "  positive: The",
        "  dialogue: [{character: ivo, line: Look!}]\n  positive: The",
        "prompt.dialogue.0",
    ),
    (
        "A01_S02_SH001__wheelhouse",
        "  dialogue:\n  - character: mara\n    line: Nobody today.\n",
        "",
        "prompt.dialogue.0",
    ),
    ("A01_S02_SH002__the_window", "  continue_from: A01_S02_SH001\n", "", "inputs.continue_from"),
    ("A02_S01_SH001__ivo", "type: i2v", "type: i2v\n  strength: 0.5", "inputs.strength"),
    ("A01_S01_SH001__empty_quay", "negative: blur", "negative: blur\n  sound: a gull", "prompt.sound"),
    ("A01_S01_SH001__empty_quay", "status:", "heading: {setting: EXT}\nstatus:", "heading"),
    ("A01_S02_SH001__wheelhouse", "status:", "heading: {weather: fog}\nstatus:", "heading"),
    ("A01_S01_SH001__empty_quay", "status:", "loras: [{env_path: LTX_IC_LORA_PATH}]\nstatus:", "loras"),
]


@pytest.mark.parametrize(("stem", "old", "new", "key"), SPEC_EDITS)
def test_an_edit_of_a_spec_is_named_by_its_key(film: Film, stem: str, old: str, new: str, key: str) -> None:
    film.edit_clip(stem, old, new)
    assert list(causes()) == [f"prompts/clips/{stem}.yaml: {key}"]


def test_the_dream_needs_no_profile_of_its_own(film: Film) -> None:
    """The film's profile is the clip's where its spec names none."""
    film.edit("metadata.yaml", "style_profile: day", "style_profile: dream")
    assert causes() == {}
    film.edit_clip("A01_S01_SH001__empty_quay", "  shared_prompt_profile: day\n", "")
    assert list(causes()) == ["prompts/clips/A01_S01_SH001__empty_quay.yaml: continuity.shared_prompt_profile"]


def test_an_estimated_length_is_named_by_the_words_it_is_estimated_from(film: Film) -> None:
    stem = "A01_S01_SH001__empty_quay"
    film.edit_clip(stem, "    mode: fixed\n    seconds: 1.0", "    mode: auto\n    min_seconds: 1.0")
    spec_file = f"prompts/clips/{stem}.yaml"
    assert list(causes()) == [f"{spec_file}: render.duration"]
    make_takes(planned(), 21)
    film.edit_clip(stem, "story_beats:\n", "story_beats:\n- A very long look at the sea, and the sea looks back.\n")
    assert list(causes()) == [f"{spec_file}: story_beats"]
    film.edit_clip(stem, "    mode: auto\n    min_seconds: 1.0", "    mode: fixed\n    seconds: 6.0")
    assert list(causes()) == [f"{spec_file}: render.duration"]


def test_the_length_of_an_approved_take_is_the_cause_of_what_goes_on_from_it(film: Film) -> None:
    """An approval freezes pixels: the spec still says where the shot ends, as far as the take goes."""
    parent, select = "A01_S02_SH001", "review/selects/A01_S02_SH001.yaml"
    approved = f"clip_id: {parent}\nstate: approved\ntake: {planned().clips[f'{parent}__wheelhouse'].take.digest}\n"
    film.write(select, approved)
    film.edit_clip(f"{parent}__wheelhouse", "seconds: 1.0", "seconds: 0.7")
    spec = f"prompts/clips/{parent}__wheelhouse.yaml"
    assert causes() == {f"{spec}: render.duration, so the last frame of {parent}": ["A01_S02_SH002"]}


def test_a_chain_from_an_older_approval_starts_where_that_ended_it(film: Film) -> None:
    """It froze the length too. The cut follows the spec now, and says so, but nothing is rendered for that."""
    parent, select = "A01_S02_SH001", "review/selects/A01_S02_SH001.yaml"
    approved = f"clip_id: {parent}\nstate: approved\ntake: {planned().clips[f'{parent}__wheelhouse'].take.digest}\n"
    film.write(select, approved + "frames: 8\n")
    film.edit_clip(f"{parent}__wheelhouse", "seconds: 1.0", "seconds: 0.9")
    assert causes() == {}
    found = planned()
    clip = found.clips[f"{parent}__wheelhouse"]
    assert clip.delivery.frames == 7
    assert any(f"{select}:4: frames: 8 no longer counts" in note for note in clip.notes)
    assert found.timeline.torn == ((parent, "A01_S02_SH002"),)


def test_only_what_decides_is_a_cause(film: Film) -> None:
    """Size and length were edited too, inside the same canvas and the same legal frame count."""
    film.edit_clip("A01_S01_SH001__empty_quay", "seconds: 1.0", "seconds: 0.9")
    film.edit("metadata.yaml", "height: 96", "height: 90")
    film.edit_clip("A01_S01_SH001__empty_quay", "The quay at dawn", "The quay at noon")
    assert causes() == {"prompts/clips/A01_S01_SH001__empty_quay.yaml: prompt.positive": ["A01_S01_SH001"]}


def test_a_setting_that_falls_back_is_named_where_it_was(film: Film) -> None:
    film.write("project.env", "PROJECT_FPS=16\n")
    make_takes(planned(), 21)
    film.write("project.env", "PROJECT_FPS=\n")
    film.edit("metadata.yaml", "fps: 8", "fps: 12")
    assert set(causes()) == {"project.env: PROJECT_FPS"}
    film.write("project.env", "PROJECT_FPS=16\n")
    assert causes() == {}


def test_a_take_without_sources_is_compared_field_by_field(film: Film) -> None:
    for path in (film.folder / "renders/takes").glob("*/*.json"):
        record = json.loads(path.read_text(encoding="utf-8"))
        del record["sources"]
        path.write_text(json.dumps(record), encoding="utf-8")
    film.edit_clip("A01_S02_SH001__wheelhouse", "pours tea", "pours rum")
    film.edit_clip("A01_S01_SH001__empty_quay", "seed: 7", "seed: 8")
    plan = planned()
    assert list(causes()) == [
        "prompts/clips/A01_S01_SH001__empty_quay.yaml: render.seed",
        "prompt changed",
        "staging changed",
    ]
    prompt = causes_of(plan.film, plan.clips["A01_S02_SH001__wheelhouse"], "final")[0]
    assert "pours tea" in prompt.old
    assert "pours rum" in prompt.new
    assert report().follow == {"A01_S02_SH001": ["A01_S02_SH002"]}


def test_what_continues_from_a_changed_clip_is_reported_as_following(film: Film) -> None:
    film.edit_clip("A01_S02_SH001__wheelhouse", "pours tea", "pours rum")
    assert report().follow == {"A01_S02_SH001": ["A01_S02_SH002"]}
    assert "  continues from A01_S02_SH001 → 1 clip follows (A01_S02_SH002)" in report().lines()


def test_a_changed_picture_and_a_new_clip_are_reported(film: Film) -> None:
    film.write("inputs/reference_images/ivo.png", picture((1, 2, 3)))
    film.write("prompts/clips/A02_S01_SH003__new.yaml", spec("A02_S01_SH003", "New", "A gull."))
    found = causes()
    assert found[NEW] == ["A02_S01_SH003"]
    assert found["inputs/reference_images/ivo.png: its content"] == ["A02_S01_SH001"]


def test_a_cause_has_the_words_then_and_now(film: Film) -> None:
    film.edit("prompts/characters.yaml", "in a yellow oilskin", "in a black oilskin")
    plan = planned()
    (cause,) = causes_of(plan.film, plan.clips["A01_S01_SH002__mara"], "final")
    assert "in a yellow oilskin" in cause.old
    assert cause.new == "in a black oilskin"


def test_someone_who_left_the_shot_is_missed(film: Film) -> None:
    film.edit_clip("A02_S01_SH001__ivo", "  characters:\n  - ivo\n", "")
    assert list(causes()) == ["prompts/clips/A02_S01_SH001__ivo.yaml: continuity.characters"]


def test_another_picture_is_named_by_the_spec_that_names_it(film: Film) -> None:
    film.write("inputs/reference_images/other.png", picture((1, 2, 3)))
    film.edit_clip("A02_S01_SH001__ivo", "ivo.png", "other.png")
    assert list(causes()) == ["prompts/clips/A02_S01_SH001__ivo.yaml: inputs.reference_image"]


def test_a_costume_is_not_taken_for_what_is_left_of_a_description(film: Film) -> None:
    film.edit("prompts/characters.yaml", "A ferrywoman of fifty, grey braid, weathered hands", "")
    assert list(causes()) == ["prompts/characters.yaml: characters.mara.description"]


def test_new_negative_words_are_reported_for_each_file_that_has_them(film: Film) -> None:
    film.edit("prompts/style_bible.yaml", "text, watermark", "text, logo")
    film.edit("prompts/style_bible.yaml", 'negative: "night"', 'negative: "dusk"')
    found = causes()
    assert list(found) == [
        "prompts/style_bible.yaml: global_negative",
        "prompts/style_bible.yaml: profiles.day.negative",
    ]
    assert [len(clip_ids) for clip_ids in found.values()] == [6, 5]


def test_another_profile_is_one_cause_whatever_it_is_against(film: Film, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROJECT_STYLE_PROFILE", "dream")
    assert list(causes()) == ["environment: PROJECT_STYLE_PROFILE"]


def test_a_take_of_another_seed_is_not_what_an_edit_is_compared_with(film: Film) -> None:
    """Nobody edited the seed: the newest take is one that was rendered to choose from."""
    own = planned().clips["A01_S01_SH001__empty_quay"]
    other = own.take.path.with_name(f"{1:064x}.mp4")
    other.write_bytes(b"a take")
    request = json.loads(canonical_json(own.take.request)) | {"seed": 8}
    record = {"request": request, "rendered_at": "2026-11-21T10:00:00+00:00"}
    other.with_suffix(".json").write_text(json.dumps(record), encoding="utf-8")
    film.edit_clip("A01_S01_SH001__empty_quay", "The quay at dawn", "The quay at noon")
    assert list(causes()) == ["prompts/clips/A01_S01_SH001__empty_quay.yaml: prompt.positive"]


def test_an_approved_take_is_out_of_date_by_another_seed_alone(film: Film) -> None:
    film.edit_clip("A01_S01_SH001__empty_quay", "state: planned", "state: approved")
    film.edit_clip("A01_S01_SH001__empty_quay", "seed: 7", "seed: 8")
    assert report().frozen == {"A01_S01_SH001": ["prompts/clips/A01_S01_SH001__empty_quay.yaml: render.seed"]}


def test_another_rate_is_one_cause_also_of_what_goes_on_from_a_clip(film: Film) -> None:
    film.edit("metadata.yaml", "fps: 8", "fps: 16")
    assert list(causes()) == ["metadata.yaml: fps"]


def test_a_note_beside_the_take_before_is_no_cause(film: Film) -> None:
    """The clip before was edited and is rendered; what goes on from it is not yet."""
    film.edit_clip("A01_S02_SH001__wheelhouse", "pours tea", "pours rum")
    take = planned().clips["A01_S02_SH001__wheelhouse"].take
    take.path.write_bytes(b"a take")
    film.write("review/selects/A01_S02_SH001.yaml", "clip_id: A01_S02_SH001\nnote: tea?\n")
    assert list(causes()) == ["continues from another take of A01_S02_SH001"]


def test_the_report_estimates_the_cost_from_the_history_of_such_takes(film: Film) -> None:
    film.edit("prompts/characters.yaml", "in a yellow oilskin", "in a black oilskin")
    made = report()
    assert [clip.clip_id for clip in made.render] == ["A01_S01_SH002"]
    assert made.estimate is not None
    assert (made.estimate.known, made.estimate.unknown) == (1, 0)
    assert made.estimate.seconds == pytest.approx(18.0)
    assert any("characters.mara.wardrobe.oilskin → 1 clip (A01_S01_SH002)" in line for line in made.lines())


def test_without_records_there_is_no_history(film: Film) -> None:
    for path in (film.folder / "renders" / "takes").glob("*/*"):
        path.unlink()
    assert any("were rendered yet" in line for line in report().lines())


def test_a_rejected_take_is_the_cause_of_the_next(film: Film) -> None:
    clip = planned().clips["A01_S01_SH001__empty_quay"]
    film.write("review/selects/A01_S01_SH001.yaml", f"clip_id: A01_S01_SH001\nrejected: [{clip.take.digest}]\n")
    assert causes() == {"review/selects/A01_S01_SH001.yaml: rejected": ["A01_S01_SH001"]}


def test_the_setting_of_another_layer_is_named_with_it(film: Film, monkeypatch: pytest.MonkeyPatch) -> None:
    film.write("project.env", "PROJECT_FPS=16\n")
    assert set(causes()) == {"project.env: PROJECT_FPS"}
    monkeypatch.setenv("PROJECT_FPS", "24")
    assert set(causes()) == {"environment: PROJECT_FPS"}


def test_the_length_of_the_clip_before_is_the_cause_of_what_goes_on_from_it(film: Film) -> None:
    film.edit_clip("A01_S02_SH001__wheelhouse", "seconds: 1.0", "seconds: 0.9")
    label = "prompts/clips/A01_S02_SH001__wheelhouse.yaml: render.duration, so the last frame of A01_S02_SH001"
    assert causes() == {label: ["A01_S02_SH002"]}


def test_an_old_take_that_is_shown_again_is_compared_with_itself(film: Film) -> None:
    old = planned().clips["A01_S01_SH001__empty_quay"]
    newer = old.take.path.with_name(f"{1:064x}.mp4")
    newer.write_bytes(b"a take")
    request = json.loads(canonical_json(old.take.request)) | {"prompt": "another"}
    record = {"request": request, "rendered_at": "2026-11-21T10:00:00+00:00"}
    newer.with_suffix(".json").write_text(json.dumps(record), encoding="utf-8")
    assert causes_of(planned().film, planned().clips["A01_S01_SH001__empty_quay"], "final") == []


def test_a_draft_is_no_earlier_final(film: Film) -> None:
    """Takes lie together; a tier is compared with what was made for it."""
    film.edit("metadata.yaml", "renderer: animatic", "renderer: ltx")
    lock = {slot: print_of(slot) for slot in MONOLITH_LOCK}
    film.write("film.lock.yaml", film_lock_text(FilmLock(models=lock)))
    plan = planned()
    clip = plan.clips["A01_S01_SH001__empty_quay"]
    assert [cause.label for cause in causes_of(plan.film, clip, "draft")] == [NEW]
    assert "metadata.yaml: renderer" in [cause.label for cause in causes_of(plan.film, clip, "final")]


def test_a_take_that_was_picked_is_the_cause_of_what_goes_on_from_it(film: Film) -> None:
    parent = planned().clips["A01_S02_SH001__wheelhouse"]
    other = parent.take.path.with_name(f"{1:064x}.mp4")
    other.write_bytes(b"a take")
    data = f"clip_id: A01_S02_SH001\nstate: picked\ntake: {other.stem}\ninstead_of: {parent.take.digest}\n"
    film.write("review/selects/A01_S02_SH001.yaml", data)
    label = "review/selects/A01_S02_SH001.yaml: another take of A01_S02_SH001 is shown"
    assert (causes(), report().follow) == ({label: ["A01_S02_SH002"]}, {})


def test_a_chain_follows_from_its_first_clip_that_is_rendered(film: Film) -> None:
    for number in (3, 4):
        clip_id, parent = f"A01_S02_SH00{number}", f"A01_S02_SH00{number - 1}"
        film.write(f"prompts/clips/{clip_id}__on.yaml", spec(clip_id, "On", "On.", inputs={"continue_from": parent}))
    make_takes(planned(), 21)
    film.edit_clip("A01_S02_SH001__wheelhouse", "pours tea", "pours rum")
    assert report().follow == {"A01_S02_SH001": ["A01_S02_SH002", "A01_S02_SH003", "A01_S02_SH004"]}
    assert (
        "  continues from A01_S02_SH001 → 3 clips follow (A01_S02_SH002, A01_S02_SH003, A01_S02_SH004)"
        in report().lines()
    )


def test_an_edit_after_an_undone_one_is_compared_with_the_take_before_both(film: Film) -> None:
    film.edit("prompts/characters.yaml", "in a yellow oilskin", "in a black oilskin")
    make_takes(planned(), day=21)
    film.edit("prompts/characters.yaml", "in a black oilskin", "in a yellow oilskin")
    film.edit("prompts/characters.yaml", "grey braid", "white braid")
    assert list(causes()) == ["prompts/characters.yaml: characters.mara.description"]
