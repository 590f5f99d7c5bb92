"""Everything that pages can show, once: batches in every state, for people of every role."""

import datetime as dt
import io
import zipfile

from hr_portal import demo, worker
from hr_portal.adapters.documents.specimen import specimen
from hr_portal.services import (
    account_links,
    accounts,
    agency,
    archives,
    columns,
    documents,
    incidents,
    intake,
    joining,
    letter_runs,
    letters,
    mending,
    outlets,
    results,
    review,
    submission,
)
from hr_portal.web import sought
from tests.adapters.documents.made import small_png
from tests.browser import sheets
from tests.furnished import everybody_agrees
from tests.parts import ROOT
from tests.web.story import PER_CORRECTION, pairs, workbook

REASON = "Halaman kedua terpotong"


def fill(site):
    """Bring batches into every state; return their ids by what is special about them."""
    return _Filling(site).ids


class _Filling:
    def __init__(self, site):
        self.site, self.ids = site, {"person": site.wulan.user_id}
        self.start = 100
        with site.portal.db.write() as session:
            link = account_links.draw(site.portal, session, site.wulan.user_id, "reset")
        self.ids["link"] = link.rpartition("/")[2]
        self._drafts()
        self._under_way()
        self._people()
        self.ids["reading"] = site.upload(self._sheet(3)).batch_id  # and no worker takes it up
        self._an_incident()

    def _an_incident(self):
        now = self.site.portal.clock()
        ago = now - dt.timedelta(hours=5)
        self.ids["incident"] = incidents.open_incident(
            self.site.portal, self.site.admin, incidents.Scope("Laptop hilang", ago, ago, now)
        )

    def _sheet(self, count):
        self.start += 20
        return self.site.sheet(count, self.start)

    def _drafts(self):
        site, ids = self.site, self.ids
        portal, rahma = site.portal, site.rahma
        november = (ROOT / "samples" / "koreksi-november.xlsx").read_bytes()
        mended = workbook(PER_CORRECTION, sheets.as_mended()).getvalue()
        ids["faulty"] = site.draft(november, name="koreksi-november.xlsx")
        ids["nobody"] = sought.sealed(portal.vault, ids["faulty"], "TIDAKADA")
        ids["mended"] = site.draft(november, name="koreksi-november-3.xlsx")
        mending.edit_cells(portal, rahma, ids["mended"], {(2, 8): "Diperbaiki di portal"})
        ids["bare"] = site.draft(mended, name="koreksi-november-2.xlsx")
        ids["clean"] = site.draft(self._sheet(3))
        ids["tray"] = self._zipped(site.draft(self._sheet(3)))
        ids["unreadable"] = site.draft(b"Tanggal;Jam\r\n2026-11-02;07.58\r\n", name="absensi.csv")
        self._asking()
        ids["numbered"] = site.ready(self._sheet(3))  # its PDF is still being made
        ids["issued"] = self._documented(site.draft(self._sheet(3)))
        site.without_documents(ids["issued"])
        letter = letters.issue(portal, rahma, ids["issued"])
        ids["letter"], ids["proof"] = letter.id, letter.proof_code
        ids["stale"] = site.draft(self._sheet(2))
        letters.issue(portal, rahma, ids["stale"])
        ids["run"] = letter_runs.ask_for_forms(portal, rahma, ids["issued"], "all")
        self._documented(ids["stale"])
        ids["cancelled"] = site.draft(self._sheet(2))
        intake.cancel_batch(portal, rahma, ids["cancelled"])

    def _asking(self):
        """Files whose columns or sheet are not certain, and a layout that is remembered."""
        site, ids = self.site, self.ids
        portal, rahma = site.portal, site.rahma
        known = sheets.unclear(sheets.sound(3), name="No Anggota")
        columns.answer(
            portal, rahma, site.draft(known, name="anggota.xlsx"), version=None, columns={}
        )
        worker.run_all(portal)
        ids["known"] = site.draft(
            sheets.unclear(sheets.sound(2, 140), name="No Anggota"), name="anggota-2.xlsx"
        )
        ids["asking"] = site.draft(sheets.unclear(sheets.sound(4, 160)), name="kartu.xlsx")
        ids["sheets"] = site.draft(sheets.two_sheets(), name="bulanan.xlsx")
        ids["again"] = site.draft(self._sheet(3))
        columns.ask_again(portal, rahma, ids["again"], version=None)
        worker.run_all(portal)

    def _under_way(self):
        site, ids = self.site, self.ids
        portal, rahma, lestari = site.portal, site.rahma, site.lestari
        ids["submitted"] = site.submitted(self._sheet(2))
        for name, verdict in (
            ("approved", "approve"), ("rejected", "reject"), ("returned", "return"), ("reopened", "return"),
        ):  # fmt: skip
            ids[name] = site.submitted(self._sheet(2))
            self._judge(ids[name], rest=verdict)
            review.decide(portal, lestari, ids[name], version=None)
        review.reopen_returned(portal, rahma, ids["reopened"], version=None)
        ids["partly"] = site.submitted(self._sheet(3))
        self._judge(ids["partly"], {2: "return"}, rest="approve")
        ids["child"] = review.decide(portal, lestari, ids["partly"], version=None).child_batch_id
        self._forwarded()
        ids["judged"] = site.submitted(self._sheet(3))
        self._judge(ids["judged"], {2: "return", 3: "reject"}, rest="approve")
        self._weighty()
        ids["in_review"] = self._documented(
            site.draft(pairs(4).getvalue(), name="berpasangan.xlsx")
        )
        site.without_documents(ids["in_review"])
        letters.issue(portal, rahma, ids["in_review"])
        submission.submit(portal, rahma, ids["in_review"], version=None, declaration=True)
        self._judge(ids["in_review"], {3: "approve"})
        site.work()  # the pages of its documents are drawn
        ids["card"] = documents.list_documents(portal, rahma, ids["in_review"], row=2)[0].id

    def _forwarded(self):
        """Given out to the agency; and answered, one row refused."""
        site, ids = self.site, self.ids
        for name in ("forwarded", "answered"):
            ids[name] = site.submitted(self._sheet(2))
            self._judge(ids[name], rest="approve")
            review.decide(site.portal, site.lestari, ids[name], version=None)
            outlets.hand_over(site.portal, site.lestari, ids[name], "sipp", version=None)
        first, second = results.rows_page(site.portal, site.rahma, ids["answered"]).items
        told = f"KPJ;DATA;HASIL;KETERANGAN\n{first.employee['kpj']};No HP;Diterima;\n"
        told += f"{second.employee['kpj']};No HP;Ditolak;Nomor sudah dipakai peserta lain\n"
        agency.take_answer(
            site.portal, site.lestari, ids["answered"], io.BytesIO(told.encode()), "jawaban.csv"
        )

    def _weighty(self):
        """Accounts, which two approve: judged, passed on, and with the second reviewer."""
        site, ids = self.site, self.ids
        for name in ("weighty", "passed", "seconded"):
            ids[name] = site.submitted(site.sheet(2, 700, line=demo._account_line))
            self._judge(ids[name], rest="approve", by=site.bayu if name == "seconded" else None)
        review.pass_on(site.portal, site.lestari, ids["passed"], version=None)
        review.pass_on(site.portal, site.bayu, ids["seconded"], version=None, note="Cek baris 3")
        review.take(site.portal, site.lestari, ids["seconded"])

    def _people(self):
        """A reviewer whose branch has nothing, and the ids that addresses need."""
        site = self.site
        user = accounts.create_user(
            site.portal, email="tini@cabang.example", name="Tini Andaian", role="reviewer",
            password="kuda laut biru tujuh", branch_id=site.people.branches[1],
        )  # fmt: skip
        everybody_agrees(site.portal)
        site.tini = accounts.load_actor(site.portal, user)
        self.ids["company"] = site.people.companies[0]
        joining.invite(
            site.portal, site.rahma, email=site.wulan.email, name="Wulan Teladan", role="hrd",
            company_id=self.ids["company"],
        )  # fmt: skip

    def _documented(self, batch):
        card = specimen("KTP", "SITI CONTOHAN", [])
        for row in (2, None):
            documents.add_document(
                self.site.portal, self.site.rahma, batch, io.BytesIO(card), "KTP 3171014508909013.jpg",
                kind="ktp", row=row,
            )  # fmt: skip
        return batch

    def _zipped(self, batch):
        """A ZIP whose names tell much, a little and nothing, with a file that is none."""
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            archive.writestr("baris 2 KTP.png", small_png(1))
            archive.writestr("Berkas/baris 3.png", small_png(2))
            archive.writestr("4_ktp.png", small_png(3))
            archive.writestr("scan0031.png", small_png(4))
            archive.writestr("catatan.docx", b"PK")
        archives.take_archive(self.site.portal, self.site.rahma, batch, packed, "dokumen.zip")
        self.site.work()
        return batch

    def _judge(self, batch, verdicts=None, *, rest=None, by=None):
        portal, lestari = self.site.portal, by or self.site.lestari
        review.take(portal, lestari, batch)
        given = [([row], verdict) for row, verdict in (verdicts or {}).items()]
        for rows, verdict in [*given, *([("rest", rest)] if rest else [])]:
            review.give_verdicts(
                portal, lestari, batch, version=None, rows=rows, verdict=verdict,
                reason="" if verdict == "approve" else REASON,
            )  # fmt: skip
