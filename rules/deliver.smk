"""Versions of the film for somebody, as config/deliveries.yaml and the film's own deliveries.yaml declare them.

Needs: renders/final/<slug>.mp4 with its manifest and subtitles, renders/sound/<slug>.flac.
Makes: renders/deliveries/<slug>.<name>.<ext>, for stems <slug>.<name>.<stem>.wav; beside each its record
       <file>.delivery.json and, where declared, <file>.sha256.
"""

from vtx_app.workflow.deliver import DeliverRules

DELIVER = DeliverRules(BUILD)


rule delivery:
    input:
        DELIVER.delivery_inputs,  # the final and the mix, if they are missing or stale
    output:
        update(f"{ROOT}/{{project}}/renders/{{tier}}deliveries/{{file}}"),
    log:
        f"{ROOT}/{{project}}/logs/{{tier}}deliveries/{{file}}.log",
    benchmark:
        f"{ROOT}/{{project}}/logs/{{tier}}deliveries/{{file}}.benchmark.tsv"
    wildcard_constraints:
        file=r"[^/]+\.(mp4|mov|mkv|wav)",
    conda:
        "../envs/render.yaml"
    threads: NEEDS["delivery"].threads
    resources:
        **NEEDS["delivery"].resources,
    params:
        python=PYTHON,
    message:
        "Deliver {wildcards.file}"
    shell:
        "{params.python:q} -m vtx_app.jobs.delivery"
        " --project {wildcards.project:q}"
        " --log {log:q}"
        " --tier={wildcards.tier:q}"
        " --file {wildcards.file:q}"
