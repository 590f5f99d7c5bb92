"""Boundaries that the import rules of pyproject.toml can't express."""

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MODULES = sorted((ROOT / "hr_portal").rglob("*.py"))


def name_of(requirement):
    return re.split(r"[\[>=<]", requirement)[0].replace("_", "-").lower()


def tree_of(file):
    return ast.parse(file.read_text(encoding="utf-8"), filename=str(file))


def dotted(node):
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""


def test_only_the_settings_read_the_environment():
    readers = {
        file.relative_to(ROOT).as_posix()
        for file in MODULES
        for node in ast.walk(tree_of(file))
        if dotted(node) in {"os.environ", "os.getenv", "os.environb"}
        or (
            isinstance(node, ast.ImportFrom)
            and node.module == "os"
            and {"environ", "getenv"} & {n.name for n in node.names}
        )
    }
    assert readers == {"hr_portal/settings.py"}


def test_every_library_that_is_imported_is_a_dependency_of_ours():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    declared = {name_of(line) for line in project["dependencies"]}
    owners = packages_distributions()
    imported = set()
    for file in (*MODULES, ROOT / "wsgi.py"):
        for node in ast.walk(tree_of(file)):
            if isinstance(node, ast.Import):
                imported |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and not node.level:
                imported.add(node.module.split(".")[0])
    missing = {
        name
        for name in imported - sys.stdlib_module_names - {"hr_portal"}
        if not {name_of(owner) for owner in owners.get(name, ())} & declared
    }
    assert missing == set()


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_a_lock_file_pins_with_hashes_and_names_no_address(name):
    text = (ROOT / name).read_text()
    pins = re.findall(r"^([a-z0-9-]+)==((?:.*\\\n)*.*)", text, re.MULTILINE)
    assert len(pins) > 50
    assert [pin for pin, rest in pins if "--hash=sha256:" not in rest] == []
    assert not re.search(r"://|--index-url|--find-links|^-e|^\.", text, re.MULTILINE)


def test_both_lock_files_pin_the_same_versions():
    small, large = (
        set(re.findall(r"^[a-z0-9-]+==[^\\\n]+", (ROOT / name).read_text(), re.MULTILINE))
        for name in ("requirements.lock", "requirements-dev.lock")
    )
    assert small < large


def test_every_dependency_is_locked():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    wanted = [
        *project["project"]["dependencies"],
        *filter(lambda d: isinstance(d, str), project["dependency-groups"]["dev"]),
    ]
    locked = (ROOT / "requirements-dev.lock").read_text()
    missing = [
        requirement
        for requirement in wanted
        if not re.search(rf"^{name_of(requirement)}==", locked, re.MULTILINE)
    ]
    assert missing == []


def test_an_event_that_is_logged_is_a_constant_sentence():
    for file in MODULES:
        for node in ast.walk(tree_of(file)):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr in {"debug", "info", "warning", "error", "exception", "critical"}
                and re.search(
                    r"(^|\.)_?log(ger)?$|^logs\.get",
                    dotted(node.func.value) or ast.unparse(node.func.value),
                )
            ):
                where = f"{file}:{node.lineno}"
                assert node.args, where
                assert isinstance(node.args[0], ast.Constant), where
