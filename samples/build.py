"""Make all samples and what each must give: `python -m samples.build`.

The same bytes at every build. Files saved by LibreOffice are only made again
with `--libreoffice`, because that program stamps the time into them.
"""

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from samples import columns, every_rule, libreoffice, november, papers, refusals, sheets, stories

HERE = Path(__file__).parent
EXPECTED = HERE / "expected"

README = """# Samples

One file a story, each with the findings it must give in `expected/<file>.json`; a test reads them
all with the rules of 21 November 2026. The people are invented: every NIK and KK ends in a serial
from 9000 up. `python -m samples.build` makes them again, byte for byte; files saved by LibreOffice
(`libreoffice-*`) are made again with `--libreoffice`.

Try one: `hr-portal check samples/koreksi-november.xlsx`

| file | story |
|---|---|
"""


def _write_json(path: Path, told: dict[str, Any]) -> None:
    findings = told.pop("findings", None)
    lines = [f"  {json.dumps(key)}: {json.dumps(value)}" for key, value in told.items()]
    if findings is not None:
        inner = ",\n".join(f"    {json.dumps(each)}" for each in findings)
        lines.append(f'  "findings": [\n{inner}\n  ]' if inner else '  "findings": []')
    path.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


def build(*, with_libreoffice: bool = False) -> None:
    """Write samples, expectations and the list of both."""
    EXPECTED.mkdir(exist_ok=True)
    listed: list[tuple[str, str]] = []
    told = [
        *november.stories(), *stories.all_stories(), *columns.all_stories(), *every_rule.stories(),
    ]  # fmt: skip
    for story in told:
        (HERE / story.file).write_bytes(sheets.write(story))
        _write_json(
            EXPECTED / f"{story.file}.json",
            {
                "layout": story.layout,
                "sheet": story.sheet if story.suffix == ".xlsx" else "",
                "total": len(story.rows),
                **({"asks": dict(story.asks)} if story.asks else {}),
                "findings": sheets.expected(story),
            },
        )
        listed.append(
            (story.file, story.about + (" Its columns are asked about." * bool(story.asks)))
        )
        if story.file == "koreksi-bersih.xlsx":
            (HERE / papers.FILE).write_bytes(papers.documents(story))
            listed.append((papers.FILE, papers.ABOUT))
    for saved in libreoffice.all_saved():
        if with_libreoffice:
            _save_again(saved)
        _write_json(
            EXPECTED / f"{saved.file}.json",
            {
                "layout": saved.layout, "sheet": saved.sheet, "total": saved.total,
                "findings": saved.finds,
            },
        )  # fmt: skip
        listed.append((saved.file, saved.about))
    for refused in refusals.all_refused():
        (HERE / refused.file).write_bytes(refused.content)
        _write_json(EXPECTED / f"{refused.file}.json", {"error": refused.code})
        listed.append((refused.file, f"{refused.about} Refused with {refused.code}."))
    rows = "".join(f"| `{file}` | {about} |\n" for file, about in listed)
    (HERE / "README.md").write_text(README + rows, encoding="utf-8")


def _save_again(saved: libreoffice.Saved) -> None:
    """Have LibreOffice open a sample and save it in its own way."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(
            [
                shutil.which("soffice") or "soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless",
                "--convert-to", saved.target, "--outdir", folder, str(HERE / saved.source),
            ],
            check=True, capture_output=True, timeout=180,
        )  # fmt: skip
        made = Path(folder) / f"{Path(saved.source).stem}{Path(saved.file).suffix}"
        (HERE / saved.file).write_bytes(made.read_bytes())
    print(f"{saved.file}: saved by LibreOffice")


if __name__ == "__main__":
    build(with_libreoffice="--libreoffice" in sys.argv[1:])
