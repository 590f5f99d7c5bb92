"""The main job as a program does it: from the upload to the decision and what comes back."""

import hashlib
import io

import sqlalchemy as sa

from hr_portal import worker
from hr_portal.adapters.database.models import File, OutboxEntry
from hr_portal.services import long_works
from tests.api.conftest import CLEAN, small_pdf, without_documents, workbook

WRONG_KPJ = [CLEAN[0][0], "9999990017", *CLEAN[0][2:]]
ONE_LETTER = [*CLEAN[1][:6], "Nama Lengkap", "BUDI MISALNYA", "B", "Salah tulis"]


def test_a_program_brings_a_batch_from_the_upload_to_the_decision(portal, hrd, reviewer):  # noqa: PLR0915 - the whole way
    taken = hrd.send(
        "/batches", workbook([WRONG_KPJ, *CLEAN[1:]]), "koreksi.xlsx", layout="per-correction"
    )
    here = f"/batches/{taken['id']}"
    assert (taken["state"], taken["file_state"], taken["revision"], taken["version"]) == (
        "draft",
        "received",
        1,
        1,
    )

    worker.run_all(portal)
    batch = hrd.get(here)
    assert batch["file_state"] == "checked"
    assert batch["rows"] == {
        "total": 3,
        "valid": 2,
        "warning": 0,
        "invalid": 1,
        "empty": 0,
        "refused": 0,
        "left": 0,
    }
    assert batch["progress"] == {"done": 3, "total": 3}
    assert [one["code"] for one in batch["missing"]] == [
        "rows_invalid",
        "documents_lacking",
        "letter_missing",
    ]
    (error,) = hrd.get(f"{here}/findings", severity="error")["items"]
    assert (error["code"], error["row"], error["cell"], error["value"]) == (
        "KPJ-04",
        2,
        "B2",
        "9999990017",
    )
    assert hrd.post(f"{here}/letters", expect=422)["error"]["code"] == "rows_invalid"

    mended = hrd.send(f"{here}/revisions", workbook(), "koreksi-2.xlsx", version=batch["version"])
    assert (mended["revision"], mended["version"]) == (2, 2)
    worker.run_all(portal)
    assert hrd.get(f"{here}/findings", severity="error")["total"] == 0
    assert hrd.get(f"{here}/findings", severity="error", revision=1)["total"] == 1

    document = hrd.send(f"{here}/documents", small_pdf(), "ktp.pdf", row=2, kind="ktp")
    assert (document["rows"], document["whole_batch"], document["kind"]) == ([2], False, "ktp")
    whole = hrd.send(f"{here}/documents", small_pdf(), "kk.pdf", kind="kk")
    assert whole["version"] == document["version"] + 1
    assert hrd.get(f"{here}/documents")["total"] == 2

    lacking = hrd.get(f"{here}/coverage")
    told = hrd.post(
        f"{here}/explanations", reason="Aslinya dibawa ke cabang", version=whole["version"]
    )
    assert told == {"rows": lacking["lacking"], "version": whole["version"] + 1}
    (one, *_others) = hrd.get(f"{here}/coverage", lacking="false")["items"]
    assert (one["missing"], one["explained"][0]["reason"]) == ([], "Aslinya dibawa ke cabang")
    kind, row = one["explained"][0]["kind"], one["number"]
    back = hrd.post(f"{here}/explanations/withdraw", kind=kind, rows=[row])
    assert (back["rows"], hrd.get(f"{here}/coverage")["items"][0]["missing"]) == (1, [kind])
    told = hrd.post(f"{here}/explanations", reason="Aslinya dibawa ke cabang", rows=[row])

    letter = hrd.post(f"{here}/letters", expect=201, version=told["version"])
    assert hrd.post(f"{here}/letters", expect=201)["number"] == letter["number"]
    pdf = hrd.call("GET", f"/letters/{letter['id']}/pdf")
    assert hashlib.sha256(pdf.data).hexdigest() == letter["sha256"]
    assert hrd.get(f"/letters/{letter['id']}")["is_stale"] is False

    ready = hrd.get(here)
    assert ready["missing"] == []
    assert [one["id"] for one in ready["letters"]] == [letter["id"]]
    sent = hrd.post(f"{here}/submit", version=ready["version"], declaration=True)
    assert sent["state"] == "submitted"

    (waiting,) = reviewer.get("/queue")["items"]
    for narrowed, found in (
        ({"size": "small", "held": "free", "warnings": "false", "text": waiting["number"]}, 1),
        ({"size": "huge"}, 0),
        ({"held": "taken"}, 0),
        ({"field": "kk"}, 0),
        ({"due": "late"}, 0),
    ):
        assert reviewer.get("/queue", **narrowed)["total"] == found, narrowed
    assert (waiting["id"], waiting["rows"], waiting["barred"]) == (taken["id"], 3, None)
    assert waiting["reviewer_id"] is None
    assert (waiting["version"], waiting["wants_second"]) == (sent["version"], False)
    assert {one["kind"] for one in waiting["deadlines"]} == {"target", "pdp", "pp44"}
    assert waiting["deadlines"] == sorted(waiting["deadlines"], key=lambda one: one["due"])
    held = reviewer.post(f"{here}/take", version=sent["version"])
    assert (held["state"], held["reviewer"]) == ("in_review", "Orang Reviewer")
    (holder,) = {one["reviewer_id"] for one in reviewer.get("/queue")["items"]}
    for who, found in ((holder, 1), (taken["id"], 0)):
        assert reviewer.get("/queue", reviewer=who)["total"] == found
    assert hrd.get(here)["reviewer"] is None  # a company is told the office, not the person
    assert (
        reviewer.call("GET", f"/documents/{document['id']}/content").mimetype == "application/pdf"
    )
    assert reviewer.call("GET", f"/letters/{letter['id']}/pdf").data == pdf.data

    given = reviewer.post(
        f"{here}/verdicts",
        version=held["version"],
        rows=[3],
        verdict="return",
        reason="KTP tidak terbaca",
    )
    assert given == {
        "corrections": 1,
        "left": [],
        "work": None,
        "version": held["version"],
        "rows": {"open": 2, "approve": 0, "return": 1, "reject": 0},
    }
    open_rows = reviewer.post(f"{here}/decide", expect=422, version=held["version"])["error"]
    assert (open_rows["code"], open_rows["fields"]) == ("rows_undecided", {"rows": "2, 4"})
    reviewer.post(f"{here}/verdicts", version=held["version"], rows="rest", verdict="approve")
    end = reviewer.post(f"{here}/decide", version=held["version"])
    assert (end["outcome"], end["state"]) == ("approve_partly", "partly_approved")
    assert end["rows"] == {"approved": 2, "returned": 1, "rejected": 0}

    seen = hrd.get(here)
    assert (seen["state"], seen["version"]) == ("partly_approved", end["version"])
    assert seen["children"] == [end["child"]]
    (back,) = hrd.get(f"{here}/rows", verdict="return")["items"]
    assert [(one["verdict"], one["reason"]) for one in back["corrections"]] == [
        ("return", "KTP tidak terbaca")
    ]

    told = hrd.get(f"{here}/rows/3/trail")["events"]
    assert [(one["kind"], one["verdict"], one["words"], one["by"]) for one in told] == [
        ("verdict", "return", "KTP tidak terbaca", None),
        ("submitted", "", "", "Orang Hrd"),
    ]
    assert told[0]["fields"] == [back["corrections"][0]["field"]]
    assert reviewer.get(f"{here}/rows/3/trail")["events"][0]["by"] is not None

    whole = hrd.get(f"{here}/history")
    assert whole["earlier"] is None
    acts = [(one["action"], one["side"], one["by"]) for one in whole["events"]]
    assert acts[0] == ("batch:decided", "reviewer", None)
    assert ("batch:submitted", "hrd", "Orang Hrd") in acts
    assert "batch:verdict" not in dict.fromkeys(one[0] for one in acts)
    parts, before = [], None
    while before is not None or not parts:
        asked = {"limit": 2} | ({"before": before} if before else {})
        part = hrd.get(f"{here}/history", **asked)
        parts, before = parts + part["events"], part["earlier"]
    assert parts == whole["events"]
    assert reviewer.get(f"{here}/history")["events"][0]["by"] is not None

    child = hrd.get(f"/batches/{end['child']['id']}")
    assert (child["state"], child["parent"]) == (
        "draft",
        {"id": taken["id"], "number": taken["number"]},
    )
    assert child["rows"]["total"] == 1
    assert [one["code"] for one in child["missing"]] == ["letter_missing"]
    hrd.post(f"/batches/{child['id']}/letters", expect=201)
    version = hrd.get(f"/batches/{child['id']}")["version"]
    assert (
        hrd.post(f"/batches/{child['id']}/submit", version=version, declaration=True)["state"]
        == "submitted"
    )


def test_a_batch_returned_whole_comes_back_as_its_own_next_revision(
    portal, hrd, reviewer, under_review
):
    here = f"/batches/{under_review['id']}"
    version = under_review["version"]
    reviewer.post(
        f"{here}/verdicts",
        version=version,
        rows="rest",
        verdict="return",
        reason="Surat belum ditandatangani",
    )
    end = reviewer.post(f"{here}/decide", version=version)
    assert (end["outcome"], end["state"], end["child"]) == ("return", "returned", None)
    mended = hrd.send(f"{here}/revisions", workbook(), "koreksi.xlsx", version=end["version"])
    assert (mended["revision"], mended["state"]) == (2, "draft")
    worker.run_all(portal)
    earlier = hrd.get(f"{here}/rows", revision=1)["items"]
    assert {one["corrections"][0]["verdict"] for one in earlier} == {"return"}
    assert {one["corrections"][0]["verdict"] for one in hrd.get(f"{here}/rows")["items"]} == {None}


def test_a_row_that_needs_a_document_is_submitted_with_one_and_approved_on_it(
    portal, hrd, reviewer
):
    here = (
        "/batches/" + hrd.send("/batches", workbook([CLEAN[0], ONE_LETTER]), "koreksi.xlsx")["id"]
    )
    worker.run_all(portal)
    (found,) = hrd.get(f"{here}/findings", severity="override")["items"]
    assert (found["code"], found["row"]) == ("NAM-01", 3)
    assert "document_missing" in {one["code"] for one in hrd.get(here)["missing"]}
    proof = hrd.send(f"{here}/documents", small_pdf(), "ktp.pdf", row=3, kind="ktp")
    without_documents(hrd, here)
    hrd.post(f"{here}/letters", expect=201)
    batch = hrd.get(here)
    assert batch["missing"] == []
    hrd.post(f"{here}/submit", version=batch["version"], declaration=True)
    version = reviewer.post(f"{here}/take")["version"]
    reviewer.post(
        f"{here}/verdicts", version=version, rows="rest", verdict="approve", document=proof["id"]
    )
    rows = reviewer.get(f"{here}/rows")["items"]
    assert [row["corrections"][0]["document"] for row in rows] == [None, proof["id"]]
    assert reviewer.post(f"{here}/decide", version=version)["outcome"] == "approve"


def test_warnings_are_confirmed_with_a_reason_before_a_batch_is_submitted(portal, hrd):
    same = [*CLEAN[0][:6], "Tempat Lahir", "JAKARTA", "JAKARTA", "Salah tulis"]
    here = "/batches/" + hrd.send("/batches", workbook([same, CLEAN[1]]), "koreksi.xlsx")["id"]
    worker.run_all(portal)
    warnings = hrd.get(f"{here}/findings", severity="warning")["items"]
    assert {one["code"] for one in warnings} == {"ROW-03"}
    without_documents(hrd, here)
    hrd.post(f"{here}/letters", expect=201)
    version = hrd.get(here)["version"]
    refused = hrd.post(f"{here}/submit", expect=422, version=version, declaration=True)["error"]
    assert (refused["code"], set(refused["fields"])) == (
        "warnings_unconfirmed",
        {"warnings_unconfirmed"},
    )
    nothing_named = hrd.post(f"{here}/confirmations", expect=422, reason="Benar")["error"]
    assert set(nothing_named["fields"]) == {"code"}
    done = hrd.post(
        f"{here}/confirmations",
        reason="Diulang atas permintaan cabang",
        code="ROW-03",
        version=version,
    )
    assert done == {"confirmed": len(warnings), "version": version + 1}
    shown = hrd.get(f"{here}/findings", severity="warning")["items"][0]
    assert (shown["confirmed"], shown["confirmed_reason"]) == (
        True,
        "Diulang atas permintaan cabang",
    )
    assert hrd.post(f"{here}/submit", version=version + 1, declaration=True)["state"] == "submitted"


def test_single_warnings_are_confirmed_by_their_ids(portal, hrd):
    same = [[*row[:6], "Tempat Lahir", "JAKARTA", "JAKARTA", "Salah tulis"] for row in CLEAN]
    here = "/batches/" + hrd.send("/batches", workbook(same), "koreksi.xlsx")["id"]
    worker.run_all(portal)
    first, *rest = hrd.get(f"{here}/findings", severity="warning")["items"]
    assert (
        hrd.post(f"{here}/confirmations", reason="Benar", findings=[first["id"]])["confirmed"] == 1
    )
    assert [
        one["confirmed"] for one in hrd.get(f"{here}/findings", severity="warning")["items"]
    ] == [
        True,
        *[False for _ in rest],
    ]


def test_a_submitted_batch_is_withdrawn_until_it_is_decided_and_then_an_admin_reopens_it(
    hrd, reviewer, caller, submitted
):
    here = f"/batches/{submitted['id']}"
    assert set(hrd.post(f"{here}/withdraw", expect=422)["error"]["fields"]) == {"reason"}
    back = hrd.post(f"{here}/withdraw", reason="Ada yang tertinggal", version=submitted["version"])
    assert (back["state"], back["revision"]) == ("draft", 2)
    hrd.post(f"{here}/letters", expect=201)
    hrd.post(f"{here}/submit", version=hrd.get(here)["version"], declaration=True)
    held = reviewer.post(f"{here}/take")
    reviewer.post(f"{here}/verdicts", version=held["version"], rows="rest", verdict="approve")
    back = hrd.post(f"{here}/withdraw", reason="Ada yang tertinggal", version=held["version"])
    assert (back["state"], back["revision"], back["reviewer"]) == ("draft", 3, None)
    late = reviewer.post(f"{here}/decide", expect=409, version=held["version"])["error"]
    assert (late["code"], "ditarik kembali" in late["message"]) == ("already_draft", True)
    hrd.post(f"{here}/letters", expect=201)
    hrd.post(f"{here}/submit", version=hrd.get(here)["version"], declaration=True)
    held = reviewer.post(f"{here}/take")
    reviewer.post(f"{here}/verdicts", version=held["version"], rows="rest", verdict="approve")
    reviewer.post(f"{here}/decide", version=held["version"])
    late = hrd.post(f"{here}/withdraw", expect=409, reason="Terlambat")["error"]
    assert late["code"] == "not_withdrawable"
    admin, decided = caller("admin"), hrd.get(here)
    done = admin.post(f"{here}/reopen", reason="Putusan keliru", version=decided["version"])
    assert (done["state"], done["revision"], done["version"]) == (
        "submitted", 4, decided["version"] + 1,
    )  # fmt: skip
    assert reviewer.get(here)["state"] == "submitted"
    kept = {one["kind"]: one["set_aside_at"] for one in hrd.get(f"{here}/papers")["items"]}
    assert kept["berita_acara"] is not None
    assert kept["tanda_terima"] is None
    again = admin.post(f"{here}/reopen", expect=409, reason="Sekali lagi")["error"]
    assert again["code"] == "not_decided"


def test_a_large_batch_is_withdrawn_by_a_worker(hrd, submitted, portal, monkeypatch):
    monkeypatch.setattr(long_works, "MOST_PARTED", 0)
    here = f"/batches/{submitted['id']}"
    asked = {"reason": "Ada yang tertinggal", "version": submitted["version"]}
    told = hrd.post(f"{here}/withdraw", expect=202, **asked)
    assert hrd.post(f"{here}/withdraw", expect=202, **asked) == told  # asked again meanwhile
    worker.run_all(portal)
    done = hrd.get(f"{here}/large-acts/{told['id']}")
    assert (done["kind"], done["state"]) == ("withdraw", "done")
    assert (hrd.get(here)["state"], hrd.get(here)["revision"]) == ("draft", 2)


def test_a_file_is_sent_with_a_message_and_fetched_by_who_reads_it(hrd, reviewer, submitted):
    here = f"/batches/{submitted['id']}"
    sent = hrd.send(f"{here}/message-files", small_pdf(), "kk.pdf", text="KK terlampir", row="2")
    (file,) = sent["files"]
    assert (sent["row"], file["file_name"], file["media_type"]) == (2, "kk.pdf", "application/pdf")
    (read,) = reviewer.get(f"{here}/messages")["items"]
    assert read["files"] == sent["files"]
    fetched = reviewer.call("GET", f"{here}/message-files/{file['id']}/content")
    assert (fetched.status_code, len(fetched.data)) == (200, file["size"])
    refused = hrd.send(f"{here}/message-files", b"x", "kk.pdf", expect=422, text="Lagi")["error"]
    assert refused["code"].startswith("DOC-")
    assert reviewer.get(f"{here}/messages")["total"] == 1
    assert reviewer.get("/reasons")["items"][0]["text_en"] == "The identity card is not legible"


def test_a_message_sent_again_with_its_key_is_one_message_with_its_files(
    hrd, reviewer, submitted, portal
):
    here, key = f"/batches/{submitted['id']}", {"Idempotency-Key": "pesan-1"}

    def send(text, *files, path="message-files", who=hrd):
        data = {"text": text, "file": [(io.BytesIO(small_pdf()), name) for name in files]}
        more = {"data": data} if files else {"json": {"text": text}}
        return who.call("POST", f"{here}/{path}", headers=key, **more)

    first, again = (send("KK dan KTP", "kk.pdf", "ktp.pdf") for _try in range(2))
    assert [one.status_code for one in (first, again)] == [201, 201]
    assert [one.headers.get("Idempotent-Replay") for one in (first, again)] == [None, "true"]
    assert first.json == again.json
    assert [one["file_name"] for one in again.json["files"]] == ["kk.pdf", "ktp.pdf"]
    for other in (send("KK saja", "kk.pdf"), send("KK dan KTP", "kk.pdf")):
        error = other.json["error"]
        assert (other.status_code, error["code"]) == (409, "key_used")
        assert set(error["fields"]) == {"Idempotency-Key"}
    told, once_more = (send("Baik", path="messages", who=reviewer) for _try in range(2))
    assert told.json["id"] == once_more.json["id"] != first.json["id"], "a key is its writer's own"
    assert hrd.get(f"{here}/messages")["total"] == 2
    with portal.db.read() as session:
        asked = sa.select(sa.func.count()).where(OutboxEntry.kind == "asked")
        assert session.scalar(asked) == 1, "the company, once"
        assert session.scalar(sa.select(sa.func.count()).select_from(File)) == len(
            list(portal.files.names())
        )
    many = send("Banyak", *["kk.pdf"] * 6).json["error"]
    assert (many["code"], set(many["fields"])) == ("invalid", {"file"})


def test_a_batch_that_was_released_waits_in_the_queue_again(reviewer, caller, under_review):
    here = f"/batches/{under_review['id']}"
    free = reviewer.post(f"{here}/release", version=under_review["version"])
    assert (free["state"], free["reviewer"]) == ("submitted", None)
    assert (
        caller("reviewer2").post(f"{here}/take", version=free["version"])["reviewer"]
        == "Orang Reviewer2"
    )
    assert reviewer.get("/queue", state="mine")["total"] == 0


def test_a_cancelled_draft_can_be_read_and_not_changed(hrd, checked):
    here = f"/batches/{checked['id']}"
    assert hrd.post(f"{here}/cancel", version=checked["version"])["state"] == "cancelled"
    assert hrd.get(f"{here}/rows")["total"] == 3
    assert (
        hrd.send(f"{here}/revisions", workbook(), "lagi.xlsx", expect=409)["error"]["code"]
        == "not_editable"
    )


def test_the_declaration_has_to_be_made(hrd, checked):
    here = f"/batches/{checked['id']}"
    refused = hrd.post(f"{here}/submit", expect=422, version=checked["version"], declaration=False)[
        "error"
    ]
    assert refused["code"] == "declaration_missing"
    assert hrd.get(here)["state"] == "draft"
