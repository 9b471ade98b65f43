"""Acts and the final cut, joined by stream copy.

Needs: renders/clips/*.mp4 of one film, all in the film's one codec setting.
Makes: renders/acts/<act>.mp4; renders/final/<slug>.mp4 with chapters, and its manifest.
"""


rule act:
    input:
        GRAPH.act_inputs,
    output:
        update(ROOT + "/{project}/renders/{tier}acts/{act}.mp4"),
    conda:
        "../envs/render.yaml"
    message:
        "Join act {wildcards.act} of {wildcards.project}"
    shell:
        "{PYTHON:q} -m vtx_app.jobs.cut"
        " --project {wildcards.project:q}"
        " --tier={wildcards.tier:q}"
        " --part {wildcards.act:q}"


rule final_cut:
    input:
        GRAPH.final_inputs,
    output:
        film=update(ROOT + "/{project}/renders/{tier}final/{project}.mp4"),
        manifest=update(ROOT + "/{project}/renders/{tier}final/{project}.manifest.json"),
    conda:
        "../envs/render.yaml"
    message:
        "Cut {wildcards.project}"
    shell:
        "{PYTHON:q} -m vtx_app.jobs.cut" " --project {wildcards.project:q}" " --tier={wildcards.tier:q}" " --part final"
