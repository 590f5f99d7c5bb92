"""What each act of the audit trail, and what it tells of, is called on a page."""

import re
from typing import Any, Final

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from hr_portal.domain.document_kinds import KINDS
from hr_portal.domain.letter_numbers import LETTER_KINDS
from hr_portal.web.i18n import said
from hr_portal.web.layout import BATCH_STATES, DOCUMENTS
from hr_portal.web.letters import kind_name
from hr_portal.web.words import field_label

ACTS: Final[dict[str, Any]] = {
    "archive:added": _l("ZIP dokumen diterima"),
    "archive:begun": _l("Pengiriman ZIP dokumen dimulai"),
    "archive:done": _l("ZIP dokumen selesai dibuka"),
    "archive:given-up": _l("Pengiriman ZIP dokumen dibatalkan"),
    "archive:refused": _l("ZIP dokumen ditolak"),
    "archive:stopped": _l("Pembukaan ZIP dokumen dihentikan"),
    "audit:exported": _l("Jejak audit diunduh"),
    "batch:annotated_exported": _l("Berkas bercatatan diunduh"),
    "batch:answered": _l("Jawaban BPJS dimasukkan"),
    "batch:cancelled": _l("Pengajuan dibatalkan"),
    "batch:cells_changed": _l("Isi sel diperbaiki"),
    "batch:cells_restored": _l("Perbaikan sel diurungkan"),
    "batch:columns_answered": _l("Susunan kolom dijelaskan"),
    "batch:columns_left": _l("Pertanyaan kolom ditinggalkan"),
    "batch:columns_reopened": _l("Kolom ditanyakan kembali"),
    "batch:created": _l("Pengajuan dibuat"),
    "batch:decided": _l("Pengajuan diputuskan"),
    "batch:documents_explained": _l("Alasan tanpa dokumen dinyatakan"),
    "batch:explanation_withdrawn": _l("Alasan tanpa dokumen dicabut"),
    "batch:findings_exported": _l("Daftar temuan diunduh"),
    "batch:forwarded": _l("Baris diteruskan ke BPJS"),
    "batch:handover_fetched": _l("Berkas serahan diunduh"),
    "batch:hold_expired": _l("Batas waktu memegang pengajuan lewat"),
    "batch:hold_lifted": _l("Penahanan penghapusan pengajuan dicabut"),
    "batch:hold_placed": _l("Penghapusan pengajuan ditahan"),
    "batch:joined": _l("Berkas disatukan dengan pengajuan lain"),
    "batch:notices_printed": _l("Pemberitahuan kepada peserta dicetak"),
    "batch:paper_opened": _l("Tanda terima atau berita acara dibuka"),
    "batch:passed_on": _l("Pengajuan dialihkan ke pemeriksa lain"),
    "batch:lapsed": _l("Draf yang lama tidak disentuh dibatalkan"),
    "batch:purged": _l("Data pengajuan dihapus menurut jadwal"),
    "batch:released": _l("Pengajuan dilepas ke antrean"),
    "batch:reopened": _l("Pengajuan dibuka kembali"),
    "batch:revised": _l("Revisi baru diunggah"),
    "batch:row_revealed": _l("Identitas lengkap ditampilkan"),
    "batch:separated": _l("Berkas dipisahkan dari pengajuan lain"),
    "batch:set_aside": _l("Keputusan dibuka kembali oleh admin"),
    "batch:split": _l("Pengajuan dibagi"),
    "batch:split_off": _l("Pengajuan dibuat dari pembagian"),
    "batch:submitted": _l("Pengajuan diajukan"),
    "batch:taken": _l("Pengajuan diambil pemeriksa"),
    "batch:template_filled": _l("Templat terisi diunduh"),
    "batch:verdict": _l("Keputusan baris dicatat"),
    "batch:verdict_cleared": _l("Keputusan baris dihapus"),
    "batch:verdicts_ordered": _l("Keputusan banyak baris diminta"),
    "batch:warnings_confirmed": _l("Peringatan dipastikan"),
    "batch:withdrawn": _l("Pengajuan ditarik kembali"),
    "branch:created": _l("Kantor cabang dibuat"),
    "calendar:changed": _l("Hari libur diubah"),
    "company:certificate_dropped": _l("Sertifikat tanda tangan dihapus"),
    "company:certificate_kept": _l("Sertifikat tanda tangan disimpan"),
    "company:created": _l("Perusahaan dibuat"),
    "company:edited": _l("Data surat perusahaan diubah"),
    "company:hold_lifted": _l("Penahanan penghapusan perusahaan dicabut"),
    "company:hold_placed": _l("Penghapusan data perusahaan ditahan"),
    "company:key_rotated": _l("Kunci perusahaan diganti"),
    "company:old_key_retired": _l("Kunci lama perusahaan dihapus"),
    "company:outside_number": _l("Nomor surat luar portal didaftarkan"),
    "company:series_changed": _l("Pola nomor surat diubah"),
    "company:shredded": _l("Data perusahaan dimusnahkan"),
    "document:added": _l("Dokumen dilampirkan"),
    "document:held": _l("Dokumen menunggu pemindaian virus"),
    "document:hold_ended": _l("Dokumen yang menunggu pemindaian dihapus"),
    "document:infected": _l("Dokumen bervirus ditolak"),
    "document:judged": _l("Dokumen dinilai pemeriksa"),
    "document:opened": _l("Dokumen dibuka"),
    "document:placed": _l("Dokumen ditempatkan pada barisnya"),
    "document:removed": _l("Dokumen dilepas"),
    "document:repeated": _l("Dokumen yang sama dikirim lagi"),
    "document:taken-back": _l("Dokumen dikembalikan ke baki"),
    "findings:read": _l("Temuan dibaca"),
    "four_eyes:added": _l("Jenis koreksi wajib empat mata ditambah"),
    "four_eyes:removed": _l("Jenis koreksi tidak lagi wajib empat mata"),
    "incident:exported": _l("Daftar insiden diunduh"),
    "incident:opened": _l("Insiden dicatat"),
    "incident:told": _l("Pemberitahuan insiden dicatat"),
    "installation:backed_up": _l("Cadangan dibuat"),
    "installation:master_key_rotated": _l("Kunci induk diganti"),
    "installation:restored": _l("Cadangan dipulihkan"),
    "layout:forgotten": _l("Susunan kolom dilupakan"),
    "letter:issued": _l("Surat diterbitkan"),
    "letter:numbers_resumed": _l("Nomor surat dilanjutkan"),
    "letter:opened": _l("Surat dibuka"),
    "letter:revoked": _l("Surat dicabut"),
    "letter:signed": _l("Surat bertanda tangan disimpan"),
    "mapping:prepared": _l("Lembar pemetaan disiapkan untuk diisi"),
    "mapping:taken": _l("Lembar pemetaan dokumen diterima"),
    "message:file_opened": _l("Berkas pesan dibuka"),
    "message:written": _l("Pesan ditulis"),
    "outlet:changed": _l("Saluran diubah"),
    "person:trail_exported": _l("Jejak peserta diunduh"),
    "queue:person_searched": _l("Peserta dicari di antrean"),
    "reason:added": _l("Alasan ditambahkan ke daftar"),
    "reason:changed": _l("Alasan dalam daftar diubah"),
    "reason:removed": _l("Alasan dihapus dari daftar"),
    "requirements:draft_discarded": _l("Draf syarat dokumen dibuang"),
    "requirements:drafted": _l("Draf syarat dokumen diubah"),
    "requirements:in_force": _l("Syarat dokumen baru diberlakukan"),
    "registration:accepted": _l("Pendaftaran diterima"),
    "registration:asked": _l("Pendaftaran masuk"),
    "registration:refused": _l("Pendaftaran ditolak"),
    "revision:asked": _l("Berkas menunggu penjelasan kolom"),
    "revision:checked": _l("Berkas selesai diperiksa"),
    "revision:rechecked": _l("Baris diperiksa ulang"),
    "revision:refused": _l("Berkas tidak dapat dibaca"),
    "rows:read": _l("Baris dibaca"),
    "token:created": _l("Token API dibuat"),
    "token:exports_allowed": _l("Ekspor lewat token API diizinkan"),
    "user:code_accepted": _l("Kode verifikasi diterima"),
    "user:code_refused": _l("Kode verifikasi salah"),
    "user:company_chosen": _l("Perusahaan yang dikerjakan diganti"),
    "user:email_step_off": _l("Kode lewat surel dimatikan"),
    "user:email_step_on": _l("Kode lewat surel diaktifkan"),
    "user:invited": _l("Pengguna diundang"),
    "user:joined": _l("Pengguna bergabung"),
    "user:lead_set": _l("Penanggung jawab diubah"),
    "user:offer_answered": _l("Undangan perusahaan dijawab"),
    "user:offer_withdrawn": _l("Undangan perusahaan ditarik"),
    "user:offered": _l("Pengguna perusahaan lain diundang"),
    "user:password_changed": _l("Kata sandi diubah"),
    "user:password_reset": _l("Kata sandi diatur ulang"),
    "user:recovery_codes_drawn": _l("Kode pemulihan dibuat baru"),
    "user:recovery_code_used": _l("Kode pemulihan dipakai"),
    "user:reset_wanted": _l("Pengaturan ulang kata sandi diminta"),
    "user:role_given": _l("Peran diberikan"),
    "user:role_taken": _l("Peran dicabut"),
    "user:second_factor_off": _l("Verifikasi dua langkah dimatikan"),
    "user:second_factor_on": _l("Verifikasi dua langkah dinyalakan"),
    "user:second_factor_reset": _l("Verifikasi dua langkah diatur ulang"),
    "user:session_ended": _l("Sesi diakhiri"),
    "user:sign_in_refused": _l("Percobaan masuk gagal"),
    "user:signed_in": _l("Masuk dengan kata sandi"),
    "user:switched": _l("Akun dinyalakan atau dimatikan"),
    "user:terms_accepted": _l("Ketentuan disetujui"),
    "user:unlocked": _l("Kunci akun dibuka"),
}
"""By the code under which the act is kept."""

DETAILS: Final[dict[str, Any]] = {
    "accepted": _l("diterima"),
    "act": _l("perbaikan"),
    "active": _l("aktif"),
    "acts": _l("catatan"),
    "approved": _l("disetujui"),
    "based_on": _l("dari versi"),
    "batches": _l("pengajuan"),
    "before": _l("sebelumnya"),
    "blocks": _l("blok baris"),
    "branch": _l("kantor cabang"),
    "by": _l("menurut"),
    "by_link": _l("lewat tautan"),
    "bytes": _l("ukuran (byte)"),
    "cause": _l("sebab"),
    "cells": _l("sel"),
    "certificate": _l("sidik sertifikat"),
    "chains": _l("rantai catatan"),
    "changes": _l("perubahan"),
    "child": _l("draf baru"),
    "code": _l("aturan"),
    "columns": _l("kolom"),
    "companies": _l("perusahaan"),
    "confirmed": _l("dipastikan"),
    "copy": _l("salinan"),
    "corrections": _l("koreksi"),
    "days": _l("hari"),
    "done": _l("selesai"),
    "edition": _l("edisi"),
    "employees": _l("karyawan"),
    "empty": _l("kosong"),
    "fields": _l("data"),
    "file": _l("berkas"),
    "files": _l("berkas"),
    "findings": _l("temuan"),
    "hold": _l("penahanan"),
    "hours": _l("jam"),
    "internal": _l("hanya pemeriksa"),
    "invalid": _l("tidak valid"),
    "is_free": _l("libur"),
    "is_lead": _l("penanggung jawab"),
    "kept": _l("disimpan"),
    "keys": _l("isian"),
    "kind": _l("jenis"),
    "last": _l("nomor terakhir"),
    "left_out": _l("data yang tidak dibawa"),
    "lines": _l("baris berkas"),
    "moved": _l("dipindahkan"),
    "note": _l("catatan"),
    "notes": _l("catatan"),
    "number": _l("nomor"),
    "of": _l("dari"),
    "only_touched": _l("hanya yang dibuka atau diubah"),
    "outcome": _l("hasil"),
    "outlet": _l("saluran"),
    "page": _l("halaman"),
    "parent": _l("berasal dari"),
    "passes": _l("putaran"),
    "people": _l("orang"),
    "placed": _l("ditempatkan"),
    "reason": _l("alasan"),
    "recognised": _l("dikenali sebagai perbaikan"),
    "refused": _l("ditolak"),
    "rejected": _l("ditolak"),
    "remembered": _l("diingat"),
    "repeated": _l("sudah ada"),
    "resealed": _l("dienkripsi ulang"),
    "reset": _l("mulai lagi dari awal"),
    "returned": _l("dikembalikan"),
    "revision": _l("revisi"),
    "role": _l("peran"),
    "row": _l("baris"),
    "rows": _l("baris"),
    "rows_a_file": _l("baris per berkas"),
    "ruleset": _l("edisi aturan"),
    "score": _l("nilai kecocokan"),
    "secrets": _l("rahasia"),
    "sha256": "SHA-256",
    "sheets": _l("lembar"),
    "signature": _l("nama virus"),
    "size": _l("ukuran (byte)"),
    "stage": _l("tahap"),
    "start": _l("nomor pertama"),
    "state": _l("keadaan"),
    "supersedes": _l("menggantikan"),
    "text": _l("teks"),
    "total": _l("jumlah baris"),
    "valid": _l("valid"),
    "verdict": _l("keputusan"),
    "verdicts": _l("keputusan yang dilepas"),
    "version": _l("versi"),
    "waiting": _l("menunggu"),
    "wanted": _l("saringan"),
    "warning": _l("peringatan"),
}
VALUES: Final[dict[str, Any]] = {
    "hrd": _l("HRD"),
    "reviewer": _l("Pemeriksa"),
    "admin": _l("Admin"),
    "approve": _l("Disetujui"),
    "approve_partly": _l("Disetujui sebagian"),
    "return": _l("Dikembalikan"),
    "reject": _l("Ditolak"),
    "certificate": _l("ditandatangani di portal"),
    "elsewhere": _l("ditandatangani di luar portal"),
    "scan": _l("pindaian"),
    "documents": _l("dokumen dan unggahan"),
    "log": _l("catatan yang disamarkan"),
    "down": _l("pemindai tidak dapat dihubungi"),
    "timeout": _l("pemindai tidak menjawab"),
    "limit": _l("melebihi batas pemindai"),
    "answer": _l("jawaban pemindai tidak dikenal"),
    "year": _l("tiap tahun"),
    "month": _l("tiap bulan"),
    "never": _l("tidak pernah"),
}
BY: Final[dict[str, Any]] = {
    "sheet": _l("lembar pemetaan"), "row": _l("nomor baris"), "name": _l("nama"),
}  # fmt: skip
STATES: Final = BATCH_STATES | DOCUMENTS
SHORT: Final = 8
"""So many signs of an id or a hash are shown; the workbook holds it whole."""


def shortened(text: str) -> str:
    """An id or a hash by its beginning; any other text as it is."""
    return text[:SHORT] + "…" if re.fullmatch("[0-9a-f]{32,64}", text) else text


def detail(name: str, value: object) -> str:
    """One detail of an act as a page says it: "baris: 2, 3"."""
    return f"{DETAILS.get(name, name)}: {_said(value, name)}"


def _said(value: object, name: str = "") -> str:
    if isinstance(value, bool):
        return _("ya") if value else _("tidak")
    if isinstance(value, list | tuple):
        return ", ".join(_said(one, name) for one in value) or "–"
    if isinstance(value, dict):
        return ", ".join(f"{key} {_said(one)}" for key, one in value.items()) or "–"
    return "–" if value is None else _word(str(value), name)


def _word(value: str, name: str) -> str:
    """One value of a detail; what has no word is shown as it is kept."""
    if name in {"fields", "left_out"} or (name == "by" and value not in BY):
        return field_label(value)
    if name == "kind" and value in KINDS:
        return said(*KINDS[value])
    if name == "kind" and value in LETTER_KINDS:
        return kind_name(value)
    if name in {"state", "before", "outcome"} and value in STATES:
        return str(STATES[value].label)
    return str((BY if name == "by" else VALUES).get(value, shortened(value)))
