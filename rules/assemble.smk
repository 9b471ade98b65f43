"""Acts and the final cut, joined by stream copy; what the cut draws between and over clips.

Needs: renders/clips/*.mp4 of one film, all in the film's one codec setting; takes.
Makes: renders/inserts/<name>.mp4 (a transition, a title, still frames); renders/acts/<act>.mp4;
       renders/final/<slug>.mp4 with chapters, and its manifest; renders/final/<slug>.poster.jpg, one frame of a take.
"""

from vtx_app.workflow.assemble import AssembleRules

ASSEMBLE = AssembleRules(BUILD)


rule insert:
    input:
        ASSEMBLE.insert_inputs,  # the takes seen in it that are missing
    output:
        update(f"{ROOT}/{{project}}/renders/{{tier}}inserts/{{piece}}.mp4"),
    log:
        f"{ROOT}/{{project}}/logs/{{tier}}inserts/{{piece}}.log",
    conda:
        "../envs/render.yaml"
    resources:
        **NEEDS["insert"].resources,
    params:
        python=PYTHON,
    message:
        "Draw {wildcards.piece} of {wildcards.project}"
    shell:
        "{params.python:q} -m vtx_app.jobs.warm vtx_app.jobs.insert"
        " --project {wildcards.project:q}"
        " --log {log:q}"
        " --tier={wildcards.tier:q}"
        " --insert {wildcards.piece:q}"


rule act:
    input:
        ASSEMBLE.act_inputs,  # its clips and drawn pieces that are missing or stale, takes that it hears
    output:
        update(f"{ROOT}/{{project}}/renders/{{tier}}acts/{{act}}.mp4"),
    log:
        f"{ROOT}/{{project}}/logs/{{tier}}acts/{{act}}.log",
    conda:
        "../envs/render.yaml"
    resources:
        **NEEDS["act"].resources,
    params:
        python=PYTHON,
    message:
        "Join act {wildcards.act} of {wildcards.project}"
    shell:
        "{params.python:q} -m vtx_app.jobs.warm vtx_app.jobs.cut"
        " --project {wildcards.project:q}"
        " --log {log:q}"
        " --tier={wildcards.tier:q}"
        " --part {wildcards.act:q}"


rule final_cut:
    input:
        ASSEMBLE.final_inputs,  # the acts (or clips), mix, poster and subtitles that are missing or stale
    output:
        film=report(
            update(f"{ROOT}/{{project}}/renders/{{tier}}final/{{project}}.mp4"),
            caption="report/final.rst",
            category="Film",
            labels={"film": "{project}", "what": "final cut"},
        ),
        manifest=report(
            update(f"{ROOT}/{{project}}/renders/{{tier}}final/{{project}}.manifest.json"),
            caption="report/manifest.rst",
            category="Film",
            labels={"film": "{project}", "what": "manifest"},
        ),
    log:
        f"{ROOT}/{{project}}/logs/{{tier}}final/{{project}}.log",
    conda:
        "../envs/render.yaml"
    resources:
        **NEEDS["final_cut"].resources,
    params:
        python=PYTHON,
    message:
        "Cut {wildcards.project}"
    shell:
        "{params.python:q} -m vtx_app.jobs.warm vtx_app.jobs.cut"
        " --project {wildcards.project:q}"
        " --log {log:q}"
        " --tier={wildcards.tier:q}"
        " --part final"


rule poster:
    input:
        ASSEMBLE.poster_inputs,  # the take that it is a frame of, if that is missing
    output:
        update(f"{ROOT}/{{project}}/renders/{{tier}}final/{{project}}.poster.jpg"),
    log:
        f"{ROOT}/{{project}}/logs/{{tier}}final/{{project}}.poster.log",
    conda:
        "../envs/render.yaml"
    resources:
        **NEEDS["poster"].resources,
    params:
        python=PYTHON,
    message:
        "Take the poster of {wildcards.project}"
    shell:
        "{params.python:q} -m vtx_app.jobs.warm vtx_app.jobs.poster"
        " --project {wildcards.project:q}"
        " --log {log:q}"
        " --tier={wildcards.tier:q}"
