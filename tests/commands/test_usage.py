"""A command that is written wrongly is told so in one language, with a way on."""

import pytest

from hr_portal.cli import run


@pytest.mark.parametrize(
    ("written", "says"),
    [
        (["check"], "Kesalahan: FILE belum ditulis."),
        (["check", "a.xlsx", "--ouput", "b"], "Opsi --ouput tidak dikenal. Mungkin maksud Anda"),
        (["periksa"], "Perintah periksa tidak dikenal. Lihat --help."),
        (["check", "a.xlsx", "--format", "yaml"], "--format: pilih text atau json."),
        (["check", "a.xlsx", "--format"], "Opsi --format tidak memuat nilai yang benar"),
        (["check", "a.xlsx", "--map", "Kontak"], "--map: 'Kontak' bukan JUDUL=DATA."),
        (["check", "a.xlsx", "b.xlsx"], "Berlebih: b.xlsx. Lihat --help."),
        (["serve", "--port", "70000"], "--port: tulis bilangan paling kecil 0 dan paling besar 65535."),
        (["documents", "match", "a.xlsx"], "belum ditulis."),
    ],
)  # fmt: skip
def test_a_command_written_wrongly_gets_a_sentence(written, says, capsys):
    assert run(written) == 2
    printed = capsys.readouterr().err
    assert says in printed
    assert "Usage" not in printed


def test_a_file_that_cannot_be_written_says_why_in_the_same_language(tmp_path, capsys):
    assert run(["template", str(tmp_path / "tidak-ada" / "x.xlsx")]) == 2
    assert "tidak dapat ditulis: berkas atau foldernya tidak ada." in capsys.readouterr().err
