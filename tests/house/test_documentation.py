"""The pages of documentation name every setting and every command, with what is true of them."""

import re
from datetime import timedelta
from pathlib import Path

import click
import pytest

from hr_portal import cli, settings
from hr_portal.settings import MIB

ROOT = Path(__file__).parents[2]
OPERATIONS = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
COMMANDS = OPERATIONS.split("\n## Commands\n")[1]


def shown_default(name):
    field = name.removeprefix("HR_PORTAL_").lower()
    if field.endswith("_file"):
        return "–"
    value = settings.default_of(field)
    if value in ("", b"", ()):
        return "–"
    if field.endswith("_bytes"):
        return f"`{value // MIB}M`"
    if isinstance(value, bool):
        return f"`{value:d}`"
    if isinstance(value, timedelta):
        minutes = value // timedelta(minutes=1)
        return f"`{minutes // 60}h`" if minutes % 60 == 0 else f"`{minutes}m`"
    return f"`{value:g}`" if isinstance(value, float) else f"`{value}`"


def commands_of(name, command):
    """A command, or those of a group, with the words that call them."""
    if isinstance(command, click.Group):
        for part, inner in command.commands.items():
            yield from commands_of(f"{name} {part}", inner)
    else:
        yield name, command


@pytest.mark.parametrize(("name", "purpose"), settings.variables().items())
def test_every_setting_is_documented_with_its_default(name, purpose):
    assert f"| `{name}` | {shown_default(name)} | {purpose} |\n" in OPERATIONS


def test_no_setting_is_documented_that_does_not_exist():
    assert set(re.findall(r"HR_PORTAL_[A-Z0-9_]+", OPERATIONS)) <= set(settings.variables())


@pytest.mark.parametrize("name", cli.COMMANDS)
def test_every_command_is_documented_with_its_options(name):
    group = cli.cli
    for path, command in commands_of(name, group.get_command(click.Context(group), name)):
        lines = [line for line in COMMANDS.splitlines() if line.startswith(f"| `hr-portal {path}")]
        assert len(lines) == 1, path
        options = {
            option
            for parameter in command.params
            if isinstance(parameter, click.Option) and not parameter.hidden
            for option in parameter.opts
        }
        missing = {option for option in options - {"--demo"} if f"`{option}" not in lines[0]}
        assert not missing, path
        assert command.help, path


@pytest.mark.parametrize(
    "document",
    [p.relative_to(ROOT) for p in [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]],
    ids=str,
)
def test_links_between_pages_lead_somewhere(document):
    text = (ROOT / document).read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#]+)", text):
        if "://" not in target:
            assert (ROOT / document).parent.joinpath(target).exists(), target


def test_the_make_commands_of_the_first_page_exist():
    goals = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    told = set(re.findall(r"(?:`|    )make ([a-z-]+)", (ROOT / "README.md").read_text()))
    assert told
    assert told <= goals
