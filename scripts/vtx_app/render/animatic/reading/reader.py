"""A render request's staging → its reading: structure first, and of prose only what is said to be so."""

from __future__ import annotations

from vtx_app.compile.request import RenderRequest, StagedEarlier, StagedHeading, Staging
from vtx_app.render.animatic.reading.blocking import place_people, shoulder
from vtx_app.render.animatic.reading.cameras import read_camera
from vtx_app.render.animatic.reading.cast import read_cast
from vtx_app.render.animatic.reading.close_ups import close_on, subject_of
from vtx_app.render.animatic.reading.extras import extras, mount_of
from vtx_app.render.animatic.reading.held import held_sky, held_time, held_weather, in_the_light
from vtx_app.render.animatic.reading.model import Evidence, Reading
from vtx_app.render.animatic.reading.passages import passages_of
from vtx_app.render.animatic.reading.places import read_place
from vtx_app.render.animatic.reading.seats import seat_people
from vtx_app.render.animatic.reading.skies import read_dark, read_sky, read_time
from vtx_app.render.animatic.reading.text import Passage
from vtx_app.render.animatic.reading.things import read_things
from vtx_app.render.animatic.reading.weather import read_weather

__all__ = ["read_shot"]


def read_shot(request: RenderRequest) -> Reading:
    """What ``request`` shows, as far as its words say. The same request gives the same reading."""
    staging = request.staging or Staging(request.prompt, (), ())
    passages, foreign = passages_of(staging)
    earlier = staging.earlier or StagedEarlier()
    action, world, style = (
        passages["prompt.positive"],
        passages["world"],
        [passages["profile"], passages["global_prefix"]],
    )
    places = [passages[f"locations.{place.id}.description"] for place in staging.locations]
    refused = Passage("negative", request.negative)
    heading = staging.heading or StagedHeading()
    words: list[Evidence] = []
    notes: list[str] = []

    place = read_place(heading, staging.locations, [world, *places], words)
    time = read_time(heading.time, [world, *places, *style], words, held_time(earlier))
    weather = read_weather(heading.weather, [world, *places, passages["profile"]], words, held_weather(earlier))
    sky = read_sky([world, *places, passages["profile"]], words, held_sky(earlier))
    dark = read_dark(world, words) or bool(earlier.dark)
    if earlier.dark:
        words.append(Evidence("dark", "earlier.dark", "dark"))
    camera = read_camera(staging.size, staging.angle, staging.movement, staging.clip, action, words, notes)
    angle, at = f"{staging.size}, {staging.angle}", f"shots.{staging.clip}.angle"
    people = place_people(read_cast(staging, action, foreign, words), action, camera, words, angle, at)
    people, camera = shoulder(people, camera, action, words)
    people = close_on(seat_people(people, action, words), staging.size, camera, action, words)
    acting = frozenset(person.what for person in people if person.kind == "thing") | {place.kind}
    if camera.size not in ("insert", "extreme_close"):
        acting |= {each.kind for person in people if person.seen for each in person.wears} & {"boots"}  # on their feet
    if "radio" not in action.low and ("phone" in action.low or any("receiver" in each.holds for each in people)):
        acting |= {"radio"}  # the receiver is that of a telephone
    things = in_the_light(read_things([world, *places], refused, words, acting), earlier.lights, camera.size, words)
    others = extras(world, people, refused, words)
    others = (*others, *mount_of((*people, *others), things, place, words))
    seen = [person for person in people if person.seen]
    unseen = [person for person in people if not person.seen]
    return Reading(
        staging.clip,
        place,
        time,
        weather,
        sky,
        dark,
        (*seen, *others, *unseen),
        things,
        camera,
        subject_of(action, camera, shown=bool(seen or others or things)),
        tuple(words),
        tuple(notes),
    )
