"""What all rules share.

Needs: config/config.yaml with the changes of --config (the dict ``config``).
Makes: BUILD, the films' plans and Snakemake's settings (scripts/vtx_app/workflow/build.py); ENVIRONMENTS, the films'
       own Pythons; NEEDS, what the jobs of each rule ask for; ROOT, the folder of the films; HOME, that of machine
       state; PYTHON, which runs jobs that belong to no film. The process environment that jobs see.
"""

import json
import os

from vtx_app.project.settings import job_variables
from vtx_app.render.build_process import announce
from vtx_app.workflow.build import Build
from vtx_app.workflow.environments import Environments
from vtx_app.workflow.job_needs import NeedsRules

BUILD = Build(workflow)
ENVIRONMENTS = Environments(BUILD)
NEEDS = NeedsRules(BUILD)
ROOT, HOME = BUILD.root, BUILD.home
PYTHON = ENVIRONMENTS.build_python


# Settings of VTX, LTX and the film that jobs must see on any machine. Keys of services are not among them.
envvars:
    *job_variables(os.environ),


announce(os.environ)  # VTX_BUILD: this process; its GPU workers end with it. BUILD.begin() adds VTX_FORCED
os.environ.update(
    VTX_CONFIG=json.dumps(dict(config), default=str),  # jobs compile the same requests
    VTX_CHECKOUT=BUILD.snakemake.checkout.as_posix(),  # conda's pip finds VTX by it (envs/*.yaml)
)


wildcard_constraints:
    project=r"[a-z0-9][a-z0-9_-]{0,63}",
    tier=r"|animatic/|draft/",
    clip_id=r"A\d{2,3}_S\d{2,3}_SH\d{3,4}[A-Z]?",
    clip=r"A\d{2,3}_S\d{2,3}_SH\d{3,4}[A-Z]?__[A-Za-z0-9_-]+",
    digest=r"[0-9a-f]{64}",
    act=r"A\d{2,3}",
    piece=r"[A-Za-z0-9_-]+",
    scene=r"A\d{2,3}_S\d{2,3}__[^/]+",


# --resources gpu=N counts the GPUs of one machine. On a cluster each job has its own; --jobs limits those.
resource_scopes:
    gpu="local",
