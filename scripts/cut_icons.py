"""Cut the icons in use out of Bootstrap Icons into hr_portal/static/icons.svg.

The whole sprite has 1.1 MB and 2,000 symbols; a page needs a few. Run it after adding a name to
ICONS: `python scripts/cut_icons.py`. Bootstrap Icons is under the MIT licence (see NOTICE).
"""

import re
import sys
from importlib.resources import files
from pathlib import Path

ICONS = (
    "arrow-clockwise", "arrow-repeat", "arrow-return-left", "arrow-right", "buildings",
    "check-circle-fill", "check-lg", "chevron-down", "chevron-left", "chevron-right", "circle", "circle-half",
    "clock", "clock-fill", "download", "exclamation-octagon-fill", "exclamation-triangle-fill",
    "eye", "eye-slash", "file-earmark-image", "file-earmark-pdf", "file-earmark-spreadsheet",
    "file-earmark-text", "file-earmark-x", "filter", "fullscreen", "inbox", "info-circle-fill",
    "magic", "paperclip", "pen", "pencil", "person-circle", "person-plus", "plus-lg", "printer", "search",
    "send", "slash-circle", "upload", "x-lg", "x-octagon-fill", "zoom-in", "zoom-out",
)  # fmt: skip

TARGET = Path(__file__).resolve().parent.parent / "hr_portal" / "static" / "icons.svg"
_SYMBOL = re.compile(r'<symbol [^>]*\bviewBox="([^"]+)" id="([^"]+)">(.*?)</symbol>', re.DOTALL)


def sprite() -> str:
    """The cut sprite as SVG text. Raises KeyError for a name that Bootstrap Icons lacks."""
    source = files("flask_bootstrap") / "static/bootstrap5/icons/bootstrap-icons.svg"
    symbols = {
        name: (box, shape) for box, name, shape in _SYMBOL.findall(source.read_text("utf-8"))
    }
    lines = ['<svg xmlns="http://www.w3.org/2000/svg">']
    lines += [
        f'<symbol id="{name}" viewBox="{symbols[name][0]}">{symbols[name][1]}</symbol>'
        for name in ICONS
    ]
    return "\n".join([*lines, "</svg>", ""])


if __name__ == "__main__":
    text = sprite()
    TARGET.write_text(text, encoding="utf-8")
    sys.stdout.write(f"{TARGET.name}: {len(ICONS)} icons, {len(text):,} bytes\n")
