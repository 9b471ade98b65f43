"""The trigger words of LoRAs in a prompt."""

from __future__ import annotations

import pytest

from kit.shot import Shot
from vtx_app.compile.request import LoraInput
from vtx_app.errors import ModelError


def test_a_shot_has_the_trigger_words_of_the_loras_that_it_loads(shot: Shot) -> None:
    shot.film.edit("prompts/loras.yaml", "weight: 0.8}", "weight: 0.8, trigger: HARBR, name: Harbour, source: us}")
    plain = shot.write().compile().request
    assert not plain.prompt.startswith("HARBR")
    core = {"continuity": {"shared_loras_profile": "core"}}
    loaded = shot.write(**core).compile().request
    assert loaded.prompt == f"HARBR {plain.prompt}"
    own = shot.write(**core, loras=[{"env_path": "LTX_IC_LORA_PATH", "trigger": "dolly in"}]).compile().request
    assert own.prompt == f"HARBR dolly in {plain.prompt}"
    assert shot.compile(renderer="animatic").request.prompt.startswith("35mm film")  # a storyboard loads none
    distilled = shot.write(**core, render={"pipeline": "distilled"}).compile().request
    assert distilled.prompt == plain.prompt  # it does not load the LoRA that distils


def test_words_about_a_lora_decide_nothing(shot: Shot) -> None:
    shot.write(continuity={"shared_loras_profile": "core"})
    before = shot.compile().request
    shot.film.edit("prompts/loras.yaml", "weight: 0.8}", "weight: 0.8, name: Core, source: us, note: soft}")
    assert shot.compile().request == before
    shot.film.edit("prompts/loras.yaml", "{env_path: LTX_DISTILLED", "{env: LTX_DISTILLED")
    assert shot.compile().request == before


def test_a_camera_lora_is_known_before_its_variable_is_set(shot: Shot) -> None:
    shot.write(loras=[{"env_path": "LTX_LORA_DOLLY_IN_PATH", "trigger": "dolly in"}])
    assert shot.compile(renderer="animatic").request.loras == (LoraInput("LTX_LORA_DOLLY_IN_PATH", 1.0),)
    with pytest.raises(ModelError, match=r"LTX_LORA_DOLLY_IN_PATH is not set; set it in config/models\.env"):
        shot.compile()
