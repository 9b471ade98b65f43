"""The story: outline, treatment, bibles, screenplay, shot list, clip specs.

Needs: projects/<slug>/story/00_brief.md (writer openai) or story/screenplay.fountain or .fdx (writer fountain),
       and for every stage, the files of the stages before it.
Makes: story/01_outline.yaml, story/02_treatment.md, prompts/characters.yaml, prompts/locations.yaml,
       story/03_screenplay/<scene>.md, story/04_shotlist.yaml, prompts/clips/<clip>.yaml;
       story/.answers, story/.generated: a model's answers, and what was generated last.

An input is only what this build writes: files of a person and of current stages are not declared.
"""

from vtx_app.workflow.story import StoryRules

STORY = StoryRules(BUILD)


rule outline:
    input:
        STORY.stage_inputs("outline"),
    output:
        update(f"{ROOT}/{{project}}/story/01_outline.yaml"),
    log:
        f"{ROOT}/{{project}}/logs/story/outline.log",
    conda:
        "../envs/story.yaml"
    resources:
        **NEEDS["story"].resources,
        llm=STORY.calls("outline"),
    params:
        python=PYTHON,
        stage="outline",
    message:
        "Write the {params.stage} of {wildcards.project}"
    shell:
        "{params.python:q} -m vtx_app.jobs.story"
        " --project {wildcards.project:q}"
        " --log {log:q}"
        " --stage {params.stage:q}"
        " --at-once {resources.llm}"


use rule outline as treatment with:
    input:
        STORY.stage_inputs("treatment"),
    output:
        update(f"{ROOT}/{{project}}/story/02_treatment.md"),
    log:
        f"{ROOT}/{{project}}/logs/story/treatment.log",
    resources:
        **NEEDS["story"].resources,
        llm=STORY.calls("treatment"),
    params:
        python=PYTHON,
        stage="treatment",


use rule outline as bibles with:
    input:
        STORY.stage_inputs("bibles"),
    output:
        update(f"{ROOT}/{{project}}/prompts/characters.yaml"),
        update(f"{ROOT}/{{project}}/prompts/locations.yaml"),
    log:
        f"{ROOT}/{{project}}/logs/story/bibles.log",
    resources:
        **NEEDS["story"].resources,
        llm=STORY.calls("bibles"),
    params:
        python=PYTHON,
        stage="bibles",


use rule outline as screenplay with:
    input:
        STORY.stage_inputs("screenplay"),
    output:
        update(f"{ROOT}/{{project}}/story/.generated/screenplay.json"),
    log:
        f"{ROOT}/{{project}}/logs/story/screenplay.log",
    resources:
        **NEEDS["story"].resources,
        llm=STORY.calls("screenplay"),
    params:
        python=PYTHON,
        stage="screenplay",


use rule outline as shotlist with:
    input:
        STORY.stage_inputs("shotlist"),
    output:
        update(f"{ROOT}/{{project}}/story/04_shotlist.yaml"),
    log:
        f"{ROOT}/{{project}}/logs/story/shotlist.log",
    resources:
        **NEEDS["story"].resources,
        llm=STORY.calls("shotlist"),
    params:
        python=PYTHON,
        stage="shotlist",


# A checkpoint, because a film without specs has no clips to plan. Only the final of such a film waits for it.
checkpoint clip_specs:
    input:
        STORY.stage_inputs("clips"),
    output:
        update(f"{ROOT}/{{project}}/story/.generated/clips.json"),
    log:
        f"{ROOT}/{{project}}/logs/story/clips.log",
    conda:
        "../envs/story.yaml"
    resources:
        **NEEDS["story"].resources,
        llm=STORY.calls("clips"),
    params:
        python=PYTHON,
        stage="clips",
    message:
        "Write the clip specs of {wildcards.project}"
    shell:
        "{params.python:q} -m vtx_app.jobs.story"
        " --project {wildcards.project:q}"
        " --log {log:q}"
        " --stage {params.stage:q}"
        " --at-once {resources.llm}"


# One scene or one spec, as a target by its path.


rule scene:
    input:
        STORY.scene_inputs,
    output:
        update(f"{ROOT}/{{project}}/story/03_screenplay/{{scene}}.md"),
    log:
        f"{ROOT}/{{project}}/logs/story/{{scene}}.log",
    conda:
        "../envs/story.yaml"
    resources:
        **NEEDS["story"].resources,
        llm=1,
    params:
        python=PYTHON,
        stage="screenplay",
        only=lambda wildcards: wildcards.scene,
    message:
        "Write {params.only} of {wildcards.project}"
    shell:
        "{params.python:q} -m vtx_app.jobs.story"
        " --project {wildcards.project:q}"
        " --log {log:q}"
        " --stage {params.stage:q}"
        " --at-once {resources.llm}"
        " --only {params.only:q}"


use rule scene as clip_spec with:
    input:
        STORY.spec_inputs,
    output:
        update(f"{ROOT}/{{project}}/prompts/clips/{{clip}}.yaml"),
    log:
        f"{ROOT}/{{project}}/logs/story/{{clip}}.log",
    params:
        python=PYTHON,
        stage="clips",
        only=lambda wildcards: wildcards.clip,
