"""The services, the container and the bill of materials say what they have to (K5, K7)."""

import json
import re
from pathlib import Path

import pytest

from scripts import sbom

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
SERVICES = ("hr-portal-web", "hr-portal-worker")
CONTAINER = (DEPLOY / "Containerfile").read_text("utf-8")


def directives(name):
    """What a unit says, by name; the last word on each."""
    text = (DEPLOY / f"{name}.service").read_text("utf-8")
    return dict(line.split("=", 1) for line in text.splitlines() if re.match(r"[A-Za-z]+=", line))


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_runs_without_rights_on_a_tree_it_cannot_write(name):
    told = directives(name)
    assert told["User"] == told["Group"] == "hr-portal"
    assert told["UMask"] == "0077"
    assert told["ProtectSystem"] == "strict"
    assert told["ReadWritePaths"] == "/var/lib/hr-portal", "its data and nothing else"
    assert told["CapabilityBoundingSet"] == told["AmbientCapabilities"] == ""
    for directive in (
        "ProtectHome", "PrivateTmp", "PrivateDevices", "NoNewPrivileges", "RestrictSUIDSGID",
        "ProtectClock", "ProtectKernelTunables", "ProtectKernelModules", "ProtectControlGroups",
    ):  # fmt: skip
        assert told[directive] == "yes", directive
    assert told["RestrictNamespaces"] == "user net", "those the readers shut themselves up in"
    assert told["EnvironmentFile"] == "/etc/hr-portal.env"
    assert int(told["TimeoutStopSec"]) >= 30
    assert told["ExecStart"].startswith("/opt/hr-portal/.venv/bin/hr-portal ")


def test_the_worker_reaches_no_other_machine_unless_it_is_named():
    told = directives("hr-portal-worker")
    assert (told["IPAddressDeny"], told["IPAddressAllow"]) == ("any", "localhost")
    assert told["Restart"] == "always"
    assert "--no-worker" in directives("hr-portal-web")["ExecStart"]


def test_the_container_runs_as_nobody_and_holds_no_key():
    last = CONTAINER.rpartition("\nFROM ")[2]
    assert re.search(r"^USER 10001:10001$", last, re.MULTILINE)
    assert "--require-hashes -r requirements.lock" in CONTAINER
    assert not re.search(r"(SECRET|MASTER)_KEY", CONTAINER)
    assert not re.search(r"^(?:ADD|COPY) \S*(?:\.|data|keys)\S* \.$", CONTAINER, re.MULTILINE)
    assert re.search(r"^VOLUME /var/lib/hr-portal$", last, re.MULTILINE)
    assert "chmod" not in last, "the tree stays root's"
    sent = [
        line for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")
    ]
    assert {"!hr_portal", "!templates", "!requirements.lock"} <= set(sent)
    assert not {"!data", "!tests", "!.git"} & set(sent)
    for copied in re.findall(r"^COPY (?!--from)(.+) \S+$", CONTAINER, re.MULTILINE):
        for name in copied.split():
            assert (ROOT / name).exists(), name
            assert f"!{name}" in sent, name


def test_the_bill_of_materials_names_every_pin_and_no_index():
    lock = (ROOT / "requirements.lock").read_text("utf-8")
    made = sbom.document(lock, "1.0")
    assert (made["bomFormat"], made["specVersion"]) == ("CycloneDX", "1.5")
    pins = set(re.findall(r"^([a-z0-9._-]+==[^\s;]+)", lock, re.MULTILINE))
    assert {f"{one['name']}=={one['version']}" for one in made["components"]} == pins
    assert all(one["hashes"] for one in made["components"])
    text = json.dumps(made)
    assert "://" not in text
    assert text == json.dumps(sbom.document(lock, "1.0")), "the same lock, the same bytes"
    assert made["serialNumber"] != sbom.document(lock, "1.1")["serialNumber"]
    refs = {one["bom-ref"] for one in made["components"]}
    assert set(made["dependencies"][0]["dependsOn"]) == refs
    with pytest.raises(ValueError, match="not a pinned package"):
        sbom.components("flask>=3\n")
