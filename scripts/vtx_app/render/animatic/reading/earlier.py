"""What holds from the earlier shots of a scene where a shot says nothing of it: the hour, the weather, the light.

Each shot's own words change it: the rain of the first shot falls until one says that it has stopped. Only readings are
carried, never texts, so that other edits of an earlier shot leave the later ones alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from vtx_app.compile.request import StagedEarlier, StagedHeading, StagedLight, StagedWeather, Staging
from vtx_app.render.animatic.reading.held import ELECTRIC, LIGHTS, brightens, described, held_weather, in_the_light
from vtx_app.render.animatic.reading.lasting import may_last
from vtx_app.render.animatic.reading.model import Evidence, Sky, Thing, TimeOfDay, Weather
from vtx_app.render.animatic.reading.passages import passages_of
from vtx_app.render.animatic.reading.skies import read_dark, read_sky, read_time, stays_dark
from vtx_app.render.animatic.reading.text import Passage
from vtx_app.render.animatic.reading.things import read_lights, read_things
from vtx_app.render.animatic.reading.weather import Said, read_weather, weather_in

__all__ = ["read_earlier"]

By = Mapping[str, tuple[tuple[int, str], ...]]
"""Field of :class:`StagedEarlier` → the shots that decide it: the number of each, and its words with their reading."""

_COVERED = ("rain", "storm", "snow", "fog", "cloud", "dust")
_HEARD = ("rain", "storm")
_NIGHT = ("night", "evening")
_BRIGHT = ("dawn", "morning", "day", "afternoon")


@dataclass(frozen=True, slots=True)
class _Own:
    """What a shot's own words say of what lasts longer than the shot; ``night``: it is, also by its heading."""

    time: TimeOfDay | None
    night: bool
    weather: Said | None
    sky: Mapping[str, bool]
    dark: str
    lights: tuple[tuple[Thing, bool], ...]
    words: tuple[Evidence, ...]

    def text(self, value: str) -> str:
        return ", ".join(dict.fromkeys(each.text for each in self.words if each.value.partition(".")[0] == value))


@dataclass(frozen=True, slots=True)
class _State:
    """What holds after some shots, and ``by`` which of them."""

    time: TimeOfDay | None = None
    weather: Said | None = None
    sky: Mapping[str, bool] = field(default_factory=dict)
    dark: bool = False
    lights: Mapping[str, StagedLight] = field(default_factory=dict)
    by: By = field(default_factory=dict)


def read_earlier(
    staging: Staging, before: Sequence[Staging], *, painted: bool = True
) -> tuple[StagedEarlier | None, By]:
    """What holds in a shot from those ``before`` it at its place, in order: only what changes how the shot is drawn.

    ``painted``: its picture is painted from its words, not given. Of what holds, a given picture has only the sound.
    """
    shots = tuple(before)
    for end in range(0, len(shots), _STEP):  # kept, so that the recursion is never deeper than a step
        _state(shots[:end])
    state = _state(shots)
    if state == _State():
        return None, {}
    found = _needed(staging, state, painted=painted)
    return (found, {each: by for each, by in state.by.items() if getattr(found, each)}) if found else (None, {})


_STEP = 200


@lru_cache(maxsize=1024)
def _state(shots: tuple[Staging, ...]) -> _State:
    """What holds when ``shots`` are over."""
    return _after(_state(shots[:-1]), len(shots) - 1, _own(shots[-1])) if shots else _State()


@lru_cache(maxsize=4096)
def _own(staging: Staging) -> _Own:
    words: list[Evidence] = []
    heading = staging.heading or StagedHeading()
    if not may_last(staging.action):
        return _Own(None, read_time(heading.time, (), []) in _NIGHT, None, {}, "", (), ())
    action = _action(staging)
    time = read_time("", [action], words)
    sky = read_sky([action], words)
    night = (read_time(heading.time, (), []) or time) in _NIGHT
    return _Own(time, night, weather_in(action), dict(_facts(sky)), stays_dark(action), read_lights(action),
                tuple(words))  # fmt: skip


def _action(staging: Staging) -> Passage:
    return passages_of(staging)[0]["world"]


def _facts(sky: Sky) -> Iterator[tuple[str, bool]]:
    return ((name, there) for name in ("sun", "moon", "stars") if (there := getattr(sky, name)) is not None)


def _after(state: _State, number: int, own: _Own) -> _State:
    """What holds when a shot is over whose words are ``own``."""
    for change in (_timed, _weathered, _skied, _lit):
        state = change(state, number, own)
    return state


def _by(state: _State, what: str, number: int, text: str, *, alone: bool = False) -> By:
    earlier = () if alone else state.by.get(what, ())
    return {**state.by, what: (*earlier, (number, text))}


def _timed(state: _State, number: int, own: _Own) -> _State:
    if own.time is None or own.time == state.time:
        return state
    sky = {name: there for name, there in state.sky.items() if not there} if state.time else state.sky
    by = _by(state, "time", number, f"{own.text('time')}: {own.time}", alone=True)
    return replace(state, time=own.time, sky=sky, dark=state.dark and own.time not in _BRIGHT, by=by)


def _weathered(state: _State, number: int, own: _Own) -> _State:
    said = own.weather
    if said is None:
        held = state.weather
        if not own.sky.get("sun") or held is None or held.weather.kind not in _COVERED:
            return state
        said = Said(Weather(), (own.text("sky"),), none=True, ended=True)  # the sun is out
    weather = said.after(state.weather).at_the_end()
    if state.weather is not None and weather.lasting == state.weather.lasting:
        return state
    text = f"{', '.join(dict.fromkeys(said.texts))}: {described(weather)}"
    by = _by(state, "weather", number, text, alone=weather.lasting == said.at_the_end().lasting)
    return replace(state, weather=weather, by=by)


def _skied(state: _State, number: int, own: _Own) -> _State:
    sky = dict(state.sky)
    if own.weather is not None and own.weather.weather.kind in _COVERED:
        sky = {name: there for name, there in sky.items() if not there}
    sky |= own.sky
    if sky == state.sky:
        return state
    by = _by(state, "sky", number, f"{own.text('sky')}: {', '.join(_named(sky))}" if own.sky else "covered")
    return replace(state, sky=sky, by=by)


def _named(sky: Mapping[str, bool]) -> tuple[str, ...]:
    return tuple(name if there else f"no {name}" for name, there in sorted(sky.items()))


def _lit(state: _State, number: int, own: _Own) -> _State:
    lights, dark, by = dict(state.lights), state.dark, state.by
    if own.dark:
        lights = {kind: replace(each, burns=each.burns and kind not in ELECTRIC) for kind, each in lights.items()}
    for each, carried in own.lights:
        burns = each.change != "ends" if each.change else bool(each.lit)
        lights[each.kind] = StagedLight(each.kind, burns, 0 if carried else each.count)
    ends = own.night and any(each.change == "ends" and each.kind in LIGHTS for each, _ in own.lights)
    if own.dark or (ends and not any(each.burns and kind in LIGHTS for kind, each in lights.items())):
        dark = True
    if brightens(each for each, _ in own.lights) or own.sky.get("sun"):
        dark = False
    changed = sorted(kind for kind, each in lights.items() if state.lights.get(kind) != each)
    text = ", ".join(f"{kind} {'burns' if lights[kind].burns else 'is out'}" for kind in changed)
    if dark != state.dark:
        by = _by(state, "dark", number, own.dark or text, alone=True)
    if lights != state.lights:
        by = {**by, "lights": (*by.get("lights", ()), (number, text))}
    return replace(state, lights=lights, dark=dark, by=by)


def _needed(staging: Staging, state: _State, *, painted: bool) -> StagedEarlier | None:
    """What of ``state`` changes how the shot is drawn; None if nothing does."""
    shot = _Shot.of(staging)
    weather = shot.needed_weather(state.weather, painted=painted)
    if not painted:
        return StagedEarlier(weather=weather) if weather else None
    own = _own(staging)
    dark = state.dark and not read_dark(shot.action, []) and own.time not in _BRIGHT
    dark = dark and not brightens(each for each, _ in own.lights)
    held = StagedEarlier(
        shot.needed_time(state.time),
        weather,
        _named(shot.needed_sky(state.sky)),
        dark or None,
        shot.needed_lights(state.lights),
    )
    return held if held != StagedEarlier() else None


@dataclass(frozen=True, slots=True)
class _Shot:
    """A shot's passages as the reader has them, to read them with and without what is held."""

    staging: Staging
    heading: StagedHeading
    action: Passage
    places: tuple[Passage, ...]
    profile: Passage
    film: Passage

    @classmethod
    def of(cls, staging: Staging) -> _Shot:
        passages, _ = passages_of(staging)
        places = (passages[f"locations.{place.id}.description"] for place in staging.locations)
        return cls(staging, staging.heading or StagedHeading(), passages["world"], tuple(places),
                   passages["profile"], passages["global_prefix"])  # fmt: skip

    def needed_time(self, held: TimeOfDay | None) -> TimeOfDay | None:
        passages = (self.action, *self.places, self.profile, self.film)
        found, without = (read_time(self.heading.time, passages, [], each) for each in (held, None))
        return held if found != without else None

    def needed_weather(self, held: Said | None, *, painted: bool) -> StagedWeather | None:
        if held is None:
            return None
        inside, weather = self.heading.setting == "INT", held.weather
        ground = painted and not inside  # else it is not in the picture
        staged = StagedWeather(weather.kind or "", over=held.ended)
        if painted:
            lying = ground and weather.lying_snow
            staged = replace(
                staged, heavy=weather.heavy, wind=weather.wind, wet=ground and weather.wet, lying_snow=lying
            )
        found, without = (self._weather(each) for each in (held_weather(StagedEarlier(weather=staged)), None))
        if not painted:
            heard = {each.kind if each.kind in _HEARD and not inside else None for each in (found, without)}
            return staged if len(heard) > 1 else None
        if inside:
            found, without = (replace(each, wet=False, lying_snow=False) for each in (found, without))
        return staged if found != without else None

    def _weather(self, held: Said | None) -> Weather:
        return read_weather(self.heading.weather, (self.action, *self.places, self.profile), [], held)

    def needed_sky(self, held: Mapping[str, bool]) -> Mapping[str, bool]:
        passages = (self.action, *self.places, self.profile)
        found, without = (dict(_facts(read_sky(passages, [], Sky(**each)))) for each in (held, {}))
        own = weather_in(self.action)
        covered = own is not None and own.weather.kind in _COVERED
        return {name: there for name, there in held.items()
                if found[name] != without.get(name) and not (covered and there)}  # fmt: skip

    def needed_lights(self, held: Mapping[str, StagedLight]) -> tuple[StagedLight, ...]:
        if not held:
            return ()
        from vtx_app.render.animatic.reading.cameras import read_camera  # few shots need it while the film is planned

        things = read_things((self.action, *self.places), Passage("", ""), [])
        size = read_camera(self.staging.size, "", "", self.staging.clip, self.action, [], []).size
        return tuple(each for _, each in sorted(held.items()) if in_the_light(things, (each,), size, []) != things)
