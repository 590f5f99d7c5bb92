"""Syarat dokumen: an admin drafts, compares and puts into force; HRD sees what judges them."""

import re

from hr_portal.services import requirements


def edition(text):
    return re.search(r'name="edition" value="(\d+)"', text)[1]


def test_an_admin_drafts_a_version_compares_it_and_puts_it_into_force(admin, portal):
    text = admin.get("/admin/syarat").text
    assert "Berlaku sekarang: versi 1" in text
    form = admin.get("/admin/syarat/draf/kontak").text
    assert re.search(r'id="kartu_bpjstk-aktif".*?<option value="wajib" selected>', form, re.DOTALL)
    typed = {"edition": "0", "kartu_bpjstk-aktif": "wajib", "kartu_bpjstk-berhenti": "wajib"}
    lonely = typed | {"ktp-aktif": "salah_satu"}
    refused = admin.post("/admin/syarat/draf/kontak", lonely, expect=422).text
    assert "memerlukan sedikitnya dua dokumen" in refused
    assert re.search(r'id="ktp-aktif".*?<option value="salah_satu" selected>', refused, re.DOTALL)
    sent = typed | {"ktp-aktif": "wajib", "ktp-berhenti": "wajib"}
    text = admin.follow(admin.post("/admin/syarat/draf/kontak", sent)).text
    assert "Draf versi 2" in text
    assert "1 perubahan" in text
    late = admin.post("/admin/syarat/draf/nik", sent, expect=409).text
    assert "Admin lain mengubah draf ini" in late
    seen = {"edition": edition(text)}
    assert (
        "Tulis catatan versi ini"
        in admin.post("/admin/syarat/berlakukan", {**seen, "note": " "}, expect=422).text
    )
    text = admin.follow(
        admin.post("/admin/syarat/berlakukan", {**seen, "note": "Surat edaran 7"})
    ).text
    assert "Versi 2 berlaku untuk pengajuan yang dibuat mulai sekarang." in text
    assert "Surat edaran 7" in text
    compared = admin.get("/admin/syarat/versi/2").text
    assert "Dibandingkan dengan versi 1" in compared
    assert "HP dan surel · KTP-el" in compared
    assert "Tidak ada perbedaan." in admin.get("/admin/syarat/versi/2?dari=2").text
    text = admin.follow(admin.post("/admin/syarat/draf/kontak", typed)).text
    text = admin.follow(admin.post("/admin/syarat/buang-draf", {"edition": edition(text)})).text
    assert "Draf dibuang." in text
    admin.post("/admin/syarat/buang-draf", {"edition": "4"}, expect=409)
    admin.get("/admin/syarat/draf/gaji", expect=404)
    assert [one.number for one in requirements.versions(portal)] == [2, 1]


def test_hrd_sees_by_which_version_a_batch_is_judged(hrd, upload):
    text = hrd.get(upload("karyawan-bersih.xlsx") + "/dokumen").text
    assert '<a href="/syarat-dokumen/1">Menurut syarat dokumen versi 1</a>' in text
    table = hrd.get("/syarat-dokumen/1").text
    assert "Bawaan portal, dari panduan BPJS Ketenagakerjaan" in table
    assert "KTP-el dan Kartu keluarga, lalu Akta kelahiran, lalu Ijazah" in re.sub(
        r"\s+", " ", table
    )
    hrd.get("/syarat-dokumen/2", expect=404)
    hrd.get("/admin/syarat", expect=403)
