"""The bill of materials names what is locked (K5)."""

import json
import re
from pathlib import Path

import pytest

from scripts import sbom

ROOT = Path(__file__).parents[2]


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
