"""Write the parts of an installation as CycloneDX 1.5 JSON, from requirements.lock alone.

`python scripts/sbom.py > sbom.json`, or `make sbom`. The same lock gives the same bytes; nothing is
asked of the network, and no package index is named.
"""

import hashlib
import json
import re
import sys
import tomllib
import uuid
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
_PIN = re.compile(
    r"^(?P<name>[A-Za-z0-9._-]+)==(?P<version>[^\s;\\]+)(?:\s*;\s*(?P<marker>[^\\]+))?"
)
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")


def components(lock: str) -> list[dict[str, Any]]:
    """Return every pinned package of a lock file, with the hashes it may have."""
    found: list[dict[str, Any]] = []
    for block in re.split(r"\n(?=\S)", lock.strip()):
        pin = _PIN.match(block)
        if pin is None:
            msg = f"not a pinned package: {block.splitlines()[0]}"
            raise ValueError(msg)
        name, version = pin["name"].lower(), pin["version"]
        purl = f"pkg:pypi/{name}@{version}"
        component: dict[str, Any] = {
            "type": "library", "bom-ref": purl, "name": name, "version": version, "purl": purl,
            "hashes": [{"alg": "SHA-256", "content": one} for one in _HASH.findall(block)],
        }  # fmt: skip
        if pin["marker"]:
            component["properties"] = [{"name": "marker", "value": pin["marker"].strip()}]
        found.append(component)
    return sorted(found, key=lambda one: str(one["bom-ref"]))


def document(lock: str, version: str) -> dict[str, Any]:
    """Return the bill of materials of the portal with the packages of a lock file."""
    digest = hashlib.sha256(lock.encode()).hexdigest()
    parts = components(lock)
    own = f"pkg:generic/hr-portal@{version}"
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_OID, digest + version)}",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application", "bom-ref": own, "name": "hr-portal", "version": version,
            },
            "properties": [{"name": "requirements.lock:sha256", "value": digest}],
        },
        "components": parts,
        "dependencies": [{"ref": own, "dependsOn": [one["bom-ref"] for one in parts]}],
    }  # fmt: skip


if __name__ == "__main__":
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    version = project.get("version")
    if version is None:
        source = (ROOT / "hr_portal" / "__init__.py").read_text("utf-8")
        version = re.search(r'__version__ = "([^"]+)"', source)[1]  # type: ignore[index]
    made = document((ROOT / "requirements.lock").read_text("utf-8"), version)
    json.dump(made, sys.stdout, indent=2)
    sys.stdout.write("\n")
