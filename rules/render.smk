"""Takes and clips.

Needs: projects/<slug>/metadata.yaml, prompts/, inputs/, film.lock.yaml.
Makes: renders/takes/<clip_id>/<digest>.mp4 and .json, once and for ever;
       renders/clips/<clip_id>__<slug>.mp4, the take conformed to delivery.
"""


rule take:
    input:
        GRAPH.take_inputs,
    output:
        ROOT + "/{project}/renders/takes/{clip_id}/{digest}.mp4",
    conda:
        "../envs/render.yaml"
    resources:
        gpu=GRAPH.gpu,
    message:
        "Render {wildcards.clip_id} of {wildcards.project}"
    shell:
        "{PYTHON:q} -m vtx_app.jobs.take"
        " --project {wildcards.project:q}"
        " --clip {wildcards.clip_id:q}"
        " --digest {wildcards.digest:q}"


rule clip:
    input:
        GRAPH.clip_inputs,
    output:
        update(ROOT + "/{project}/renders/{tier}clips/{clip}.mp4"),
    conda:
        "../envs/render.yaml"
    message:
        "Conform {wildcards.clip} of {wildcards.project}"
    shell:
        "{PYTHON:q} -m vtx_app.jobs.clip"
        " --project {wildcards.project:q}"
        " --tier={wildcards.tier:q}"
        " --clip {wildcards.clip:q}"
