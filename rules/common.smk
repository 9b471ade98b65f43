"""What all rules share: the plan they ask, the shapes of names, the Python that jobs run in.

Needs: config/config.yaml and whatever --config changed in it (a dict, ``config``).
Makes: GRAPH, which answers from the plan (scripts/vtx_app/plan/graph.py); ROOT; HOME; PYTHON.
"""

from vtx_app.plan.graph import Graph

GRAPH = Graph(workflow, config, checkpoints)
ROOT = GRAPH.root
HOME = GRAPH.home
PYTHON = GRAPH.environments.build_python


wildcard_constraints:
    project=r"[a-z0-9][a-z0-9_-]{0,63}",
    tier=r"|animatic/|draft/",
    clip_id=r"A\d{2,3}_S\d{2,3}_SH\d{3,4}[A-Z]?",
    clip=r"A\d{2,3}_S\d{2,3}_SH\d{3,4}[A-Z]?__[A-Za-z0-9_-]+",
    digest=r"[0-9a-f]{64}",
    act=r"A\d{2,3}",
    scene=r"A\d{2,3}_S\d{2,3}__[^/]+",


# --resources gpu=N are those of one machine: on a cluster, every job has its own, and --jobs says how many at a time.
resource_scopes:
    gpu="local",
