"""The only part that knows Snakemake: what the rules of ``rules/`` call.

``snakemake_api`` holds every touch of Snakemake. Each file of ``rules/`` has its module here: ``render``, ``assemble``,
``story``, ``environments``; the named targets of the Snakefile are in ``targets``. All share one ``build``.
"""
