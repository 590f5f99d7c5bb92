"""What sentences call a datum, and the paper it is compared with."""

_NAMES: dict[str, tuple[str, str]] = {
    "nik": ("NIK", "the NIK"),
    "kk": ("nomor KK", "the KK number"),
    "kpj": ("KPJ", "the KPJ"),
    "nama": ("nama lengkap", "the full name"),
    "gelar": ("gelar", "the title"),
    "tempat_lahir": ("tempat lahir", "the place of birth"),
    "tanggal_lahir": ("tanggal lahir", "the date of birth"),
    "jenis_kelamin": ("jenis kelamin", "the sex"),
    "nama_ibu": ("nama ibu kandung", "the mother's maiden name"),
    "status_kawin": ("status kawin", "the marital status"),
    "golongan_darah": ("golongan darah", "the blood group"),
    "kewarganegaraan": ("kewarganegaraan", "the nationality"),
    "alamat": ("alamat domisili", "the residential address"),
    "kode_pos": ("kode pos", "the postal code"),
    "hp": ("nomor HP", "the mobile number"),
    "email": ("alamat surel", "the e-mail address"),
    "npwp": ("NPWP", "the NPWP"),
    "kode_bank": ("kode bank", "the bank code"),
    "no_rekening": ("nomor rekening", "the account number"),
    "nama_rekening": ("nama pemilik rekening", "the account holder"),
    "status_kerja": ("status kerja", "the employment status"),
    "tanggal_mulai": ("tanggal mulai bekerja", "the start date"),
    "tanggal_berhenti": ("tanggal berhenti bekerja", "the end date"),
    "sebab_berhenti": ("sebab berhenti", "the reason for leaving"),
    "kpj_digabung": ("KPJ yang digabung", "the KPJ to merge"),
    "darurat_nama": ("nama kontak darurat", "the name of the emergency contact"),
    "darurat_hp": ("nomor HP kontak darurat", "the mobile number of the emergency contact"),
    "darurat_hubungan": ("hubungan kontak darurat", "the relation of the emergency contact"),
    "npp": ("NPP", "the NPP"),
}

_KTP = ("KTP-el", "KTP-el")
_FAMILY_CARD = ("Kartu Keluarga", "family card")
_MEMBERS_CARD = ("kartu BPJS Ketenagakerjaan", "BPJS Ketenagakerjaan card")
_BANK_BOOK = ("buku tabungan", "bank book")
_OWN_WORDS = ("formulir data karyawan", "employee's data form")
_STAFF_FILE = ("dokumen kepegawaian", "personnel file")

_SOURCES: dict[str, tuple[str, str]] = {
    "kk": _FAMILY_CARD,
    "nama_ibu": _FAMILY_CARD,
    "kpj": _MEMBERS_CARD,
    "kpj_digabung": _MEMBERS_CARD,
    "gelar": ("ijazah", "diploma"),
    "npwp": ("kartu NPWP", "NPWP card"),
    "kode_bank": _BANK_BOOK,
    "no_rekening": _BANK_BOOK,
    "nama_rekening": _BANK_BOOK,
    "alamat": _OWN_WORDS,
    "kode_pos": _OWN_WORDS,
    "hp": _OWN_WORDS,
    "email": _OWN_WORDS,
    "darurat_nama": _OWN_WORDS,
    "darurat_hp": _OWN_WORDS,
    "darurat_hubungan": _OWN_WORDS,
    "status_kerja": _STAFF_FILE,
    "tanggal_mulai": _STAFF_FILE,
    "tanggal_berhenti": _STAFF_FILE,
    "sebab_berhenti": _STAFF_FILE,
    "npp": ("sertifikat kepesertaan", "membership certificate"),
}
"""All others stand on the KTP-el."""


def names_of(key: str | None) -> tuple[str, str]:
    """Return a datum as it stands inside a sentence, Indonesian and English: "the KK number"."""
    return _NAMES.get(key or "", ("data ini", "this datum"))


def sources_of(key: str | None) -> tuple[str, str]:
    """Return the paper that tells a datum; the English one follows "the" or "each"."""
    return _SOURCES.get(key or "", _KTP)
