"""One invented person goes all the way, and leaves no trace where none may be (J6, H6).

Looked through afterwards: every log line, job, notice, act, e-mail, address of every page opened
and of every redirect, throttles and sessions, and the names of all files.
"""

import re

import sqlalchemy as sa

from hr_portal import demo, worker
from hr_portal.adapters.database.models import Base
from hr_portal.services import documents, letters, messages, outlets, results, review, submission
from tests.services.test_notices import server, settings  # noqa: F401 - fixtures
from tests.services.test_review import _png

NAME, ACCOUNT = "KENARI REKAAN MURNI", "900077665544"
UNSEALED = {"rows": {"name"}, "revisions": {"file_name"}}
"""Where a name may stand in the database: the list of rows (and whoever names a file so)."""


def test_a_canary_is_found_in_no_log_job_mail_act_address_or_file_name(
    world,
    portal,
    browser_of,
    program_of,
    server,
    capfd,
):
    who = demo._person(101)
    canaries = (NAME, ACCOUNT, who["nik"], who["kpj"], who["kk"])
    line = lambda _i, _who: ("No Rekening", "900011112222", ACCOUNT)  # noqa: E731
    sheet = world.sheet(1, line=line).replace(who["nama"].encode(), NAME.encode())
    hrd, reviewer, second = (browser_of(one) for one in (world.rahma, world.bayu, world.lestari))
    seen: list[str] = []

    def look(client, *paths):
        for path in paths:
            answer = client.client.get(path)
            seen.append(answer.headers.get("Location", ""))
            seen.extend(
                re.findall(r'(?:href|action|hx-[a-z]+)="([^"]+)"', answer.get_data(as_text=True))
            )

    batch = world.draft(sheet)
    documents.add_document(portal, world.rahma, batch, _png(), f"{who['nik']} {NAME}.png", row=2)
    results.reveal(portal, world.rahma, batch, 2)
    here = f"/pengajuan/{batch}"
    look(
        hrd, here, f"{here}/hasil?tampil=all", f"{here}/baris/2", f"{here}/dokumen", f"{here}/surat"
    )
    wrong = {"number": who["nik"], "reason": "Uji", "asked_on": ""}
    hrd.post("/jejak-peserta", wrong, expect=200)
    world.confirm(batch)
    letters.issue(portal, world.rahma, batch)
    submission.submit(portal, world.rahma, batch, version=None, declaration=True)
    messages.write(portal, world.rahma, batch, f"NIK {who['nik']} atas nama {NAME}")
    reviewer.post("/antrean/cari", {"number": who["nik"]}, expect=200)
    for actor, client in ((world.bayu, reviewer), (world.lestari, second)):
        review.take(portal, actor, batch)
        look(
            client, "/antrean", f"/periksa/{batch}/baris/2", f"{here}/lacak", "/antrean?cari=tidak"
        )
        rows = "rest" if actor is world.bayu else [2]
        review.give_verdicts(portal, actor, batch, version=None, rows=rows, verdict="approve")
        if actor is world.bayu:
            review.pass_on(portal, actor, batch, version=None)
    review.decide(portal, world.lestari, batch, version=None)
    outlets.hand_over(portal, world.lestari, batch, "csv", version=None)
    look(second, f"{here}/penerusan", f"{here}/lacak", "/keputusan")
    program_of(world.rahma).get(f"/batches/{batch}/rows")
    worker.sweep(portal)
    world.work()
    look(hrd, f"{here}/lacak", "/surat", "/")
    told = _everything(portal, server)
    told["log"], told["addresses"] = "".join(capfd.readouterr()), " ".join(seen)
    assert len(server.letters) >= 3
    assert len(seen) > 50
    assert {"jobs.subject", "outbox.subject", "acts.details", "sessions.content"} <= set(told)
    written = [one.replace(" ", space) for one in canaries for space in (" ", "+", "%20")]
    found = [(where, one) for where, text in told.items() for one in written if one in text]
    assert found == []


def _everything(portal, server):
    """What lies open: e-mails, names of files, and every column that isn't sealed, by its name."""
    told = {"mail": " ".join(one.as_string() for one in server.letters)}
    told["files"] = " ".join(path.name for path in portal.settings.data_dir.rglob("*"))
    with portal.db.read() as session:
        for table in Base.metadata.sorted_tables:
            for column in table.columns:
                if column.name not in UNSEALED.get(table.name, ()):
                    values = session.scalars(sa.select(column).where(column.is_not(None)))
                    told[f"{table.name}.{column.name}"] = " ".join(map(_as_text, values))
    return told


def _as_text(value):
    return value.decode("latin-1") if isinstance(value, bytes) else str(value)
