"""Takes and clips.

Needs: projects/<slug>/metadata.yaml, prompts/, inputs/, film.lock.yaml.
Makes: renders/takes/<clip_id>/<digest>.mp4 and .json, once and for ever;
       renders/clips/<clip_id>__<slug>.mp4, the take conformed to delivery.
"""


rule take:
    input:
        GRAPH.take_inputs,
    output:
        update(f"{ROOT}/{{project}}/renders/takes/{{clip_id}}/{{digest}}.mp4"),
    log:
        f"{ROOT}/{{project}}/logs/takes/{{clip_id}}.{{digest}}.log",
    priority: GRAPH.priority
    conda:
        GRAPH.conda
    resources:
        gpu=GRAPH.gpu,
    params:
        python=GRAPH.python,
        tier=GRAPH.take_tier,
    message:
        "Render {wildcards.clip_id} of {wildcards.project}"
    shell:
        "{params.python:q} -m vtx_app.jobs.take"
        " --project {wildcards.project:q}"
        " --log {log:q}"
        " --tier {params.tier}"
        " --clip {wildcards.clip_id:q}"
        " --digest {wildcards.digest:q}"


rule clip:
    input:
        GRAPH.clip_inputs,
    output:
        update(f"{ROOT}/{{project}}/renders/{{tier}}clips/{{clip}}.mp4"),
    log:
        f"{ROOT}/{{project}}/logs/{{tier}}clips/{{clip}}.log",
    conda:
        GRAPH.conda
    params:
        python=GRAPH.python,
    message:
        "Conform {wildcards.clip} of {wildcards.project}"
    shell:
        "{params.python:q} -m vtx_app.jobs.clip"
        " --project {wildcards.project:q}"
        " --log {log:q}"
        " --tier={wildcards.tier:q}"
        " --clip {wildcards.clip:q}"
