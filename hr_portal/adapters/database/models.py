"""The data model (decisions.md), as typed SQLAlchemy models.

Ids that appear in addresses are random 128-bit hex; inner ones are integers.
The law of the state machines is repeated here as CHECK constraints.
"""

import datetime as dt
import uuid
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

from hr_portal.adapters.database.types import UTC, Sealed
from hr_portal.domain.workflow import BATCH_STATES, FILE_STATES, VERDICTS

Id = sa.String(32)
EDIT_KINDS = ("cell", "paste", "suggestion", "replace")
BigInt = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def new_id() -> str:
    """Return a random 128-bit id in hex, fit for an address."""
    return uuid.uuid4().hex


def _one_of(column: str, values: tuple[str, ...], name: str) -> sa.CheckConstraint:
    listed = ", ".join(f"'{value}'" for value in values)
    return sa.CheckConstraint(f"{column} IN ({listed})", name=name)


class Base(DeclarativeBase):
    """Base of all models, with one naming convention for constraints."""

    metadata = sa.MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy reads it from the class
        dt.datetime: UTC(),
        dict[str, Any]: sa.JSON(),
        list[Any]: sa.JSON(),
        str: sa.Text(),
    }


class Branch(Base):
    """A destination branch office (kantor cabang)."""

    __tablename__ = "branches"

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(unique=True)
    city: Mapped[str] = mapped_column(default="")
    address: Mapped[str] = mapped_column(default="")
    timezone: Mapped[str] = mapped_column(default="Asia/Jakarta")
    is_active: Mapped[bool] = mapped_column(default=True)


class Company(Base):
    """A company (badan usaha): NPP, letterhead, signatories, data key."""

    __tablename__ = "companies"
    __table_args__ = (sa.UniqueConstraint("npp", "division"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    name: Mapped[str]
    npp: Mapped[str]
    division: Mapped[str] = mapped_column(default="000")
    address: Mapped[str] = mapped_column(default="")
    city: Mapped[str] = mapped_column(default="")
    phone: Mapped[str] = mapped_column(default="")
    email: Mapped[str] = mapped_column(default="")
    letter_code: Mapped[str] = mapped_column(default="HRD")
    short_name: Mapped[str] = mapped_column(default="")
    number_pattern: Mapped[str] = mapped_column(
        default="{urut:03}/{kode}/{perusahaan}/{bulan_romawi}/{tahun}"
    )
    paper: Mapped[str] = mapped_column(default="a4")
    letter_series: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    """{kind of letter: {pattern, reset, start, code}}; what is missing is as usual."""
    letter_choices: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    """{phrases, salutation, opening, closing}; what is missing is as usual."""
    signatories: Mapped[list[Any]] = mapped_column(default=list)
    """[{name, title, attorney_number}]; the first is proposed."""
    contact: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """{name, title, phone, email} of the narahubung."""
    copies_to: Mapped[list[Any]] = mapped_column(default=list)
    logo: Mapped[bytes | None] = mapped_column(sa.LargeBinary)
    logo_type: Mapped[str | None]
    default_branch_id: Mapped[str | None] = mapped_column(Id, sa.ForeignKey("branches.id"))
    data_key: Mapped[bytes] = mapped_column(Sealed)
    """The company's data key, wrapped by the master key."""
    is_active: Mapped[bool] = mapped_column(default=True)

    default_branch: Mapped[Branch | None] = relationship()


class User(Base):
    """A person who signs in, by e-mail."""

    __tablename__ = "users"

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    email: Mapped[str] = mapped_column(unique=True)
    """Lower-cased."""
    name: Mapped[str]
    password_hash: Mapped[str]
    must_change: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    """Somebody else made the password; nothing else is done before it is changed."""
    has_short_password: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    """It is long enough only beside a second factor."""
    invited_at: Mapped[dt.datetime | None]
    """Was asked to join and hasn't made a password yet; None for who has one."""
    is_active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[dt.datetime]

    memberships: Mapped[list["Membership"]] = relationship(back_populates="user")


class Membership(Base):
    """What a user may be, and where: HRD of a company, reviewer of a branch, admin."""

    __tablename__ = "memberships"
    __table_args__ = (
        sa.CheckConstraint(
            "(role = 'hrd' AND company_id IS NOT NULL AND branch_id IS NULL)"
            " OR (role = 'reviewer' AND branch_id IS NOT NULL AND company_id IS NULL)"
            " OR (role = 'admin' AND company_id IS NULL AND branch_id IS NULL)",
            name="place",
        ),
        sa.UniqueConstraint("user_id", "role", "company_id", "branch_id"),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    user_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("users.id"), index=True)
    role: Mapped[str]
    company_id: Mapped[str | None] = mapped_column(Id, sa.ForeignKey("companies.id"), index=True)
    branch_id: Mapped[str | None] = mapped_column(Id, sa.ForeignKey("branches.id"), index=True)
    is_lead: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    """Manages the company's own people (penanggung jawab)."""
    chosen_at: Mapped[dt.datetime | None]
    """When a person of several companies chose to work for this one; the latest is begun with."""

    user: Mapped[User] = relationship(back_populates="memberships")
    company: Mapped[Company | None] = relationship()
    branch: Mapped[Branch | None] = relationship()


class SignIn(Base):
    """A server-side session; only the hash of its id is kept."""

    __tablename__ = "sessions"

    id_hash: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    user_id: Mapped[str | None] = mapped_column(Id, sa.ForeignKey("users.id"), index=True)
    content: Mapped[bytes] = mapped_column(Sealed)
    created_at: Mapped[dt.datetime]
    seen_at: Mapped[dt.datetime]


class Token(Base):
    """A bearer token of the API; only its hash is kept."""

    __tablename__ = "tokens"

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    user_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("users.id"), index=True)
    label: Mapped[str] = mapped_column(default="")
    created_at: Mapped[dt.datetime]
    revoked_at: Mapped[dt.datetime | None]
    exports_until: Mapped[dt.datetime | None]
    """Until when it may fetch files of many identifiers, as its owner allowed."""


class Throttle(Base):
    """Tries counted per key (hashed account or address), shared by all processes."""

    __tablename__ = "throttles"

    key: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    tries: Mapped[int] = mapped_column(default=0)
    window_from: Mapped[dt.datetime]


class Employee(Base):
    """An employee a company has submitted corrections for, known by indexes only."""

    __tablename__ = "employees"

    company_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("companies.id"), primary_key=True)
    kpj_index: Mapped[bytes] = mapped_column(sa.LargeBinary(16), primary_key=True)
    nik_index: Mapped[bytes | None] = mapped_column(sa.LargeBinary(16), index=True)
    batch_id: Mapped[str | None] = mapped_column(Id, sa.ForeignKey("batches.id"))
    """The batch this NIK comes from: the first submitted, then each that changed it."""


class Batch(Base):
    """A submission (pengajuan) of a company to a branch."""

    __tablename__ = "batches"
    __table_args__ = (
        _one_of("state", BATCH_STATES, "state"),
        sa.UniqueConstraint("created_by", "idempotency_key"),
        sa.CheckConstraint(
            "reviewer_id IS NULL OR reviewer_id <> last_edited_by", name="reviewer_not_editor"
        ),
        sa.CheckConstraint(
            "reviewer_id IS NULL OR reviewer_id <> submitted_by", name="reviewer_not_submitter"
        ),
        sa.CheckConstraint(
            "decided_by IS NULL OR decided_by <> submitted_by", name="decider_not_submitter"
        ),
        sa.CheckConstraint(
            "(state = 'in_review') <= (reviewer_id IS NOT NULL)", name="review_has_reviewer"
        ),
        sa.CheckConstraint(
            "reviewer_id IS NULL OR passed_by IS NULL OR reviewer_id <> passed_by",
            name="second_is_another",
        ),
        sa.Index(
            "ix_batches_queue",
            "branch_id",
            "state",
            "submitted_at",
            "id",
            "due_at",
            "reviewer_id",
            "is_warned",
            "size",
            "corrected",
            "searched",
        ),
        sa.Index("ix_batches_decided", "branch_id", "state", "decided_at", "id"),
        sa.Index("ix_batches_held", "reviewer_id", "state"),
        sa.Index("ix_batches_due", "branch_id", "state", "due_at"),
        sa.Index("ix_batches_company", "company_id", "state", "created_at"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    number: Mapped[str] = mapped_column(unique=True)
    company_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("companies.id"))
    branch_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("branches.id"))
    parent_id: Mapped[str | None] = mapped_column(Id, sa.ForeignKey("batches.id"), index=True)
    state: Mapped[str] = mapped_column(default="draft")
    version: Mapped[int] = mapped_column(default=1)
    revision_number: Mapped[int] = mapped_column(default=1)
    """The current revision."""
    change_received_on: Mapped[dt.date | None] = mapped_column(sa.Date)
    idempotency_key: Mapped[str | None]
    created_by: Mapped[str] = mapped_column(Id, sa.ForeignKey("users.id"))
    created_at: Mapped[dt.datetime]
    last_edited_by: Mapped[str] = mapped_column(Id, sa.ForeignKey("users.id"))
    last_edited_at: Mapped[dt.datetime]
    submitted_by: Mapped[str | None] = mapped_column(Id, sa.ForeignKey("users.id"))
    submitted_at: Mapped[dt.datetime | None]
    due_at: Mapped[dt.datetime | None]
    """When the most pressing clock of its review runs out; None while it is a draft."""
    reviewer_id: Mapped[str | None] = mapped_column(Id, sa.ForeignKey("users.id"))
    taken_at: Mapped[dt.datetime | None]
    passed_by: Mapped[str | None] = mapped_column(Id, sa.ForeignKey("users.id"))
    """Who judged it last and handed it on to a second reviewer."""
    decided_by: Mapped[str | None] = mapped_column(Id, sa.ForeignKey("users.id"))
    decided_at: Mapped[dt.datetime | None]
    searched: Mapped[str | None]
    """Folded company, number and letters, a line each, of what was handed in; `queue_words`."""
    searched_all: Mapped[str | None]
    """The same, whole, where `searched` begins with a tab: too long for an index."""
    corrected: Mapped[str | None]
    """What its rows correct: `|hp|npwp|`."""
    is_warned: Mapped[bool | None]
    """Whether a row of it has a warning."""
    size: Mapped[int | None]
    """Rows that were handed in, those without anything in them left out."""

    company: Mapped[Company] = relationship()
    branch: Mapped[Branch] = relationship()
    parent: Mapped["Batch | None"] = relationship(remote_side="Batch.id")
    creator: Mapped[User] = relationship(foreign_keys=[created_by])
    submitter: Mapped[User | None] = relationship(foreign_keys=[submitted_by])
    reviewer: Mapped[User | None] = relationship(foreign_keys=[reviewer_id])
    decider: Mapped[User | None] = relationship(foreign_keys=[decided_by])


class File(Base):
    """A file in the encrypted store; the same bytes are kept once a company."""

    __tablename__ = "files"
    __table_args__ = (sa.UniqueConstraint("company_id", "sha256"),)

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    company_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("companies.id"))
    name: Mapped[str] = mapped_column(unique=True)
    """The random name in the store."""
    sha256: Mapped[str] = mapped_column(sa.String(64))
    size: Mapped[int] = mapped_column(BigInt)
    created_at: Mapped[dt.datetime]
    purged_at: Mapped[dt.datetime | None]
    """When its bytes were deleted, as retention asks; the hash stays."""


class Revision(Base):
    """One uploaded (or copied) version of a batch's rows, with what the check found."""

    __tablename__ = "revisions"
    __table_args__ = (
        sa.UniqueConstraint("batch_id", "number"),
        sa.UniqueConstraint("batch_id", "idempotency_key"),
        _one_of("state", FILE_STATES, "state"),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    batch_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("batches.id"))
    number: Mapped[int]
    state: Mapped[str] = mapped_column(default="received")
    idempotency_key: Mapped[str | None]
    file_id: Mapped[int | None] = mapped_column(BigInt, sa.ForeignKey("files.id"))
    """None for a revision copied from another one, and after an unreadable file was deleted."""
    file_name: Mapped[str]
    file_size: Mapped[int] = mapped_column(BigInt, default=0)
    sha256: Mapped[str] = mapped_column(sa.String(64), default="", index=True)
    content_index: Mapped[bytes | None] = mapped_column(sa.LargeBinary(16), index=True)
    """HMAC over the clean cells: equal where the rows are, whatever the file looks like."""
    layout_asked: Mapped[str] = mapped_column(default="auto")
    question: Mapped[bytes | None] = mapped_column(Sealed)
    """Sealed JSON while it is `asking`: columns with sample values."""
    answer: Mapped[dict[str, Any] | None] = mapped_column(sa.JSON(none_as_null=True))
    """How to read it, as HRD answered: {"sheet", "header", "columns", ...}; no values of cells."""
    known_layout_at: Mapped[dt.datetime | None]
    """When the layout was explained that told what the columns are; None where none did."""
    recognised: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    """True where the file's own mark made it a revision, and nobody has said so."""
    layout: Mapped[str | None]
    sheet: Mapped[str | None]
    header_row: Mapped[int | None]
    ruleset: Mapped[str | None]
    error_code: Mapped[str | None]
    error_message: Mapped[str | None]
    error_message_en: Mapped[str | None]
    rows_total: Mapped[int] = mapped_column(default=0)
    rows_valid: Mapped[int] = mapped_column(default=0)
    rows_warning: Mapped[int] = mapped_column(default=0)
    rows_invalid: Mapped[int] = mapped_column(default=0)
    rows_empty: Mapped[int] = mapped_column(default=0)
    rows_refused: Mapped[int] = mapped_column(default=0)
    progress_done: Mapped[int] = mapped_column(default=0)
    progress_total: Mapped[int] = mapped_column(default=0)
    structure: Mapped[bytes | None] = mapped_column(Sealed)
    """Sealed JSON: headers, letters, roles, remarks, refused rows."""
    summary: Mapped[list[Any]] = mapped_column(default=list)
    """[{code, case, field, severity, findings, rows, first}]; `first` is the number of its row."""
    tidied: Mapped[dict[str, Any]] = mapped_column(default=dict)
    fields: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """{field key: number of corrections}."""
    compared: Mapped[dict[str, Any] | None]
    """{"solved": n, "new": m} against the revision before."""
    resembles: Mapped[dict[str, Any] | None] = mapped_column(sa.JSON(none_as_null=True))
    """The open batch it seems to mend: {batch, shared, here, there}, {revision} once it does."""
    preview: Mapped[dict[str, Any] | None]
    """While it is read: {rows, invalid, warning, summary} of its first rows, not of all."""
    uploaded_by: Mapped[str] = mapped_column(Id, sa.ForeignKey("users.id"))
    uploaded_at: Mapped[dt.datetime]
    checked_at: Mapped[dt.datetime | None]
    edited: Mapped[int] = mapped_column(default=0, server_default="0")
    """How often its cells were changed in the portal (acts and undoing them)."""
    rechecked: Mapped[int] = mapped_column(default=0, server_default="0")
    """The value of `edited` that its findings speak of; less than `edited` = a check is due."""

    batch: Mapped[Batch] = relationship()
    file: Mapped[File | None] = relationship()

    @property
    def rows_left(self) -> int:
        """How many rows have no correction, because all they have are left out (ROW-04)."""
        told = (one for one in self.summary if (one["code"], one["case"]) == ("ROW-04", "row"))
        return sum(one["rows"] for one in told)

    @property
    def rows_asking(self) -> int:
        """How many rows ask for something."""
        return self.rows_total - self.rows_empty - self.rows_left


class ColumnLayout(Base):
    """What the columns of a header mean, as somebody of the company has explained it."""

    __tablename__ = "column_layouts"
    __table_args__ = (sa.UniqueConstraint("company_id", "fingerprint"),)

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    company_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("companies.id"))
    fingerprint: Mapped[str] = mapped_column(sa.String(64))
    """SHA-256 over the names of the columns in order, spelling aside."""
    content: Mapped[bytes] = mapped_column(Sealed)
    """Sealed JSON: sheet and [[header, meaning]]; never a value of a cell."""
    made_by: Mapped[str] = mapped_column(Id, sa.ForeignKey("users.id"))
    made_at: Mapped[dt.datetime]
    used_at: Mapped[dt.datetime]

    maker: Mapped[User] = relationship()


class Annotation(Base):
    """The user's workbook with notes, as a worker made it of one state of a batch."""

    __tablename__ = "annotations"
    __table_args__ = (
        sa.UniqueConstraint("revision_id", "version"),
        _one_of("state", ("wanted", "ready", "failed"), "state"),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    revision_id: Mapped[int] = mapped_column(BigInt, sa.ForeignKey("revisions.id"))
    version: Mapped[int]
    """The batch's version that the notes tell of."""
    state: Mapped[str] = mapped_column(default="wanted")
    stored: Mapped[str | None]
    """The random name in the store, once it is ready."""
    progress: Mapped[int] = mapped_column(default=0, server_default="0")
    """Rows gone through, each twice: what is said of it is gathered, then written."""
    created_at: Mapped[dt.datetime]


class RowBlock(Base):
    """Up to 128 rows of a revision: their cells, raw and clean, sealed together."""

    __tablename__ = "row_blocks"

    revision_id: Mapped[int] = mapped_column(
        BigInt, sa.ForeignKey("revisions.id"), primary_key=True
    )
    block: Mapped[int] = mapped_column(primary_key=True)
    content: Mapped[bytes] = mapped_column(Sealed)
    resealed: Mapped[int] = mapped_column(default=0, server_default="0")
    """How often the same content was sealed by another key: then no verdict is taken back."""


class Row(Base):
    """A row of a revision: how it fared, how to find it; its cells lie in a block."""

    __tablename__ = "rows"
    __table_args__ = (
        sa.Index("ix_rows_severity", "revision_id", "severity", "number"),
        sa.Index("ix_rows_kpj", "revision_id", "kpj_index"),
    )

    revision_id: Mapped[int] = mapped_column(
        BigInt, sa.ForeignKey("revisions.id"), primary_key=True
    )
    number: Mapped[int] = mapped_column(primary_key=True)
    """The sheet's own row number."""
    block: Mapped[int]
    severity: Mapped[int] = mapped_column(sa.SmallInteger, default=0)
    """0 valid, 1 note, 2 warning, 3 override, 4 error; see `domain.report.Severity`."""
    name: Mapped[str] = mapped_column(default="")
    """The clean name, for lists and text filters."""
    kpj_index: Mapped[bytes] = mapped_column(sa.LargeBinary(16))
    nik_index: Mapped[bytes] = mapped_column(sa.LargeBinary(16))


class RowList(Base):
    """Row numbers of a revision that a filter shows, in order, some thousand a part."""

    __tablename__ = "row_lists"

    revision_id: Mapped[int] = mapped_column(
        BigInt, sa.ForeignKey("revisions.id"), primary_key=True
    )
    shown: Mapped[str] = mapped_column(primary_key=True)
    """all, todo, error, warning or valid."""
    part: Mapped[int] = mapped_column(primary_key=True)
    numbers: Mapped[bytes] = mapped_column(sa.LargeBinary)
    """Little-endian 32-bit numbers."""


class Correction(Base):
    """One datum of one employee to change, with its verdict; before and after lie in the block."""

    __tablename__ = "corrections"
    __table_args__ = (
        sa.CheckConstraint(
            "verdict IS NULL OR verdict IN ({})".format(", ".join(f"'{v}'" for v in VERDICTS)),
            name="verdict",
        ),
        sa.CheckConstraint("verdict IS NULL OR verdict = 'approve' OR reason <> ''", name="reason"),
        sa.CheckConstraint(
            "seconded_by IS NULL OR (verdict = 'approve' AND seconded_by <> decided_by)",
            name="seconded_by_another",
        ),
        sa.Index("ix_corrections_row", "revision_id", "row_number", "id"),
        sa.Index(
            "ix_corrections_verdict",
            "revision_id",
            "verdict",
            sqlite_where=sa.text("verdict IS NOT NULL"),
            postgresql_where=sa.text("verdict IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    revision_id: Mapped[int] = mapped_column(BigInt, sa.ForeignKey("revisions.id"))
    row_number: Mapped[int]
    field: Mapped[str]
    verdict: Mapped[str | None]
    reason: Mapped[str] = mapped_column(default="", server_default="")
    override_document_id: Mapped[str | None] = mapped_column(Id, sa.ForeignKey("documents.id"))
    """The document that an approval over an E* finding rests on."""
    decided_by: Mapped[str | None] = mapped_column(Id, sa.ForeignKey("users.id"))
    decided_at: Mapped[dt.datetime | None]
    seconded_by: Mapped[str | None] = mapped_column(Id, sa.ForeignKey("users.id"))
    """The second reviewer who approved it too."""
    seconded_at: Mapped[dt.datetime | None]


class Fact(Base):
    """What a submitted correction asks for, by indexes: the memory of the rules HIS-01 to HIS-03.

    Whether it is pending or approved, its correction's verdict and its batch's state say.
    """

    __tablename__ = "facts"
    __table_args__ = (
        sa.Index("ix_facts_employee", "company_id", "kpj_index"),
        # Few: those that replace a KPJ. They are asked for with each check.
        sa.Index(
            "ix_facts_cards",
            "company_id",
            sqlite_where=sa.text("field = 'kpj'"),
            postgresql_where=sa.text("field = 'kpj'"),
        ),
    )

    correction_id: Mapped[int] = mapped_column(
        BigInt, sa.ForeignKey("corrections.id"), primary_key=True, autoincrement=False
    )
    company_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("companies.id"))
    kpj_index: Mapped[bytes] = mapped_column(sa.LargeBinary(16))
    field: Mapped[str]
    value_index: Mapped[bytes] = mapped_column(sa.LargeBinary(16))


class FindingRow(Base):
    """One broken rule at one place of a revision; its sentence is made on showing."""

    __tablename__ = "findings"
    __table_args__ = (
        sa.Index("ix_findings_row", "revision_id", "row_number", "id"),
        sa.Index("ix_findings_code", "revision_id", "code", "row_number"),
        sa.Index(
            "ix_findings_confirmed",
            "revision_id",
            "code",
            "kind",
            "field",
            sqlite_where=sa.text("confirmed_at IS NOT NULL"),
            postgresql_where=sa.text("confirmed_at IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    revision_id: Mapped[int] = mapped_column(BigInt, sa.ForeignKey("revisions.id"))
    row_number: Mapped[int]
    """0 = the whole file."""
    column_index: Mapped[int]
    """-1 = no single cell."""
    code: Mapped[str]
    kind: Mapped[str]
    """The case of the rule."""
    severity: Mapped[int] = mapped_column(sa.SmallInteger)
    field: Mapped[str | None]
    detail: Mapped[bytes | None] = mapped_column(Sealed)
    """Sealed JSON {value, suggestion, params}."""
    confirmed_by: Mapped[str | None] = mapped_column(Id, sa.ForeignKey("users.id"))
    confirmed_at: Mapped[dt.datetime | None]
    confirmed_reason: Mapped[str | None]


class EditAct(Base):
    """One change of cells in the portal: by whom, when, why; and whether it was undone."""

    __tablename__ = "edit_acts"
    __table_args__ = (_one_of("kind", EDIT_KINDS, "kind"),)

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    revision_id: Mapped[int] = mapped_column(BigInt, sa.ForeignKey("revisions.id"), index=True)
    kind: Mapped[str]
    what: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """{code, case, field} of the findings, or {column}; never a value."""
    cells: Mapped[int]
    rows: Mapped[int]
    made_by: Mapped[str] = mapped_column(Id, sa.ForeignKey("users.id"))
    made_at: Mapped[dt.datetime]
    undone_by: Mapped[str | None] = mapped_column(Id, sa.ForeignKey("users.id"))
    undone_at: Mapped[dt.datetime | None]


class Edit(Base):
    """One cell of an act: what stood there before, and what stands there after."""

    __tablename__ = "edits"
    __table_args__ = (sa.Index("ix_edits_cell", "revision_id", "row_number", "column_index"),)

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    act_id: Mapped[int] = mapped_column(BigInt, sa.ForeignKey("edit_acts.id"), index=True)
    revision_id: Mapped[int] = mapped_column(BigInt, sa.ForeignKey("revisions.id"))
    row_number: Mapped[int]
    column_index: Mapped[int]
    change: Mapped[bytes] = mapped_column(Sealed)
    """Sealed JSON [text before, its stored kind, text after]; what is typed is always text."""


class Document(Base):
    """A supporting document of a batch, kept as we made it safe."""

    __tablename__ = "documents"
    __table_args__ = (sa.Index("ix_documents_source", "batch_id", "source_sha256"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    batch_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("batches.id"), index=True)
    file_id: Mapped[int] = mapped_column(BigInt, sa.ForeignKey("files.id"))
    file_name: Mapped[bytes] = mapped_column(Sealed)
    """The client's own name, which may hold a name or a NIK; only ever shown as text."""
    kind: Mapped[str]
    media_type: Mapped[str]
    pages: Mapped[int | None]
    source_sha256: Mapped[str | None] = mapped_column(sa.String(64))
    """Of the bytes uploaded, which are not kept: so that they are known when they come again."""
    uploaded_by: Mapped[str] = mapped_column(Id, sa.ForeignKey("users.id"))
    uploaded_at: Mapped[dt.datetime]
    removed_at: Mapped[dt.datetime | None]

    file: Mapped[File] = relationship()
    placements: Mapped[list["Placement"]] = relationship(back_populates="document")


class Placement(Base):
    """Where a document belongs: a row and its employee, or the whole batch."""

    __tablename__ = "placements"

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    document_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("documents.id"), index=True)
    row_number: Mapped[int | None]
    """None = the whole batch."""
    kpj_index: Mapped[bytes | None] = mapped_column(sa.LargeBinary(16))
    """Placement follows the employee to the next revision."""

    document: Mapped[Document] = relationship(back_populates="placements")


class Letter(Base):
    """An issued letter: its facts, number and bytes never change."""

    __tablename__ = "letters"
    __table_args__ = (
        sa.UniqueConstraint("company_id", "series", "period", "sequence"),
        sa.Index("uq_letters_number", "company_id", "number", unique=True),
        sa.Index("ix_letters_words", "batch_id", "number"),
        _one_of("state", ("issued", "superseded", "revoked"), "state"),
        sa.CheckConstraint("state <> 'revoked' OR revoked_reason <> ''", name="revoked_reason"),
        sa.Index(
            "uq_letters_current",
            "batch_id",
            "series",
            "person",
            unique=True,
            sqlite_where=sa.text("state = 'issued'"),
            postgresql_where=sa.text("state = 'issued'"),
        ),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    company_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("companies.id"))
    batch_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("batches.id"), index=True)
    revision_id: Mapped[int] = mapped_column(BigInt, sa.ForeignKey("revisions.id"))
    series: Mapped[str]
    person: Mapped[int] = mapped_column(default=0, server_default="0")
    """Place in Lampiran I of the one employee whose form it is; 0 for all others."""
    period: Mapped[str]
    sequence: Mapped[int]
    number: Mapped[str]
    issued_on: Mapped[dt.date] = mapped_column(sa.Date)
    issued_at: Mapped[dt.datetime]
    issued_by: Mapped[str] = mapped_column(Id, sa.ForeignKey("users.id"))
    state: Mapped[str] = mapped_column(default="issued")
    supersedes_id: Mapped[str | None] = mapped_column(Id, sa.ForeignKey("letters.id"))
    fingerprint: Mapped[str] = mapped_column(sa.String(64))
    """SHA-256 over rows, documents and revision: what the letter speaks of."""
    snapshot: Mapped[bytes] = mapped_column(Sealed)
    sha256: Mapped[str | None] = mapped_column(sa.String(64))
    """Of the PDF; None until it is rendered."""
    table_sha256: Mapped[str | None] = mapped_column(sa.String(64))
    """Of the workbook with the corrections, where the pages don't hold them."""
    progress: Mapped[int] = mapped_column(default=0, server_default="0")
    """Percent laid out, while the PDF is being made."""
    token: Mapped[str | None] = mapped_column(sa.String(26), index=True, unique=True)
    """Random, in the letter's QR; None for letters older than the page of verification."""
    code: Mapped[str | None] = mapped_column(sa.String(12), index=True, unique=True)
    """Random, printed on the letter for whoever types it."""
    company_name: Mapped[str | None]
    """As it was when the letter was issued; with the three below it is what the proof tells."""
    branch_name: Mapped[str | None]
    people: Mapped[int | None]
    corrections: Mapped[int | None]
    revoked_at: Mapped[dt.datetime | None]
    revoked_by: Mapped[str | None] = mapped_column(Id, sa.ForeignKey("users.id"))
    revoked_reason: Mapped[str] = mapped_column(default="", server_default="")
    file_id: Mapped[int | None] = mapped_column(BigInt, sa.ForeignKey("files.id"))

    file: Mapped[File | None] = relationship()
    batch: Mapped[Batch] = relationship()


class Counter(Base):
    """The last number given out of a series in a period."""

    __tablename__ = "counters"

    scope: Mapped[str] = mapped_column(primary_key=True)
    """"batches", or "letters|<company>"."""
    series: Mapped[str] = mapped_column(primary_key=True)
    period: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[int]


class Decision(Base):
    """The end of one review of one revision; there is only ever one."""

    __tablename__ = "decisions"
    __table_args__ = (
        sa.UniqueConstraint("batch_id", "revision_number"),
        sa.Index("ix_decisions_decided", "decided_at"),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    batch_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("batches.id"))
    revision_number: Mapped[int]
    outcome: Mapped[str]
    decided_by: Mapped[str] = mapped_column(Id, sa.ForeignKey("users.id"))
    decided_at: Mapped[dt.datetime]
    submitted_at: Mapped[dt.datetime | None]
    """When what was decided had been submitted; None of old ones, of which the batch says it."""
    rows_approved: Mapped[int]
    rows_returned: Mapped[int]
    rows_rejected: Mapped[int]
    child_batch_id: Mapped[str | None] = mapped_column(Id, sa.ForeignKey("batches.id"))


class Act(Base):
    """What happened, by whom: the audit. Never changed, never deleted."""

    __tablename__ = "acts"
    __table_args__ = (
        sa.Index("ix_acts_subject", "subject_kind", "subject_id", "id"),
        sa.Index("ix_acts_number", "company_id", "number"),
        sa.Index("ix_acts_actor", "actor_id", "id"),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    at: Mapped[dt.datetime]
    actor_id: Mapped[str | None] = mapped_column(Id, sa.ForeignKey("users.id"))
    company_id: Mapped[str | None] = mapped_column(Id, sa.ForeignKey("companies.id"), index=True)
    action: Mapped[str]
    """`subject:verb`, e.g. "batch:submitted"."""
    subject_kind: Mapped[str]
    subject_id: Mapped[str]
    details: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """Numbers, codes, states; never personal data."""
    request_id: Mapped[str | None]
    number: Mapped[int | None]
    """Counted from 1 in the chain of its company, or of the installation; None before chains."""
    link: Mapped[bytes | None]
    """HMAC over the link before and this act (services/audit.py)."""

    actor: Mapped[User | None] = relationship()


class AuditHead(Base):
    """Where the chain of acts of one company, or of the installation, stands."""

    __tablename__ = "audit_heads"

    scope: Mapped[str] = mapped_column(Id, primary_key=True)
    """A company's id, or "-"."""
    count: Mapped[int]
    link: Mapped[bytes]
    key: Mapped[bytes]
    """The key of the links, wrapped by the master key."""


class Job(Base):
    """Work longer than a request; this row is the queue, its lease decides."""

    __tablename__ = "jobs"
    __table_args__ = (
        _one_of("state", ("queued", "running", "done", "failed"), "state"),
        sa.Index("ix_jobs_due", "state", "run_after"),
        sa.UniqueConstraint("kind", "subject"),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    kind: Mapped[str]
    subject: Mapped[str]
    """An id or two; never personal data."""
    state: Mapped[str] = mapped_column(default="queued")
    lease_until: Mapped[dt.datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    run_after: Mapped[dt.datetime]
    version: Mapped[int] = mapped_column(default=1)
    error: Mapped[str | None]
    created_at: Mapped[dt.datetime]


class OutboxEntry(Base):
    """A notice waiting to be sent after its business change was committed."""

    __tablename__ = "outbox"
    __table_args__ = (
        sa.Index("ix_outbox_kind_subject", "kind", "subject"),
        sa.Index(
            "ix_outbox_unsent",
            "id",
            sqlite_where=sa.text("error IS NOT NULL AND sent_at IS NULL"),
            postgresql_where=sa.text("error IS NOT NULL AND sent_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    kind: Mapped[str]
    user_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("users.id"), index=True)
    subject: Mapped[str]
    """Id of the batch it tells of."""
    created_at: Mapped[dt.datetime]
    started_at: Mapped[dt.datetime | None]
    """When it was handed to the server; from then on it isn't sent again by itself."""
    sent_at: Mapped[dt.datetime | None]
    error: Mapped[str | None]
    """Why it wasn't sent, in a word; "unknown" where nobody can say."""
    read_at: Mapped[dt.datetime | None]
