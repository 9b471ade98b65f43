"""What a film is reviewed and read with: its subtitles.

Needs: the takes of a film in which somebody speaks.
Makes: renders/final/<slug>.srt and .vtt, and <slug>.subtitles.json, which says what they were made from. A file that a
       person edited stays; the new one is written beside it (<slug>.incoming.srt).
"""

from vtx_app.workflow.review import ReviewRules

REVIEW = ReviewRules(BUILD)


rule subtitles:
    input:
        REVIEW.subtitle_inputs,  # the takes with dialogue that are missing
    output:
        srt=update(f"{ROOT}/{{project}}/renders/{{tier}}final/{{project}}.srt"),
        vtt=update(f"{ROOT}/{{project}}/renders/{{tier}}final/{{project}}.vtt"),
        record=update(f"{ROOT}/{{project}}/renders/{{tier}}final/{{project}}.subtitles.json"),
    log:
        f"{ROOT}/{{project}}/logs/{{tier}}final/{{project}}.subtitles.log",
    conda:
        "../envs/render.yaml"
    params:
        python=PYTHON,
    message:
        "Write the subtitles of {wildcards.project}"
    shell:
        "{params.python:q} -m vtx_app.jobs.subtitles"
        " --project {wildcards.project:q}"
        " --log {log:q}"
        " --tier={wildcards.tier:q}"
