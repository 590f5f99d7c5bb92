"""The portal as services see it: settings, database, vault, files and a clock."""

import datetime as dt
import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Self

from sqlalchemy.orm import Session

from hr_portal.adapters.database.engine import Database
from hr_portal.adapters.database.models import Company
from hr_portal.adapters.database.moments import server_time
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
    lease_clock: Callable[[], dt.datetime] | None = None
    """What leases go by where it isn't the database's clock: in tests that set the time."""

    @classmethod
    def from_settings(
        cls, settings: Settings, *, clock: Callable[[], dt.datetime] | None = None
    ) -> Self:
        """Open the database, the vault and the store that `settings` name.

        A `clock` that is given counts for leases as well.
        """
        return cls(
            settings,
            Database(settings.database_url),
            Vault(settings.master_key, settings.old_master_key),
            FileStore(settings.data_dir / "files"),
            clock or utc_now,
            Scanner(settings.clamav) if settings.clamav else None,
            clock,
        )

    def lease_time(self, session: Session) -> dt.datetime:
        """Return the time that leases and waits of jobs go by.

        One clock for all workers, the database server's: a machine whose clock runs ahead would
        take work that another is busy with, one that lags would leave it lying (security.md R18).
        With SQLite all are on one machine, so its clock is that one.
        """
        if self.lease_clock is not None:
            return self.lease_clock()
        return server_time(session.connection()) or utc_now()

    def key(self, company: Company) -> CompanyKey:
        """Return the data key of a company; one that was shredded opens nothing any more."""
        return self.key_of(company.id, company.data_key)

    def key_of(self, company_id: str, data_key: bytes | None) -> CompanyKey:
        """As `key`, of a company that isn't loaded: its id, and its data key as it is kept."""
        if not data_key:
            return _Shredded(company_id, os.urandom(KEY_BYTES))
        return self.vault.company(company_id, data_key)

    def close(self) -> None:
        """Close what is open."""
        self.db.close()
