"""The portal as services see it: settings, database, vault, files and a clock."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Self

from hr_portal.adapters.database.engine import Database
from hr_portal.adapters.database.models import Company
from hr_portal.adapters.files import FileStore
from hr_portal.adapters.vault import CompanyKey, Vault
from hr_portal.settings import Settings


def utc_now() -> dt.datetime:
    """Return the present time, aware, in UTC."""
    return dt.datetime.now(dt.UTC)


@dataclass(slots=True)
class Portal:
    """What every service is handed; built once a process."""

    settings: Settings
    db: Database
    vault: Vault
    files: FileStore
    clock: Callable[[], dt.datetime] = utc_now

    @classmethod
    def from_settings(
        cls, settings: Settings, *, clock: Callable[[], dt.datetime] = utc_now
    ) -> Self:
        """Open the database, the vault and the store that `settings` name."""
        return cls(
            settings,
            Database(settings.database_url),
            Vault(settings.master_key),
            FileStore(settings.data_dir / "files"),
            clock,
        )

    def key(self, company: Company) -> CompanyKey:
        """Return the data key of a company."""
        return self.vault.company(company.id, company.data_key)

    def close(self) -> None:
        """Close what is open."""
        self.db.close()
