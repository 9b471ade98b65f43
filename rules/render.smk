"""Takes and clips.

Needs: projects/<slug>/metadata.yaml, prompts/, inputs/, film.lock.yaml.
Makes: renders/takes/<clip_id>/<digest>.mp4 and .json, once and for ever;
       renders/clips/<clip_id>__<slug>.mp4, the take conformed to delivery.
"""

TAKE = ROOT + "/{project}/renders/takes/{clip_id}/{digest}.mp4"


ruleorder: take > kept_take


rule take:
    input:
        GRAPH.take_inputs,
    output:
        TAKE,
    conda:
        "../envs/render.yaml"
    params:
        seconds=GRAPH.take_seconds,
    resources:
        gpu=GRAPH.gpu,
    message:
        "Render {wildcards.clip_id} of {wildcards.project}, {params.seconds} s of film"
    shell:
        "{PYTHON:q} -m vtx_app.jobs.take"
        " --project {wildcards.project:q}"
        " --clip {wildcards.clip_id:q}"
        " --digest {wildcards.digest:q}"


# An existing take asked for by its path: there is nothing to do.
rule kept_take:
    input:
        GRAPH.kept_take_inputs,
    output:
        TAKE,


rule clip:
    input:
        GRAPH.clip_inputs,
    output:
        update(ROOT + "/{project}/renders/{tier}clips/{clip}.mp4"),
    conda:
        "../envs/render.yaml"
    params:
        tier=lambda wildcards: wildcards.tier.rstrip("/") or "final",
    message:
        "Conform {wildcards.clip} of {wildcards.project}"
    shell:
        "{PYTHON:q} -m vtx_app.jobs.clip"
        " --project {wildcards.project:q}"
        " --tier {params.tier:q}"
        " --clip {wildcards.clip:q}"
