"""VTX: a film from its text files. This file only wires; rules/ says what is made from what.

snakemake final --cores 4 --resources gpu=1      the film: renders its stale seconds and no others
snakemake -n final                               what that would render
snakemake draft --cores 4 --resources gpu=1      the film small and fast
snakemake animatic --cores 4                     the storyboard film, on any machine
snakemake dailies --cores 4                      a page to look at shots and takes, as they are now
snakemake board --cores 4                        the storyboard on paper, six panels a page, and a contact sheet
snakemake deliver --cores 4 --config delivery=web     a version of the film, as config/deliveries.yaml declares it
snakemake handover --cores 4                     the folder that an editor opens: takes, OTIO, XML, EDL
snakemake qc --cores 4 --resources gpu=1         what is wrong with the takes: black, frozen, flashes, drift, …
snakemake story --cores 4 --resources llm=4      from the brief to the clip specs: writes whatever is missing
"""

from snakemake.utils import min_version

from vtx_app.workflow.garbage import collect_less

min_version("9.20")
collect_less()  # before VTX is imported

from vtx_app.workflow.targets import Targets


configfile: "config/config.yaml"


include: "rules/common.smk"
include: "rules/project.smk"
include: "rules/story.smk"
include: "rules/render.smk"
include: "rules/sound.smk"
include: "rules/assemble.smk"
include: "rules/review.smk"
include: "rules/deliver.smk"
include: "rules/handover.smk"
include: "rules/qc.smk"


TARGETS = Targets(BUILD, STORY, checkpoints)


onstart:
    BUILD.begin()


rule final:
    default_target: True
    input:
        TARGETS.final_target,


rule draft:
    input:
        TARGETS.draft_target,


rule animatic:
    input:
        TARGETS.animatic_target,


rule clips:
    input:
        TARGETS.clips_target,


rule acts:
    input:
        TARGETS.acts_target,


rule board:
    input:
        TARGETS.board_target,


rule deliver:
    input:
        TARGETS.deliver_target,


rule dailies:
    input:
        TARGETS.dailies_target,


rule handover:
    input:
        TARGETS.handover_target,


rule qc:
    input:
        TARGETS.qc_target,


rule story:
    input:
        TARGETS.story_target,
