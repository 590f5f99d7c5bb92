"""What the agency refuses often is a warning on later checks of every company, about nobody."""

import dataclasses
import io

from hr_portal import demo
from hr_portal.domain.rules import message
from hr_portal.services import agency, checks, outlets, results, submission

WORDS = "Nomor sudah dipakai peserta lain a.n. BUDI MISAL"


def often_said(world, batch, actor):
    found = results.findings_page(world.portal, actor, batch, per_page=500).items
    return [one for one in found if one.code == "HIS-04"]


def answered(world, count, refused):
    """A batch of Rahma's company that came back, some of its rows refused by the agency."""
    batch = world.decided(world.sheet(count))
    outlets.hand_over(world.portal, world.bayu, batch, "sipp", version=None)
    lines = [
        f"{demo._person(100 + at)['kpj']};No HP;{f'Ditolak;{WORDS}' if at <= refused else 'Diterima;'}"
        for at in range(1, count + 1)
    ]
    file = io.BytesIO("\r\n".join(["KPJ;DATA;HASIL;KETERANGAN", *lines, ""]).encode())
    agency.take_answer(world.portal, world.bayu, batch, file, "jawaban.csv")


def test_another_company_is_warned_of_what_the_agency_often_refuses(world, portal):
    file = world.sheet(4, start=600)
    assert often_said(world, world.draft(file, actor=world.wulan), world.wulan) == []
    answered(world, count=8, refused=5)
    batch = world.draft(file, actor=world.wulan)
    [one] = often_said(world, batch, world.wulan)
    assert (one.row, one.field, one.severity) == (0, "hp", "warning")
    assert "8 koreksi nomor HP" in one.message
    assert "5 ditolak, paling sering karena nilainya sudah dipakai peserta lain" in one.message
    everything = repr(one)
    for theirs in ("BUDI", "a.n.", demo._person(101)["kpj"], world.people.companies[0]):
        assert theirs not in everything

    missing = submission.lacks(portal, world.wulan, batch)
    assert "warnings_unconfirmed" in [lack.code for lack in missing]
    world.confirm(batch, actor=world.wulan)
    missing = submission.lacks(portal, world.wulan, batch)
    assert "warnings_unconfirmed" not in [lack.code for lack in missing]

    birth = world.draft(world.sheet(2, start=650, line=demo._birth_line), actor=world.wulan)
    assert often_said(world, birth, world.wulan) == [], "another kind is not warned of"

    who = demo._person(700)
    row = {
        "kpj": who["kpj"],
        "nik": who["nik"],
        "nama": who["nama"],
        ("after", "hp"): "081200000001",
    }
    typed = checks.check_only(portal, world.wulan, [row])
    assert [f.code for f in typed.findings] == ["HIS-04"]
    [said] = [message(f, typed.table) for f in typed.findings]
    assert said.partition(": ")[2] == one.message.partition(": ")[2], "a form is told the same"

    portal.settings = dataclasses.replace(portal.settings, refusals_percent=63)
    assert not checks.check_only(portal, world.wulan, [row]).findings
    portal.settings = dataclasses.replace(portal.settings, refusals_percent=10, refusals_least=0)
    assert not checks.check_only(portal, world.wulan, [row]).findings
