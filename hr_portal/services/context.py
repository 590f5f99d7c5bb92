"""The portal as services see it: settings, database, vault, files and a clock."""

import datetime as dt
import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Self

from hr_portal.adapters.database.engine import Database
from hr_portal.adapters.database.models import Company
from hr_portal.adapters.files import FileStore
from hr_portal.adapters.scanner import Scanner
from hr_portal.adapters.vault import KEY_BYTES, CompanyKey, Vault
from hr_portal.services.errors import Conflict
from hr_portal.settings import Settings


def utc_now() -> dt.datetime:
    """Return the present time, aware, in UTC."""
    return dt.datetime.now(dt.UTC)


class _Shredded(CompanyKey):
    """In the place of a key that was destroyed: finds nothing, and says why nothing opens."""

    __slots__ = ()

    def seal(self, _place: str, _plain: bytes) -> bytes:
        raise self._gone()

    def seal_many(self, _places: Sequence[str], _plains: Iterable[bytes]) -> list[bytes]:
        raise self._gone()

    def open(self, _place: str, _sealed: bytes) -> bytes:
        raise self._gone()

    @staticmethod
    def _gone() -> Conflict:
        return Conflict(
            "Data perusahaan ini sudah dimusnahkan: kunci enkripsinya dihapus, jadi isinya tidak "
            "dapat dibuka oleh siapa pun. Nomor, tanggal, dan jejak auditnya tetap ada.",
            "This company's data was destroyed: its key is gone, so nobody can open the content. "
            "Numbers, dates and the audit trail are kept.",
            code="shredded",
        )


@dataclass(slots=True)
class Portal:
    """What every service is handed; built once a process."""

    settings: Settings
    db: Database
    vault: Vault
    files: FileStore
    clock: Callable[[], dt.datetime] = utc_now
    scanner: Scanner | None = None
    """None where no virus scanner is configured."""

    @classmethod
    def from_settings(
        cls, settings: Settings, *, clock: Callable[[], dt.datetime] = utc_now
    ) -> Self:
        """Open the database, the vault and the store that `settings` name."""
        return cls(
            settings,
            Database(settings.database_url),
            Vault(settings.master_key, settings.old_master_key),
            FileStore(settings.data_dir / "files"),
            clock,
            Scanner(settings.clamav) if settings.clamav else None,
        )

    def key(self, company: Company) -> CompanyKey:
        """Return the data key of a company; one that was shredded opens nothing any more."""
        if not company.data_key:
            return _Shredded(company.id, os.urandom(KEY_BYTES))
        return self.vault.company(company.id, company.data_key)

    def close(self) -> None:
        """Close what is open."""
        self.db.close()
