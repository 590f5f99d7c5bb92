"""What every test's own database starts from, made once in a process."""

import functools
import tempfile
from pathlib import Path

from hr_portal.adapters.database import migrate as migrations
from hr_portal.settings import Settings

SECRET_KEY = "5b1f0c86e9d24a7386f2c1d90ab7e354e8602d91c47bfa35"
MASTER_KEY = bytes.fromhex("c06e3a51f7d284b90e1fa5637cd82b4911f0e6d75ab3c2489d6f07e4b1385a2c")


def migrate(folder: Path, url: str) -> None:
    """Makes the tables of the newest version."""
    migrations.upgrade(
        Settings(
            data_dir=folder,
            database_url=url,
            secret_key=SECRET_KEY,
            master_key=MASTER_KEY,
            demo=True,
        )
    )


@functools.cache
def _folder() -> tempfile.TemporaryDirectory:
    folder = tempfile.TemporaryDirectory(prefix="migrated-")
    migrate(Path(folder.name), f"sqlite:///{folder.name}/migrated.sqlite3")
    return folder


def migrated_sqlite() -> Path:
    """A migrated SQLite database that nobody has used, to be copied."""
    return Path(_folder().name) / "migrated.sqlite3"
