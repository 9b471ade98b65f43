"""The film's one sound track, mixed from the sound of its takes, never from clips.

Needs: the takes heard in the film; inputs/audio/*, where the edit lays music and effects.
Makes: renders/sound/<slug>.flac, as long as the film to the sample; renders/sound/<slug>.sound.json, what was measured.
"""

from vtx_app.workflow.sound import SoundRules

SOUND = SoundRules(BUILD)


rule mix:
    input:
        SOUND.mix_inputs,  # the takes heard that are missing
    output:
        sound=update(f"{ROOT}/{{project}}/renders/{{tier}}sound/{{project}}.flac"),
        report=update(f"{ROOT}/{{project}}/renders/{{tier}}sound/{{project}}.sound.json"),
    log:
        f"{ROOT}/{{project}}/logs/{{tier}}sound/{{project}}.log",
    priority: 1  # before clips: it takes long on one core
    conda:
        "../envs/render.yaml"
    resources:
        **NEEDS["mix"].resources,
    params:
        python=PYTHON,
    message:
        "Mix the sound of {wildcards.project}"
    shell:
        "{params.python:q} -m vtx_app.jobs.warm vtx_app.jobs.mix"
        " --project {wildcards.project:q}"
        " --log {log:q}"
        " --tier={wildcards.tier:q}"
