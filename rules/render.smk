"""Takes and clips.

Needs: projects/<slug>/metadata.yaml, prompts/, inputs/, film.lock.yaml.
Makes: renders/takes/<clip_id>/<digest>.mp4 and .json, written once;
       renders/clips/<clip_id>__<slug>.mp4, the take conformed to delivery.

An input is only what this build makes: a take that exists and a clip that is current are not declared, so Snakemake
has nothing to decide about them. The jobs find their files by the plan.
"""

from vtx_app.workflow.render import RenderRules

RENDER = RenderRules(BUILD, ENVIRONMENTS)


rule take:
    input:
        RENDER.take_inputs,  # the take it continues from and the film's Python, if they are missing
    output:
        update(f"{ROOT}/{{project}}/renders/takes/{{clip_id}}/{{digest}}.mp4"),
    log:
        f"{ROOT}/{{project}}/logs/takes/{{clip_id}}.{{digest}}.log",
    priority: RENDER.priority
    group:
        RENDER.group
    conda:
        RENDER.conda
    threads: NEEDS["take"].threads
    resources:
        **NEEDS["take"].resources,
        gpu=RENDER.gpu,
    params:
        python=RENDER.python,
        start=RENDER.take_start,
        tier=RENDER.take_tier,
    message:
        "Render {wildcards.clip_id} of {wildcards.project}"
    shell:
        "{params.python:q} -m {params.start}"
        " --project {wildcards.project:q}"
        " --log {log:q}"
        " --tier {params.tier}"
        " --clip {wildcards.clip_id:q}"
        " --digest {wildcards.digest:q}"


rule clip:
    input:
        RENDER.clip_inputs,  # its take, the film's Python and the checks, if they are missing
    output:
        update(f"{ROOT}/{{project}}/renders/{{tier}}clips/{{clip}}.mp4"),
    log:
        f"{ROOT}/{{project}}/logs/{{tier}}clips/{{clip}}.log",
    conda:
        RENDER.conda
    resources:
        **NEEDS["clip"].resources,
    params:
        python=RENDER.python,
    message:
        "Conform {wildcards.clip} of {wildcards.project}"
    shell:
        "{params.python:q} -m vtx_app.jobs.warm vtx_app.jobs.clip"
        " --project {wildcards.project:q}"
        " --log {log:q}"
        " --tier={wildcards.tier:q}"
        " --clip {wildcards.clip:q}"
