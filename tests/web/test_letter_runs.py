"""Several letters at once, asked for on the page, watched, and taken as one ZIP."""

import dataclasses
import io
import re
import zipfile

import sqlalchemy as sa

from hr_portal import worker
from hr_portal.adapters.database.models import Job
from tests.services.test_letter_runs import without_a_folder_of_files
from tests.web.story import story  # noqa: F401 - a fixture


def test_letters_and_forms_are_asked_for_watched_and_taken_as_one_zip(hrd, story):
    batch = story.draft()
    assert "Beberapa sekaligus" in hrd.get("/surat").text
    page = hrd.get("/surat/sekaligus").text
    assert f'value="{batch}"' in page
    nothing = hrd.post("/surat/sekaligus", {}, expect=422)
    assert "Pilih pengajuannya dahulu." in nothing.text
    shown = hrd.follow(hrd.post("/surat/sekaligus", {"pengajuan": batch}, expect=302))
    assert "Surat sedang dibuat" in shown.text
    assert "0 dari 1 selesai" in shown.text
    worker.run_all(story.portal)
    run = re.search(r'hx-get="(/surat/sekaligus/[0-9a-f]{32})"', shown.text)[1]
    done = hrd.get(run).text
    assert "1 surat sudah terbit" in done
    with zipfile.ZipFile(io.BytesIO(hrd.get(f"{run}/surat.zip").data)) as archive:
        assert len(archive.namelist()) == 2
    assert f'value="{batch}"' not in hrd.get("/surat/sekaligus").text
    here = hrd.get(f"/pengajuan/{batch}/surat").text
    assert "Satu formulir per orang" in here
    refused = hrd.post(f"/pengajuan/{batch}/surat/formulir", {"siapa": "berhenti"}, expect=422)
    assert "Tidak ada tenaga kerja yang berhenti" in refused.text
    asked = hrd.post(f"/pengajuan/{batch}/surat/formulir", {"siapa": "semua"}, expect=302)
    forms = hrd.follow(asked)
    assert "nomor 1 pada Lampiran I" in forms.text
    worker.run_all(story.portal)
    here = hrd.get(f"/pengajuan/{batch}/surat").text
    assert re.search(r"[1-9] formulir terbit", here), here


def test_a_letter_that_could_not_be_made_says_why_and_is_tried_again(hrd, story, settings):
    batch = story.draft()
    story.portal.settings = dataclasses.replace(settings, max_attempts=0)
    asked = hrd.post("/surat/sekaligus", {"pengajuan": batch}, expect=302)
    run = asked.headers["Location"]
    with without_a_folder_of_files(settings):
        worker.run_all(story.portal)
        with story.portal.db.write() as session:  # the letter's own job waits two minutes
            session.execute(sa.update(Job).values(run_after=Job.created_at))
        worker.run_all(story.portal)
        shown = hrd.get(run).text
        assert "0 dari 1 surat terbit" in shown
        assert "gangguan pada peladen" in shown
        assert "hx-get" not in shown.split('id="jalan"')[1]
        page = hrd.get(f"/pengajuan/{batch}/surat").text
        assert "gagal dibuat karena gangguan pada peladen" in page
        assert "sedang dibuat" not in page
        assert "Gagal dibuat" in hrd.get("/surat").text
    again = re.search(r'action="(/surat/[0-9a-f]{32}/buat-lagi)"', page)[1]
    assert "sedang dibuat lagi" in hrd.follow(hrd.post(again, {}, expect=302)).text
    shown = hrd.follow(hrd.post(f"{run}/coba-lagi", {}, expect=302)).text
    assert "Surat sedang dibuat" in shown
    worker.run_all(story.portal)
    assert "1 surat sudah terbit" in hrd.get(run).text
