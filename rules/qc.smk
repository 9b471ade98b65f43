"""The checks of a film's takes: black, frozen, flashes, silence, drift and the like.

Needs: the takes that the film shows.
Makes: renders/qc/<clip_id>/<digest>.json, what was measured of a take, once; renders/qc/<slug>.json, what is wrong.
       With qc.policy reroll: failed takes in review/selects/<clip_id>.yaml, so that those shots get another seed.

One job measures all takes: a job for each would take longer to start than to measure.
"""

from vtx_app.workflow.qc import QcRules

QC = QcRules(BUILD)


# A checkpoint, because what fails decides which takes are rendered next. Only the named targets of films with
# qc.policy reroll ask for it, and only while takes are to be measured: a film that is checked has none.
checkpoint check_round:
    input:
        QC.round_inputs,  # the takes that are missing
    output:
        update(f"{ROOT}/{{project}}/renders/{{tier}}qc/{{project}}.{{round}}.round"),
    log:
        f"{ROOT}/{{project}}/logs/{{tier}}qc.{{round}}.log",
    wildcard_constraints:
        round=r"[0-9a-f]{16}",
    conda:
        "../envs/render.yaml"
    threads: QC.threads
    resources:
        **NEEDS["check_round"].resources,
    params:
        python=PYTHON,
    message:
        "Check the takes of {wildcards.project}, for shots that need another seed"
    shell:
        "{params.python:q} -m vtx_app.jobs.qc"
        " --project {wildcards.project:q}"
        " --log {log:q}"
        " --tier={wildcards.tier:q}"
        " --threads {threads}"
        " --round {output:q}"


rule check_takes:
    input:
        QC.inputs,  # the takes that are missing
    output:
        report(
            update(f"{ROOT}/{{project}}/renders/{{tier}}qc/{{project}}.json"),
            caption="report/qc.rst",
            category="Review",
            labels={"film": "{project}", "what": "checks of takes"},
        ),
    log:
        f"{ROOT}/{{project}}/logs/{{tier}}qc.log",
    conda:
        "../envs/render.yaml"
    threads: QC.threads
    resources:
        **NEEDS["check_takes"].resources,
    params:
        python=PYTHON,
    message:
        "Check the takes of {wildcards.project}"
    shell:
        "{params.python:q} -m vtx_app.jobs.qc"
        " --project {wildcards.project:q}"
        " --log {log:q}"
        " --tier={wildcards.tier:q}"
        " --threads {threads}"
