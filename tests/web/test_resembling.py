"""Berkas tanpa tanda: the page asks whether it mends an open submission, and does as told."""

import io
import re

import pytest

from hr_portal import worker

HEADER = "KPJ;NIK;Nama Lengkap;Tanggal Lahir;Data;Semula;Menjadi;Alasan\r\n"


@pytest.fixture
def send(hrd, portal):
    """Uploads a csv of phone corrections; gives the submission's address."""

    def upload(reason, people):
        rows = "".join(
            f"0999991{n:04};317101450890{9100 + n};ORANG CONTOHAN;05-08-1990;No HP;;08120000{n:04};{reason}\r\n"
            for n in people
        )
        sent = {"file": (io.BytesIO((HEADER + rows).encode()), "dari excel.csv")}
        answer = hrd.post("/pengajuan/baru", sent)
        worker.run_all(portal)
        return answer.headers["Location"]

    return upload


def test_the_result_asks_and_the_answer_makes_it_a_revision(hrd, other_hrd, portal, send):
    first = send("Lama", range(5))
    second = send("Baru", range(1, 6))
    text = re.sub(r"\s+", " ", hrd.get(second + "/hasil").text)
    assert "Berkas ini tampaknya perbaikan dari PKD-" in text
    assert "4 karyawan ada di keduanya. 1 karyawan hanya ada di berkas ini." in text
    assert "hanya ada di berkas ini. 1 karyawan hanya ada di PKD-" in text
    assert "tampaknya" not in hrd.get(first + "/hasil").text
    version = text.partition(f'action="{second}/asal-berkas"')[2]
    version = re.search(r'name="version" value="(\d+)"', version)[1]
    form = {"version": version, "answer": "revision"}
    other_hrd.post(second + "/asal-berkas", form, expect=404)
    assert hrd.post(second + "/asal-berkas", form).headers["Location"] == first
    worker.run_all(portal)
    assert hrd.post(second + "/asal-berkas", form).headers["Location"] == first
    assert "Berkas ini sekarang revisi 2 dari PKD-" in hrd.get(first + "/hasil").text
    assert "Revisi 2 diunggah" in hrd.get(first + "/lacak").text
    assert "Dijadikan revisi 2 dari PKD-" in hrd.get(second + "/lacak").text


def test_it_may_stay_a_submission_of_its_own(hrd, send):
    send("Lama", range(5))
    second = send("Baru", range(5))
    answer = hrd.post(second + "/asal-berkas", {"answer": "new"})
    assert answer.headers["Location"] == second
    assert "tampaknya" not in hrd.get(second + "/hasil").text
    assert "Pengajuan dibatalkan" not in hrd.get(second + "/lacak").text
