"""VTX: a film from its text files. This file only wires; see rules/ for what is made from what.

snakemake final --cores 4 --resources gpu=1      the film, every stale second of it and no other
snakemake -n final                               what that would render
snakemake draft --cores 4 --resources gpu=1      the film small and fast
snakemake animatic --cores 4                     the storyboard film, on any machine
snakemake story --cores 4 --resources llm=4      from the brief to the clip specs, what is not written yet
"""

from snakemake.utils import min_version

min_version("9.20")


configfile: "config/config.yaml"


include: "rules/common.smk"
include: "rules/project.smk"
include: "rules/story.smk"
include: "rules/render.smk"
include: "rules/assemble.smk"


onstart:
    GRAPH.begin()


rule final:
    default_target: True
    input:
        GRAPH.final_target,


rule draft:
    input:
        GRAPH.draft_target,


rule animatic:
    input:
        GRAPH.animatic_target,


rule clips:
    input:
        GRAPH.clips_target,


rule acts:
    input:
        GRAPH.acts_target,


rule story:
    input:
        GRAPH.story_target,
