"""A film's own Python.

Needs: projects/<slug>/env/requirements.txt, and constraints.txt and python_version.txt where they are there.
Makes: projects/<slug>/.venv, in which the film's takes and clips are made, and under VTX_APP_HOME the record of it.
"""

import sys


rule environment:
    input:
        GRAPH.environment_inputs,
    output:
        update(f"{HOME}/environments/{{project}}.json"),
    log:
        f"{ROOT}/{{project}}/logs/environment.log",
    conda:
        "../envs/render.yaml"
    params:
        python=sys.executable,  # a film's Python lies over the one that plans, by conda too
    message:
        "Build the environment of {wildcards.project}"
    shell:
        "{params.python:q} -m vtx_app.jobs.environment" " --project {wildcards.project:q}" " --log {log:q}"
