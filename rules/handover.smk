"""The folder that an editor opens: takes with handles, and the cut as lists of every kind.

Needs: the takes of the film; renders/sound/<slug>.flac; its subtitles, where somebody speaks.
Makes: renders/handover/<slug>/: media/*.mov, music/*, stems/*.wav, <slug>.otio, .xml, .fcpxml, .edl, .ale, README.txt;
       <slug>.handover.json, which says what they were made from. Files that are there are not written again.
"""

from vtx_app.workflow.handover import HandoverRules

HANDOVER = HandoverRules(BUILD)


rule handover_folder:
    input:
        HANDOVER.handover_inputs,  # the takes, the mix and the subtitles, if they are missing or stale
    output:
        update(f"{ROOT}/{{project}}/renders/{{tier}}handover/{{project}}/{{project}}.handover.json"),
    log:
        f"{ROOT}/{{project}}/logs/{{tier}}handover/{{project}}.log",
    conda:
        "../envs/render.yaml"
    resources:
        **NEEDS["handover_folder"].resources,
    params:
        python=PYTHON,
    message:
        "Hand over {wildcards.project}"
    shell:
        "{params.python:q} -m vtx_app.jobs.handover"
        " --project {wildcards.project:q}"
        " --log {log:q}"
        " --tier={wildcards.tier:q}"
