from __future__ import annotations

from pathlib import Path

import pytest

from vtx_app.errors import ProjectError
from vtx_app.project.settings import job_variables
from vtx_app.project.signing import signatory

pytest.importorskip("c2pa", reason="c2pa-python is not installed here: pip install '.[sign]'")


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory without any variable of signing."""
    for name in ("CERTIFICATE", "KEY", "PASSWORD", "TIMESTAMP"):
        monkeypatch.delenv(f"VTX_SIGN_{name}", raising=False)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "config").mkdir()
    (tmp_path / "own.pem").write_text("certificate")
    (tmp_path / "key.pem").write_text("key")
    return tmp_path


def test_who_signs_is_named_in_the_environment_or_in_global_env(machine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (machine / "config/global.env").write_text("VTX_SIGN_CERTIFICATE=own.pem\nVTX_SIGN_KEY=other.pem\n")
    monkeypatch.setenv("VTX_SIGN_KEY", str(machine / "key.pem"))
    monkeypatch.setenv("VTX_SIGN_PASSWORD", "open sesame")
    found = signatory()
    assert (found.certificate, found.key) == (Path("own.pem"), machine / "key.pem")
    assert (found.password, found.timestamp) == ("open sesame", None)
    assert "sesame" not in repr(found)


def test_what_is_missing_is_named(machine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ProjectError, match=r"VTX_SIGN_CERTIFICATE is not set.*sign: false"):
        signatory()
    monkeypatch.setenv("VTX_SIGN_CERTIFICATE", "own.pem")
    with pytest.raises(ProjectError, match="VTX_SIGN_KEY is not set: name the file of your private key"):
        signatory()
    monkeypatch.setenv("VTX_SIGN_KEY", "nowhere.pem")
    with pytest.raises(ProjectError, match=r"VTX_SIGN_KEY: nowhere\.pem: no such file"):
        signatory()


def test_the_password_is_no_variable_that_a_build_writes_down() -> None:
    names = job_variables({"VTX_SIGN_CERTIFICATE": "a", "VTX_SIGN_KEY": "b", "VTX_SIGN_PASSWORD": "c"})
    assert names == ["VTX_SIGN_CERTIFICATE", "VTX_SIGN_KEY"]
