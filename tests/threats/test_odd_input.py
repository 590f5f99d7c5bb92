"""What no browser of ours sends: the answer is a refusal, never a fault of ours."""

import io

import pytest

from hr_portal.domain.workflow import BATCH_STATES
from hr_portal.services import review
from hr_portal.services.errors import Invalid
from hr_portal.web.asked_rows import MOST_TYPED, typed_rows

NUL = "%00"
HUGE = ("9" * 12, "9" * 30, "9" * 5000, "2147483648", "9223372036854775808")
ODD = ("-1", "0", "abc", "1.5", "1e9", "", "%ff%fe", "%ED%A0%80", "٣", NUL, *HUGE)


def fine(answer):
    """The answer, which may refuse whatever it likes but may not be a fault of ours."""
    assert answer.status_code < 500, (answer.request.path[:80], answer.status_code)
    return answer


@pytest.fixture
def draft(world):
    return world.draft()


@pytest.fixture
def hrd(browser_of, world, draft):
    return browser_of(world.rahma).client


@pytest.fixture
def bench(world, portal, browser_of):
    """A batch in the reviewer's hands, and the reviewer's browser."""
    batch = world.submitted()
    review.take(portal, world.bayu, batch)
    return batch, browser_of(world.bayu)


def test_a_number_that_is_none_or_too_large_in_an_address_is_no_fault(hrd, draft):
    here = f"/pengajuan/{draft}"
    for odd in ODD:
        fine(hrd.get(f"{here}/baris/{odd}"))
        fine(hrd.get(f"{here}/hasil?halaman={odd}"))
        fine(hrd.get(f"{here}/tinjau?halaman={odd}&data={odd}"))
        fine(hrd.get(f"{here}/pastikan?baris={odd}&temuan={odd}&aturan=ROW-03"))
        fine(hrd.get(f"{here}/dokumen?baris={odd}"))
        fine(hrd.get(f"{here}/surat?penanda={odd}"))
        fine(hrd.get(f"/pengajuan?halaman={odd}&status={odd}"))
        fine(hrd.get(f"/surat?halaman={odd}"))


def test_a_number_that_is_none_or_too_large_on_the_bench_is_no_fault(bench):
    batch, reviewer = bench
    for odd in ODD:
        fine(reviewer.client.get(f"/periksa/{batch}/baris/{odd}"))
        fine(reviewer.client.get(f"/periksa/{batch}/baris/2?halaman={odd}&saring={odd}&dok={odd}"))
        fine(reviewer.client.get(f"/antrean?halaman={odd}&tampil={odd}"))
        fine(reviewer.client.get(f"/pengajuan/{batch}/lacak?halaman={odd}&keputusan={odd}"))


def test_a_nul_in_an_address_is_refused(hrd, draft, world):
    for path in (
        f"/pengajuan/{NUL}/hasil",
        f"/pengajuan/{draft}{NUL}/hasil",
        f"/pengajuan/{draft}/hasil?cari={NUL}",
        f"/pengajuan/{draft}/hasil?aturan={NUL}&kolom={NUL}",
        f"/dokumen/{NUL}",
        f"/surat/{NUL}/pdf",
        f"/perusahaan/{NUL}",
        f"/masuk?next=/{NUL}",
    ):
        assert fine(hrd.get(path)).status_code in {302, 400, 404}, path


def test_a_nul_in_a_form_is_refused_and_nothing_is_kept(browser_of, world, portal, draft):
    hrd = browser_of(world.rahma)
    token = hrd.token()
    before = world.view(draft)
    company = before.company_id
    for path, form in (
        ("/masuk", {"email": "a\0@b.example", "password": "x" * 20}),
        ("/masuk", {"email": "a@b.example", "password": "x\0" * 20}),
        (f"/pengajuan/{draft}/pastikan", {"reason": "a\0b", "aturan": "ROW-03"}),
        (f"/pengajuan/{draft}/pastikan", {"reason": "ab", "aturan": "\0"}),
        (f"/pengajuan/{draft}/tarik", {"reason": "a\0b"}),
        (f"/pengajuan/{draft}/ajukan", {"declaration": "ya", "typed_name": "\0"}),
        (f"/perusahaan/{company}", {"address": "Jalan\0", "number_pattern": "{urut}/{tahun}"}),
        ("/pengajuan/baru", {"branch": "\0", "file": (io.BytesIO(world.sheet()), "a.csv")}),
        ("/pengajuan/baru", {"idempotency_key": "\0", "file": (io.BytesIO(b"a"), "a.csv")}),
        (f"/pengajuan/{draft}/dokumen", {"kind": "\0", "file": (io.BytesIO(b"a"), "a.pdf")}),
    ):
        answer = fine(hrd.client.post(path, data={**form, "csrf_token": token}))
        assert 400 <= answer.status_code < 500, path
    assert world.view(draft) == before


def test_a_nul_typed_by_a_reviewer_or_an_admin_is_refused(bench, browser_of, world):
    batch, reviewer = bench
    token = reviewer.token()
    for form in (
        {"verdict": "return", "reason": "a\0b"},
        {"verdict": "approve", "document": "\0"},
        {"verdict": "approve", "field": "\0"},
    ):
        answer = reviewer.client.post(
            f"/periksa/{batch}/baris/2", data={**form, "csrf_token": token}
        )
        assert fine(answer).status_code >= 400
    admin = browser_of(world.admin)
    token = admin.token()
    for path, form in (
        ("/admin/kantor-cabang", {"name": "Contoh\0", "timezone": "Asia/Jakarta"}),
        ("/admin/pengguna/baru", {"email": "x@y.example", "name": "\0", "role": "admin"}),
        ("/admin/pengguna/\0/keadaan", {"aktif": "ya"}),
    ):
        answer = admin.client.post(path, data={**form, "csrf_token": token})
        assert fine(answer).status_code in range(400, 500), path


def test_file_names_of_odd_signs_are_shown_and_not_believed(browser_of, world, portal):
    hrd = browser_of(world.rahma)
    token = hrd.token()
    for name in (
        "../../x.csv",
        "a\0b.csv",
        "a\r\nSet-Cookie: x=1.csv",
        "\u202egnp.csv",
        "x" * 300 + ".csv",
    ):
        sent = {"file": (io.BytesIO(world.sheet(2, start=len(name))), name), "csrf_token": token}
        answer = fine(hrd.client.post("/pengajuan/baru", data=sent))
        assert answer.status_code in {302, 400, 422}, name
        assert "Set-Cookie" not in answer.headers
    world.work()
    fine(hrd.client.get("/"))
    inside = {path.resolve() for path in portal.settings.data_dir.rglob("*")}
    assert all(portal.settings.data_dir.resolve() in path.parents for path in inside)


def test_a_verdict_over_more_than_a_form_may_name_is_refused_at_once():
    with pytest.raises(Invalid):
        typed_rows(f"1-{MOST_TYPED}," * 100)
    assert len(typed_rows(f"1-{MOST_TYPED}")) == MOST_TYPED


def test_more_findings_than_a_statement_may_name_are_no_fault(browser_of, world, draft):
    hrd = browser_of(world.rahma)
    ids = [str(one) for one in range(90_000)]
    form = {"reason": "Sesuai", "temuan": ids, "csrf_token": hrd.token()}
    fine(hrd.client.post(f"/pengajuan/{draft}/pastikan", data=form))
    form["temuan"] = list(HUGE)
    fine(hrd.client.post(f"/pengajuan/{draft}/pastikan", data=form))


def test_more_fields_than_there_are_are_no_fault(bench):
    batch, reviewer = bench
    form = {
        "verdict": "approve",
        "field": [f"f{one}" for one in range(60_000)],
        "csrf_token": reviewer.token(),
    }
    answer = fine(reviewer.client.post(f"/periksa/{batch}/baris/2", data=form))
    assert answer.status_code == 422


def test_a_reason_longer_than_anybody_reads_is_refused(browser_of, world):
    batch = world.submitted()
    hrd = browser_of(world.rahma)
    form = {"reason": "panjang " * 50_000, "csrf_token": hrd.token()}
    answer = fine(hrd.client.post(f"/pengajuan/{batch}/tarik", data=form))
    assert answer.status_code == 422
    assert world.view(batch).state == "submitted"


def test_a_body_that_is_no_form_is_refused(hrd, draft):
    for body, kind in (
        (b"\xff\xfe\x00", "application/x-www-form-urlencoded"),
        (b"not a form", "multipart/form-data; boundary=x"),
        (b"", "multipart/form-data"),
        (b"{}", "application/json"),
        (b"--x--", "multipart/form-data; boundary=x"),
    ):
        answer = fine(hrd.post(f"/pengajuan/{draft}/dokumen", data=body, content_type=kind))
        assert answer.status_code == 400


def test_the_interface_refuses_odd_numbers_and_signs_with_its_own_shape(program_of, world, draft):
    program = program_of(world.rahma)
    for odd in ODD:
        for path in (
            f"/batches/{draft}/rows?revision={odd}",
            f"/batches/{draft}/rows?page={odd}",
            f"/batches/{draft}/rows?per_page={odd}",
            f"/batches/{draft}/rows?code={odd}",
            f"/batches/{draft}/findings?row={odd}",
            f"/batches/{draft}/findings?code={odd}",
            f"/batches?state={odd}",
            f"/batches/{odd}",
        ):
            fine(program.call("GET", path))
    for version in (0, -1, 2**31, 2**63, 10**30, "1", True, 1.5, None):
        for act in ("letters", "submit", "cancel", "confirmations"):
            body = {"version": version, "declaration": False, "reason": ""}
            assert (
                fine(program.call("POST", f"/batches/{draft}/{act}", json=body)).status_code == 422
            )
    assert world.view(draft).state == BATCH_STATES[0]


def test_half_a_character_is_refused_by_the_interface(program_of, world, draft):
    answer = program_of(world.rahma).call(
        "POST",
        f"/batches/{draft}/confirmations",
        data=b'{"reason": "\\ud800", "code": "ROW-03"}',
        content_type="application/json",
    )
    assert answer.status_code == 422
    nul = program_of(world.rahma).call(
        "POST", f"/batches/{draft}/confirmations", json={"reason": "a\0", "code": "ROW-03"}
    )
    assert nul.status_code == 422
