"""The only part that knows Snakemake: what the rules of ``rules/`` call.

``snakemake_api`` holds every touch of Snakemake. ``targets`` has the named targets of the Snakefile; the other modules
have the input functions of the rules, by what those make. All share one ``build``.
"""
