"""LTX-2: takes rendered by the pipelines of ``ltx_pipelines``.

- This folder: a request becomes a :class:`~.call.PipelineCall`, on the CPU, before anything is loaded.
- ``preflight/``: what would stop a render, found before the first job starts.
- ``runners/``: what a take's job runs: a pipeline process of its own, or the client of a worker.
- ``worker/``: the process that keeps models loaded for all takes of a build. Only this imports torch.
"""
