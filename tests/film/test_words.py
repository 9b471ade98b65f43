"""Words that shots get from the screenplay, the style bible, places and LoRAs, in a film that is really built."""

from __future__ import annotations

import json

from kit.film import Film
from kit.planned_film import PlannedFilm, texts
from kit.shot import MONOLITH_LOCK
from vtx_app.formats.film_lock import FilmLock
from vtx_app.models.locked import film_lock_text

QUAY, MARA, WHEELHOUSE, WINDOW, DREAM = (
    *("A01_S01_SH001", "A01_S01_SH002", "A01_S02_SH001", "A01_S02_SH002", "A02_S01_SH002"),
)
SCENE = "story/03_screenplay/A01_S02__tea.md"


def prompts(film: Film) -> dict[str, str]:
    """Clip id → the prompt in the record of its only take."""
    records = (json.loads(path.read_text()) for path in (film.folder / "renders/takes").glob("*/*.json"))
    return {record["clip_id"]: record["request"]["prompt"] for record in records}


def test_a_film_of_all_kinds_of_words(film: Film) -> None:
    film.write(SCENE, "INT. FERRY - NIGHT (FOG)\n\nTea.\n\nEXT. QUAY - LATER\n\nNobody.\n")
    film.edit("prompts/style_bible.yaml", "profiles:", "global_sound: Real sound. No music.\nprofiles:")
    film.edit("prompts/style_bible.yaml", 'negative: ""', 'negative: "", sound: "a held note"')
    film.edit("prompts/locations.yaml", 'small ferry"', 'small ferry", sound: "the engine, idling"')
    film.edit("prompts/loras.yaml", "weight: 0.5}", "weight: 0.5, name: Dream, trigger: DRM, source: us, note: soft}")
    film.edit_clip("A01_S02_SH001__wheelhouse", "  negative: blur", "  negative: blur\n  sound: A kettle.")
    film.edit_clip("A02_S01_SH002__dream", "status:", "heading: {place: OPEN SEA, time: FIRST LIGHT}\nstatus:")
    film.build()
    found = prompts(film)
    assert found[WHEELHOUSE] == (
        "35mm film, soft grain. Clear northern daylight. Interior, fog. A ferrywoman of fifty, grey braid, weathered "
        "hands, in a black Sunday coat. The wheelhouse of a small ferry. In the wheelhouse Mara pours tea. Mara says "
        'in a low, dry voice: "Nobody today." Real sound. No music. The engine, idling. A kettle.'
    )
    assert found[WINDOW].startswith("35mm film, soft grain. Clear northern daylight. Interior, fog. The wheelhouse")
    assert found[DREAM] == (
        "35mm film, soft grain. Milky, slow, overexposed. Open sea, first light. The sea lies still as milk. Real "
        "sound. No music. A held note."
    )
    assert all("DRM" not in prompt for prompt in found.values())  # a storyboard loads no LoRA

    planned = PlannedFilm(film.root, before=texts(film))
    assert planned.dry_run().nothing
    planned.edit(SCENE, "EXT. QUAY - LATER", "EXT. QUAY - DAWN")  # no shot of the scene is there
    assert planned.dry_run().nothing
    planned.edit(SCENE, "(FOG)", "(RAIN)")
    assert planned.dry_run().takes == [WHEELHOUSE, WINDOW]
    planned.edit(SCENE, "(RAIN)", "(FOG)")
    planned.edit("story/03_screenplay/A01_S01__the_quay.md", "INT. QUAY", "EXT. QUAY")
    assert planned.dry_run().takes == [QUAY, MARA]
    planned.edit("story/03_screenplay/A01_S01__the_quay.md", "EXT. QUAY", "INT. QUAY")
    planned.edit("prompts/locations.yaml", "the engine, idling", "the engine, stopped")
    assert planned.dry_run().takes == [WHEELHOUSE, WINDOW]
    planned.edit("prompts/locations.yaml", "the engine, stopped", "the engine, idling")
    planned.edit_clip("A01_S02_SH002__the_window", "status:", "heading: {setting: EXT}\nstatus:")
    assert planned.dry_run().takes == [WINDOW]


def test_a_film_from_before_is_told_how_to_have_them(film: Film) -> None:
    film.edit("metadata.yaml", "renderer: animatic", "renderer: ltx")
    film.write("film.lock.yaml", film_lock_text(FilmLock(models=MONOLITH_LOCK)))
    told = [line.strip() for line in film.dry_run().text.splitlines() if "vtx models lock" in line]
    assert told == [
        "locked before VTX had headings of scenes in prompts and LTX-2's own negative prompt before the film's, so "
        "rendered without; vtx models lock harbour moves it (no take to render again)"
    ]
