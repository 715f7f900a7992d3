"""tools/install.py: where packages come from, and what happens when they don't."""

import gzip
import json
import os
import runpy
import subprocess
import sys
from types import SimpleNamespace

import pytest

from tools import install
from tools.sam_template import ROOT

CONFIGURED = """\
:env:.cert='/certificates/of-the-company.crt'
:env:.disable-pip-version-check='1'
global.extra-index-url='https://one.example/simple\\nhttps://two.example/simple'
global.index-url='https://mirror.example/simple'
install.index-url='https://nearer.example/simple'
download.index-url='https://another.example/simple'
"""


def test_uv_takes_packages_from_where_pip_is_configured_to():
    env = install.uv_environment(CONFIGURED, {})
    assert env["UV_DEFAULT_INDEX"] == "https://nearer.example/simple"
    assert env["UV_INDEX"] == "https://one.example/simple https://two.example/simple"
    assert env["SSL_CERT_FILE"] == "/certificates/of-the-company.crt"


def test_the_environment_of_pip_counts_more_than_its_files_and_uvs_own_most():
    configured = f":env:.index-url='https://env.example/simple'\n{CONFIGURED}"
    assert install.uv_environment(configured, {})["UV_DEFAULT_INDEX"] == "https://env.example/simple"
    own = {"UV_DEFAULT_INDEX": "https://own.example/simple"}
    assert install.uv_environment(configured, own)["UV_DEFAULT_INDEX"] == "https://own.example/simple"


def test_without_any_configuration_uv_takes_its_own_index_and_fetches_no_python():
    env = install.uv_environment("", {})
    assert not {"UV_DEFAULT_INDEX", "UV_INDEX"} & env.keys()
    assert env["UV_PYTHON_DOWNLOADS"] == "never"


@pytest.fixture
def commands(monkeypatch, tmp_path):
    """The commands that are called instead of being run; `failing` says which of them fail, and how often."""
    seen, failing = [], {}

    def run(command, **_):
        seen.append(command)
        left = next((name for name in failing if name in command[0] or name in command), None)
        if left and failing[left] > 0:
            failing[left] -= 1
            return SimpleNamespace(returncode=1, stdout="", stderr="the connection stalled")
        return SimpleNamespace(returncode=0, stdout="", stderr="")

    monkeypatch.setattr(subprocess, "run", run)
    monkeypatch.setattr(install, "TOOLS", tmp_path)
    monkeypatch.setattr(install, "UV", tmp_path / "uv")
    (tmp_path / "uv").touch()
    return SimpleNamespace(
        seen=seen, failing=failing, by=lambda name: [each for each in seen if each[0].endswith(name)]
    )


def test_uv_installs_and_pip_is_asked_for_its_configuration_only(commands):
    assert install.main(["environment", "sam"]) == 0
    assert [each[2] for each in commands.by("/uv")] == ["venv", "pip"]
    assert commands.by(sys.executable) == [[sys.executable, "-m", "pip", "config", "list"]]


def test_a_network_that_stalls_is_tried_again(commands, capsys):
    commands.failing["/uv"] = 2
    assert install.main(["environment", "sam"]) == 0
    assert len(commands.by("/uv")) == 4
    assert "install" not in [argument for each in commands.by(sys.executable) for argument in each]
    assert capsys.readouterr().err.count("the connection stalled") == 2


@pytest.mark.parametrize("broken", ["uv that fails", "no uv"])
@pytest.mark.parametrize("carries_pip", [True, False])
def test_pip_takes_the_place_of_a_uv_that_does_not_work(commands, monkeypatch, broken, carries_pip):
    # An environment that uv made carries no pip; this Python may be one of those.
    monkeypatch.setattr(install.importlib.util, "find_spec", lambda _: object() if carries_pip else None)
    commands.failing["/uv"] = 99
    if broken == "no uv":
        install.UV.unlink()
    assert install.main(["environment", "sam"]) == 0
    (installed,) = [each for each in commands.seen if each[1:3] == ["-m", "pip"] and "install" in each]
    assert str(install.REQUIREMENTS / "sam.txt") in installed
    made = str(install.TOOLS / "sam/bin/python")
    assert installed[0] == (sys.executable if carries_pip else made)
    assert made in installed


def test_libraries_are_for_lambdas_processor_and_never_compiled_here(commands, tmp_path):
    assert install.main(["libraries", str(tmp_path / "python"), "aarch64", "requirements.txt"]) == 0
    (command,) = commands.by("/uv")
    assert command[command.index("--python-platform") + 1] == "aarch64-manylinux_2_28"
    assert command[command.index("--only-binary") + 1] == ":all:"


def test_what_can_not_be_installed_at_all_says_what_to_look_at(commands, capsys):
    commands.failing |= {"/uv": 99, "install": 99}
    assert install.main(["environment", "sam"]) == 1
    assert "The sam tools can't be installed. Is there a network?" in capsys.readouterr().err


def test_everything_else_goes_on_where_uv_can_not_be_installed(commands):
    commands.failing["install"] = 99
    assert install.main(["environment", "uv"]) == 0


def test_it_says_which_tools_are_installed_and_how_long_that_took(commands, capsys):
    install.main(["environment", "sam"])
    said = capsys.readouterr().out
    assert said.startswith("Installing the sam tools (once) … ")
    assert said.endswith(" s\n")


def test_it_needs_nothing_but_python():
    isolated = [sys.executable, "-I", "-S", str(install.__file__)]
    assert subprocess.run(isolated, env=os.environ, capture_output=True, check=False).returncode == 2


def test_what_the_build_trims_stays_whole_in_the_environments_that_share_the_file(tmp_path):
    data = tmp_path / "botocore/data"
    (data / "sqs/2012-11-05").mkdir(parents=True)
    described = json.dumps({"metadata": {"endpointPrefix": "sqs"}}).encode()
    (data / "sqs/2012-11-05/service-2.json.gz").write_bytes(gzip.compress(described))
    kept = tmp_path / "endpoints-of-another-environment.json"
    kept.write_text(json.dumps({"partitions": [{"services": {"sqs": {}, "ec2": {}}}]}))
    (data / "endpoints.json").hardlink_to(kept)
    runpy.run_path(str(ROOT / "layers/dependencies/merge.py"))["trim_endpoints"](data)
    services = [
        json.loads(file.read_text())["partitions"][0]["services"].keys() for file in (data / "endpoints.json", kept)
    ]
    assert services == [{"sqs"}, {"sqs", "ec2"}]
