"""The profile for Kubernetes, as far as an API server sees it: the jobs that it is sent, run as processes here."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from kit.build import building
from kit.film import CLIPS, write_film
from kit.pods import pod_server

pytestmark = pytest.mark.skipif(
    find_spec("snakemake_executor_plugin_kubernetes") is None, reason="Snakemake's plugin for it is not installed"
)


def test_a_pod_asks_for_what_a_take_needs_and_sees_the_film_on_the_volume(tmp_path: Path) -> None:
    film = write_film(tmp_path)
    for stem in [*CLIPS][1:]:
        (film.folder / f"prompts/clips/{stem}.yaml").unlink()
    film.write("project.env", "VTX_RESOURCES=take:mem_mb=1234 take:disk_mb=567\n")
    volume = ("--kubernetes-persistent-volumes", f"films:{tmp_path}", "--precommand", f"cd {film.root}")
    quick = ("--seconds-between-status-checks", "1", "--latency-wait", "1")
    words = ("--workflow-profile", "config/profiles/kubernetes", *volume, *quick, "--set-resources", "take:gpu=1")
    with (
        pod_server(tmp_path) as (server, configuration),
        building(film, "clips", *words, env={"KUBECONFIG": str(configuration)}, cold=True) as build,
    ):
        assert build.end() == 0, build.said
    take, clip = map(container, server.jobs)
    limits = {"cpu": "1000m", "memory": "1234M", "ephemeral-storage": "567M", "nvidia.com/gpu": "1"}
    assert take["resources"]["limits"] == limits
    assert take["resources"]["requests"] == limits | {"cpu": "950m"}
    assert "nvidia.com/gpu" not in clip["resources"]["limits"]
    mounted = {mount["name"]: mount["mountPath"] for mount in take["volumeMounts"]}
    assert mounted["films"] == str(tmp_path)
    volumes = {volume["name"]: volume for volume in server.jobs[0]["spec"]["template"]["spec"]["volumes"]}
    assert volumes["films"]["persistentVolumeClaim"] == {"claimName": "films"}
    assert film.takes().keys() == {next(iter(CLIPS)).partition("__")[0]}
    assert list((film.folder / "renders/clips").glob("*.mp4"))


def container(job: dict[str, Any]) -> dict[str, Any]:
    return dict(job["spec"]["template"]["spec"]["containers"][0])
