"""A film's own Python.

Needs: projects/<slug>/env/requirements.txt, with constraints.txt and python_version.txt if they exist.
Makes: projects/<slug>/.venv, in which the film's takes and clips are made, and its record under VTX_APP_HOME.
"""

import sys

from vtx_app.workflow.environments import EnvironmentRules

ENVIRONMENT = EnvironmentRules(BUILD, ENVIRONMENTS)


rule environment:
    input:
        ENVIRONMENT.environment_inputs,  # nothing: no rule makes requirements
    output:
        update(f"{HOME}/environments/{{project}}.json"),
    log:
        f"{ROOT}/{{project}}/logs/environment.log",
    conda:
        "../envs/render.yaml"
    resources:
        **NEEDS["environment"].resources,
    params:
        python=sys.executable,  # a film's Python extends the one that plans, with conda too
    message:
        "Build the environment of {wildcards.project}"
    shell:
        "{params.python:q} -m vtx_app.jobs.environment" " --project {wildcards.project:q}" " --log {log:q}"
