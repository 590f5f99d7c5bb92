"""Outlets, what was handed over by them, and the agency's answers."""

import sqlalchemy as sa
from alembic import op

from hr_portal.adapters.database import types

revision = "0011b"
down_revision = "0011"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
NEUTRAL = [
    ["nomor_pengajuan", "batch"], ["npp", "npp"], ["perusahaan", "company"], ["baris", "row"], ["kpj", "kpj"],
    ["nik", "nik"], ["nama", "nama"], ["tanggal_lahir", "tanggal_lahir"], ["data", "field"],
    ["kunci_data", "field_key"], ["semula", "before"], ["menjadi", "after"],
]  # fmt: skip
SIPP = [
    ["NO", "number"], ["NPP", "npp"], ["KPJ", "kpj"], ["NIK", "nik"], ["NAMA LENGKAP", "nama"],
    ["TANGGAL LAHIR", "tanggal_lahir"], ["ELEMEN DATA", "field"], ["DATA LAMA", "before"],
    ["DATA BARU", "after"], ["NOMOR PENGAJUAN", "batch"],
]  # fmt: skip
ACCOUNT = ["kode_bank", "no_rekening", "nama_rekening"]
"""SIPP keeps accounts in a menu of their own."""
SEEDS: tuple[tuple[object, ...], ...] = (
    ("sipp", "SIPP Koreksi Elemen TK (Excel)", "SIPP Koreksi Elemen TK (Excel)", "xlsx", SIPP, ACCOUNT, 10_000, False),
    ("xlsx", "Netral (Excel)", "Neutral (Excel)", "xlsx", NEUTRAL, [], 1_000_000, True),
    ("csv", "Netral (CSV)", "Neutral (CSV)", "csv", NEUTRAL, [], 1_000_000, True),
    ("json", "Netral (JSON)", "Neutral (JSON)", "json", NEUTRAL, [], 1_000_000, True),
)  # fmt: skip

OLD = " OR OLD.state = 'returned' AND NEW.state = 'draft'"
NEW = (
    OLD + " OR OLD.state IN ('approved', 'partly_approved') AND NEW.state = 'forwarded'"
    " OR OLD.state = 'forwarded' AND NEW.state = 'completed'"
)


def upgrade() -> None:
    """Bring the schema forward."""
    outlets = op.create_table(
        "outlets",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("label_en", sa.Text(), nullable=False),
        sa.Column("format", sa.Text(), nullable=False),
        sa.Column("columns", sa.JSON(), nullable=False),
        sa.Column("left_out", sa.JSON(), nullable=False),
        sa.Column("rows_a_file", sa.Integer(), nullable=False),
        sa.Column("is_confirmed", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_outlets")),
    )
    names = (
        "key",
        "label",
        "label_en",
        "format",
        "columns",
        "left_out",
        "rows_a_file",
        "is_confirmed",
    )
    op.bulk_insert(
        outlets,
        [
            {**dict(zip(names, seed, strict=True)), "place": place}
            for place, seed in enumerate(SEEDS)
        ],
    )
    op.create_table(
        "handovers",
        sa.Column("id", BIG, nullable=False),
        sa.Column("batch_id", sa.String(length=32), nullable=False),
        sa.Column("revision_id", BIG, nullable=False),
        sa.Column("outlet", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("left_out", sa.JSON(), nullable=False),
        sa.Column("made_by", sa.String(length=32), nullable=False),
        sa.Column("made_at", types.UTC(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["batch_id"], ["batches.id"], name=op.f("fk_handovers_batch_id")),
        sa.ForeignKeyConstraint(
            ["revision_id"], ["revisions.id"], name=op.f("fk_handovers_revision_id")
        ),
        sa.ForeignKeyConstraint(["made_by"], ["users.id"], name=op.f("fk_handovers_made_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handovers")),
        sa.UniqueConstraint("batch_id", "outlet", name=op.f("uq_handovers_batch_id_outlet")),
    )
    op.create_table(
        "handover_files",
        sa.Column("id", BIG, nullable=False),
        sa.Column("handover_id", BIG, nullable=False),
        sa.Column("file_id", BIG, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["handover_id"], ["handovers.id"], name=op.f("fk_handover_files_handover_id")
        ),
        sa.ForeignKeyConstraint(["file_id"], ["files.id"], name=op.f("fk_handover_files_file_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handover_files")),
    )
    op.create_index(op.f("ix_handover_files_handover_id"), "handover_files", ["handover_id"])
    op.create_table(
        "agency_answers",
        sa.Column("correction_id", BIG, autoincrement=False, nullable=False),
        sa.Column("revision_id", BIG, nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("words", types.Sealed(), nullable=False),
        sa.Column("answered_by", sa.String(length=32), nullable=False),
        sa.Column("answered_at", types.UTC(timezone=True), nullable=False),
        sa.Column("child_batch_id", sa.String(length=32), nullable=True),
        sa.CheckConstraint(
            "answer IN ('accepted', 'refused')", name=op.f("ck_agency_answers_answer")
        ),
        sa.ForeignKeyConstraint(
            ["correction_id"], ["corrections.id"], name=op.f("fk_agency_answers_correction_id")
        ),
        sa.ForeignKeyConstraint(
            ["revision_id"], ["revisions.id"], name=op.f("fk_agency_answers_revision_id")
        ),
        sa.ForeignKeyConstraint(
            ["answered_by"], ["users.id"], name=op.f("fk_agency_answers_answered_by")
        ),
        sa.ForeignKeyConstraint(
            ["child_batch_id"], ["batches.id"], name=op.f("fk_agency_answers_child_batch_id")
        ),
        sa.PrimaryKeyConstraint("correction_id", name=op.f("pk_agency_answers")),
    )
    op.create_index(op.f("ix_agency_answers_revision_id"), "agency_answers", ["revision_id"])
    _allow_forwarding()


def _allow_forwarding() -> None:
    """Make the trigger of the moves anew, with those that lead on from an approval."""
    bind = op.get_bind()
    if bind.dialect.name == "sqlite":
        held = bind.exec_driver_sql(
            "SELECT sql FROM sqlite_schema WHERE type = 'trigger' AND name = 'batches_moves'"
        ).scalar_one()
        bind.exec_driver_sql("DROP TRIGGER batches_moves")
    else:
        held = bind.exec_driver_sql(
            "SELECT pg_get_functiondef('batches_moves()'::regprocedure)"
        ).scalar_one()
    if OLD not in held:
        msg = "the moves of a batch aren't where they are expected"
        raise RuntimeError(msg)
    bind.exec_driver_sql(held.replace(OLD, NEW))
