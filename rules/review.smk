"""What a film is reviewed and read with: its subtitles, its dailies, its board.

Needs: the takes of a film in which somebody speaks; for the dailies, whatever takes, clips and mix are there; for the
       board, takes: of the storyboard where the film has none of its own.
Makes: renders/dailies/index.html, a page to look at shots and takes, and renders/dailies/thumbs, pictures of each take;
       renders/final/<slug>.srt and .vtt, and <slug>.subtitles.json, which says what they were made from. A file that a
       person edited stays; the new one is written beside it (<slug>.incoming.srt).
       renders/board/<slug>.pdf, the storyboard on paper, and renders/board/contact_sheet.jpg.
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
    priority: 1  # as the mix
    conda:
        "../envs/render.yaml"
    resources:
        **NEEDS["subtitles"].resources,
    params:
        python=PYTHON,
    message:
        "Write the subtitles of {wildcards.project}"
    shell:
        "{params.python:q} -m vtx_app.jobs.warm vtx_app.jobs.subtitles"
        " --project {wildcards.project:q}"
        " --log {log:q}"
        " --tier={wildcards.tier:q}"


rule dailies_page:
    input:
        REVIEW.dailies_inputs,  # the final, if this build is asked for it too; no take is rendered for a page
    output:
        report(
            update(f"{ROOT}/{{project}}/renders/{{tier}}dailies/index.html"),
            caption="report/dailies.rst",
            category="Review",
            labels={"film": "{project}", "what": "dailies"},
        ),
    log:
        f"{ROOT}/{{project}}/logs/{{tier}}dailies.log",
    conda:
        "../envs/render.yaml"
    resources:
        **NEEDS["dailies_page"].resources,
    params:
        python=PYTHON,
    message:
        "Write the dailies of {wildcards.project}"
    shell:
        "{params.python:q} -m vtx_app.jobs.dailies"
        " --project {wildcards.project:q}"
        " --log {log:q}"
        " --tier={wildcards.tier:q}"


rule board_pages:
    input:
        REVIEW.board_inputs,  # takes of the storyboard that are missing; no others are rendered for a board
    output:
        pdf=report(
            update(f"{ROOT}/{{project}}/renders/board/{{project}}.pdf"),
            caption="report/board.rst",
            category="Review",
            labels={"film": "{project}", "what": "board"},
        ),
        sheet=report(
            update(f"{ROOT}/{{project}}/renders/board/contact_sheet.jpg"),
            caption="report/contact_sheet.rst",
            category="Review",
            labels={"film": "{project}", "what": "contact sheet"},
        ),
    log:
        f"{ROOT}/{{project}}/logs/board.log",
    conda:
        "../envs/render.yaml"
    resources:
        **NEEDS["board_pages"].resources,
    params:
        python=PYTHON,
    message:
        "Lay out the board of {wildcards.project}"
    shell:
        "{params.python:q} -m vtx_app.jobs.board" " --project {wildcards.project:q}" " --log {log:q}"
