"""Made-up companies, people and batches for a first look; nobody in it exists.

Everything goes through the services a person would use, at times in the past
weeks, so that every state of this portal can be seen at once.
"""

import contextlib
import dataclasses
import datetime as dt
import io
from collections.abc import Callable

from hr_portal import worker
from hr_portal.adapters.documents.specimen import specimen
from hr_portal.domain.permissions import Actor
from hr_portal.resources import resource_dir
from hr_portal.services import (
    accounts,
    coverage,
    documents,
    explaining,
    intake,
    judging,
    letters,
    passwords,
    places,
    results,
    review,
    submission,
    terms,
)
from hr_portal.services.context import Portal
from hr_portal.services.errors import NotFound

HEADER = "No;KPJ;NIK;Nama Lengkap;Tanggal Lahir;No KK;Data;Semula;Menjadi;Alasan;Keterangan"
GIVEN = (
    "SITI",
    "BUDI",
    "DEWI",
    "AGUS",
    "RINA",
    "JOKO",
    "MAYA",
    "HADI",
    "LINA",
    "TONO",
    "WATI",
    "EKO",
)
FAMILY = ("CONTOHAN", "MISALNYA", "UMPAMA", "TELADAN", "REKAAN", "ANDAIAN", "TAMSILAN", "IBARATI")


@dataclasses.dataclass(slots=True)
class _Clock:
    """A clock that the story sets; each look moves it on a little."""

    now: dt.datetime

    def __call__(self) -> dt.datetime:
        self.now += dt.timedelta(seconds=1)
        return self.now

    def go(self, *, days: float = 0, hours: float = 0) -> None:
        self.now += dt.timedelta(days=days, hours=hours)


@dataclasses.dataclass(frozen=True, slots=True)
class People:
    """Who the demo is played by; ids of users, companies and branches."""

    companies: tuple[str, str]
    branches: tuple[str, str]
    hrd: tuple[str, str, str, str]
    reviewers: tuple[str, str]
    admin: str


def fill(portal: Portal) -> People:
    """Fill an empty installation with the demo; leaves one that has people alone.

    Raises:
        NotFound: the installation isn't empty.

    """
    if accounts.list_users(portal):
        raise NotFound
    clock = _Clock(portal.clock() - dt.timedelta(days=9))
    past = dataclasses.replace(portal, clock=clock)
    people = make_people(past)
    # Letters of the past to people who don't exist would bury the address in the terminal.
    with contextlib.redirect_stdout(io.StringIO()):
        _tell_story(past, people, clock)
        worker.run_all(portal)
    return people


def make_people(portal: Portal) -> People:
    """Make two companies, two branches, four HRD, two reviewers and an admin."""
    raya = places.create_branch(
        portal,
        name="Kantor Cabang Contoh Raya",
        city="Jakarta",
        address="Jalan Contoh Merdeka Nomor 10, Jakarta 10997",
    )
    timur = places.create_branch(
        portal,
        name="Kantor Cabang Misal Timur",
        city="Makassar",
        address="Jalan Misal Timur Nomor 21, Makassar 90997",
        timezone="Asia/Makassar",
    )
    sejahtera = places.create_company(
        portal,
        name="PT Contoh Sejahtera Abadi",
        npp="90000123",
        address="Gedung Misal Lantai 5, Jalan Contoh Raya Nomor 45, Jakarta 10999",
        city="Jakarta",
        phone="(021) 5550 0199",
        email="sekretariat@contohsejahtera.example",
        short_name="CSA",
        letter_code="HRD",
        number_pattern="{urut:03}/HRD/{perusahaan}/{bulan_romawi}/{tahun}",
        default_branch_id=raya,
        contact={
            "name": "Rahma Contohan",
            "title": "Staf Sumber Daya Manusia",
            "phone": "0812 0000 9001",
            "email": "hrd@contohsejahtera.example",
        },
        signatories=[
            {
                "name": "Bambang Contohadi",
                "title": "Manajer Sumber Daya Manusia",
                "attorney_number": "012/DIR/CSA/I/2026",
            },
            {"name": "Endang Umpamawati", "title": "Direktur Utama", "attorney_number": ""},
        ],
        copies_to=["Direktur Utama", "Direktur Keuangan dan Umum"],
        logo=_logo(),
        logo_type="image/svg+xml",
    )
    makmur = places.create_company(
        portal,
        name="CV Misalnya Makmur",
        npp="90000456",
        address="Jalan Umpama Nomor 7, Makassar 90998",
        city="Makassar",
        phone="(0411) 555 0177",
        email="kantor@misalnyamakmur.example",
        short_name="MM",
        default_branch_id=timur,
        contact={
            "name": "Laras Teladan",
            "title": "Kepala Kepegawaian",
            "phone": "0812 0000 9002",
            "email": "sdm@misalnyamakmur.example",
        },
        signatories=[{"name": "Hasan Misalnya", "title": "Direktur", "attorney_number": ""}],
    )

    def person(
        email: str, name: str, role: str, *, company: str | None = None, branch: str | None = None,
        is_lead: bool = False,
    ) -> str:  # fmt: skip
        user_id = accounts.create_user(
            portal,
            email=email,
            name=name,
            password=accounts.draw_password(portal, passwords.Owner(email, name)),
            role=role,
            company_id=company,
            branch_id=branch,
            is_lead=is_lead,
        )
        terms.accept(portal, _actor(portal, user_id))  # a stranger is let in at once
        return user_id

    hrd = (
        person(
            "rahma@contohsejahtera.example",
            "Rahma Contohan",
            "hrd",
            company=sejahtera,
            is_lead=True,
        ),
        person("surya@contohsejahtera.example", "Surya Umpama", "hrd", company=sejahtera),
        person("wulan@misalnyamakmur.example", "Wulan Teladan", "hrd", company=makmur),
        person("yoga@misalnyamakmur.example", "Yoga Rekaan", "hrd", company=makmur),
    )
    bayu = person("bayu@cabang.example", "Bayu Teladan", "reviewer", branch=raya)
    accounts.create_user(
        portal,
        email="bayu@cabang.example",
        name="Bayu Teladan",
        password="",
        role="reviewer",
        branch_id=timur,
    )
    lestari = person("lestari@cabang.example", "Lestari Misalnya", "reviewer", branch=raya)
    admin = person("admin@portal.example", "Dimas Andaian", "admin")
    return People((sejahtera, makmur), (raya, timur), hrd, (bayu, lestari), admin)


def _tell_story(portal: Portal, people: People, clock: _Clock) -> None:
    rahma, surya, wulan = (
        _actor(portal, user) for user in (people.hrd[0], people.hrd[1], people.hrd[2])
    )
    bayu, lestari = (_actor(portal, user) for user in people.reviewers)

    def approve_all(actor: Actor, batch: str) -> None:
        clock.go(hours=3)
        review.take(portal, actor, batch)
        judging.give_verdicts(portal, actor, batch, version=None, rows="rest", verdict="approve")
        clock.go(hours=1)
        review.decide(portal, actor, batch, version=None)

    approved = _submitted(portal, rahma, clock, "koreksi-nama-september.csv", 12, 100, _name_line)
    approve_all(bayu, approved)

    clock.go(days=1)
    partly = _submitted(portal, rahma, clock, "koreksi-tanggal-lahir.csv", 8, 200, _birth_line)
    clock.go(hours=5)
    review.take(portal, bayu, partly)
    judging.give_verdicts(
        portal,
        bayu,
        partly,
        version=None,
        rows=[3, 6],
        verdict="return",
        reason="KTP tidak terbaca: bagian bawah KTP terpotong. Mohon pindai ulang seluruh halaman.",
    )
    judging.give_verdicts(
        portal,
        bayu,
        partly,
        version=None,
        rows=[8],
        verdict="reject",
        reason="Peserta tidak ditemukan pada NPP ini",
    )
    judging.give_verdicts(portal, bayu, partly, version=None, rows="rest", verdict="approve")
    clock.go(hours=2)
    review.decide(portal, bayu, partly, version=None)

    clock.go(days=1)
    rejected = _submitted(portal, wulan, clock, "koreksi-hp-cabang.csv", 3, 300, _phone_line)
    clock.go(hours=4)
    review.take(portal, bayu, rejected)
    judging.give_verdicts(
        portal,
        bayu,
        rejected,
        version=None,
        rows="rest",
        verdict="reject",
        reason="Nomor HP ini sudah dipakai peserta lain; ajukan nomor milik peserta sendiri",
    )
    review.decide(portal, bayu, rejected, version=None)

    clock.go(days=1)
    returned = _submitted(portal, surya, clock, "koreksi-alamat.csv", 6, 400, _address_line)
    clock.go(hours=6)
    review.take(portal, lestari, returned)
    review.return_all(
        portal,
        lestari,
        returned,
        version=None,
        reason="Surat permohonan belum ditandatangani dan dicap",
    )

    clock.go(days=1)
    cancelled = _draft(portal, surya, clock, "salah-berkas.csv", 2, 500, _phone_line)
    intake.cancel_batch(portal, surya, cancelled)
    _upload(
        portal,
        surya,
        "laporan-absensi.csv",
        b"Tanggal;Jam masuk;Jam pulang\r\n2026-11-02;07.58;17.03\r\n",
    )
    worker.run_all(portal)

    clock.go(days=1)
    in_review = _submitted(
        portal, rahma, clock, "koreksi-rekening.csv", 9, 600, _account_line, cards=6
    )
    clock.go(hours=2)
    review.take(portal, lestari, in_review)
    judging.give_verdicts(
        portal, lestari, in_review, version=None, rows=[2, 3, 4], verdict="approve"
    )

    clock.go(days=1)
    _submitted(portal, surya, clock, "koreksi-nama-ibu.csv", 15, 700, _mother_line)
    _submitted(portal, wulan, clock, "koreksi-nama.csv", 5, 800, _name_line)

    clock.go(hours=20)
    ready = _draft(portal, rahma, clock, "koreksi-nomor-hp.csv", 7, 900, _phone_line)
    _make_ready(portal, rahma, ready, clock)

    clock.go(hours=3)
    sample = resource_or_none()
    _upload(
        portal,
        rahma,
        "koreksi-november.xlsx" if sample else "koreksi-november.csv",
        sample or _csv([_damaged_line(i) for i in range(1, 15)]),
    )
    worker.run_all(portal)


def resource_or_none() -> bytes | None:
    """Return the large sample workbook where it is at hand: in a checkout."""
    try:
        return (resource_dir("samples") / "koreksi-november.xlsx").read_bytes()
    except FileNotFoundError:
        return None


def _actor(portal: Portal, user_id: str) -> Actor:
    actor = accounts.load_actor(portal, user_id)
    if actor is None:
        raise NotFound
    return actor


def _logo() -> bytes:
    return (
        b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="4 1 40 46">'
        b'<path fill="#0d4a63" d="M24 1 44 12.5v23L24 47 4 35.5v-23z"/>'
        b'<path fill="none" stroke="#ffffff" stroke-width="3.6"'
        b' d="M11.5 33.5 24 26.2l12.5 7.3M11.5 25.8 24 18.5l12.5 7.3"/>'
        b'<circle cx="24" cy="11.5" r="2.7" fill="#ffffff"/></svg>'
    )


Line = Callable[[int, dict[str, str]], tuple[str, str, str]]


def _person(serial: int) -> dict[str, str]:
    """Make up one woman or man; serial 1..899, so that NIK serials are 9001 and up."""
    day, month, year = 1 + serial % 28, 1 + serial % 12, 70 + serial % 30
    woman = serial % 2 == 1
    return {
        "kpj": f"099{serial:05}{serial % 1000:03}",
        "nik": f"317101{day + (40 if woman else 0):02}{month:02}{year:02}{9000 + serial:04}",
        "kk": f"3171011203{15 + serial % 9:02}{9000 + serial:04}",
        "nama": f"{GIVEN[serial % len(GIVEN)]} {FAMILY[serial // 3 % len(FAMILY)]} {FAMILY[serial // 7 % len(FAMILY)]}",
        "lahir": f"{day:02}-{month:02}-19{year}",
        "hp": f"0812{90000000 + serial}",
    }


def _row(number: int, who: dict[str, str], change: tuple[str, str, str], reason: str) -> str:
    return ";".join(
        (
            str(number),
            who["kpj"],
            who["nik"],
            who["nama"],
            who["lahir"],
            who["kk"],
            *change,
            reason,
            "",
        )
    )


def _csv(rows: list[str]) -> bytes:
    return ("\r\n".join([HEADER, *rows]) + "\r\n").encode()


def _name_line(i: int, who: dict[str, str]) -> tuple[str, str, str]:
    wrong = who["nama"][:-2] + who["nama"][-1] if i % 2 else who["nama"].replace(" ", "", 1)
    return "Nama Lengkap", wrong, who["nama"]


def _birth_line(i: int, who: dict[str, str]) -> tuple[str, str, str]:
    day, month, year = who["lahir"].split("-")
    return "Tanggal Lahir", f"{day}-{month}-{int(year) - 1 - i % 2}", who["lahir"]


def _phone_line(i: int, who: dict[str, str]) -> tuple[str, str, str]:
    return "No HP", f"0813{90000000 + i}", who["hp"]


def _address_line(i: int, _who: dict[str, str]) -> tuple[str, str, str]:
    return (
        "Alamat Domisili",
        f"Jalan Misal Lama Nomor {i}",
        f"Perumahan Contoh Asri Blok C{i} Nomor {10 + i}, RT 004/RW 011",
    )


def _account_line(i: int, _who: dict[str, str]) -> tuple[str, str, str]:
    return "No Rekening", f"90000{i:05}", f"90001{i:05}"


def _mother_line(i: int, _who: dict[str, str]) -> tuple[str, str, str]:
    mother = f"SRI {FAMILY[i % len(FAMILY)]}"
    return "Nama Ibu Kandung", mother[:-1], mother


def _damaged_line(serial: int) -> str:
    who = _person(serial + 860)
    if serial % 3 == 0:
        who["nik"] = who["nik"][:1] + "," + who["nik"][1:6] + "E+15"
    return _row(
        serial,
        who,
        ("No HP", "", who["hp"] if serial % 2 else "0217654321"),
        "Nomor lama tidak aktif",
    )


def _upload(portal: Portal, actor: Actor, name: str, content: bytes) -> str:
    return intake.create_batch(portal, actor, io.BytesIO(content), name).batch_id


def _draft(
    portal: Portal, actor: Actor, clock: _Clock, name: str, count: int, start: int, line: Line
) -> str:
    rows = []
    for i in range(1, count + 1):
        who = _person(start + i)
        rows.append(_row(i, who, line(i, who), "Disesuaikan dengan KTP-el"))
    batch = _upload(portal, actor, name, _csv(rows))
    worker.run_all(portal)
    clock.go(hours=0.2)
    return batch


def _make_ready(portal: Portal, actor: Actor, batch: str, clock: _Clock, *, cards: int = 1) -> None:
    for row in results.rows_page(portal, actor, batch, per_page=100).items[:cards]:
        card = specimen(
            "KTP",
            row.name,
            [f"NIK : {row.employee['nik']}", f"Tgl lahir : {row.employee['tanggal_lahir']}"],
        )
        documents.add_document(
            portal,
            actor,
            batch,
            io.BytesIO(card),
            f"KTP baris {row.number}.jpg",
            kind="ktp",
            row=row.number,
        )
    if coverage.matrix(portal, actor, batch).lacking:
        explaining.explain(
            portal,
            actor,
            batch,
            reason="Dokumen asli disimpan di bagian SDM dan dibawa saat diminta",
        )
    for item in results.todo(portal, actor, batch):
        if item.severity == "warning":
            results.confirm_warnings(
                portal, actor, batch, reason="Sudah dicocokkan dengan KTP-el dan KK", code=item.code
            )
    clock.go(hours=0.5)
    letters.issue(portal, actor, batch)


def _submitted(
    portal: Portal,
    actor: Actor,
    clock: _Clock,
    name: str,
    count: int,
    start: int,
    line: Line,
    *,
    cards: int = 1,
) -> str:
    batch = _draft(portal, actor, clock, name, count, start, line)
    _make_ready(portal, actor, batch, clock, cards=cards)
    clock.go(hours=0.1)
    submission.submit(portal, actor, batch, version=None, declaration=True)
    return batch
