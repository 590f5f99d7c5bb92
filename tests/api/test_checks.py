"""Rows checked without a file: the verdict of a sheet, and nothing kept."""

from collections import Counter
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hr_portal.adapters.database.models import Act, Batch, File, Job
from hr_portal.domain.checking import check
from hr_portal.domain.rules import RULES, RULESET
from tests.api.conftest import CLEAN
from tests.domain.test_one_rule_three_doors import KEYS, VALUES, sheet_of

JAKARTA = ZoneInfo("Asia/Jakarta")
TEXTS = VALUES.filter(str.isprintable)

PERSON = {"kpj": "09999990017", "nik": "3171014508909013", "nama": "SITI CONTOHAN"}


def asked(**cells):
    return {"record": {**PERSON, **cells}, "after": {"gelar": "S.E."}}


def kept(portal):
    with portal.db.read() as session:
        return [
            session.scalar(sa.select(sa.func.count()).select_from(model))
            for model in (Act, Batch, File, Job)
        ]


def test_a_sound_row_has_no_findings_and_nothing_is_kept(scene):
    before = kept(scene.portal)
    answer = scene.caller("hrd").post("/checks", rows=[asked()])
    assert answer == {
        "ruleset": RULESET,
        "rows": {"total": 1, "valid": 1, "warning": 0, "invalid": 0, "empty": 0},
        "findings": [],
    }
    assert kept(scene.portal) == before


def test_a_finding_says_which_row_and_which_datum_in_both_languages(scene):
    answer = scene.caller("hrd").post(
        "/checks",
        rows=[asked(), {"record": {**PERSON, "kpj": "09999990025", "nik": "317"}, "after": {"hp": "8"}}],
    )  # fmt: skip
    assert answer["rows"] == {"total": 2, "valid": 1, "warning": 0, "invalid": 1, "empty": 0}
    found = {one["cell"]: one for one in answer["findings"]}
    nik = found["record.nik"]
    assert (nik["code"], nik["severity"], nik["row"], nik["field"], nik["value"]) == (
        "NIK-01", "error", 2, "nik", "317",
    )  # fmt: skip
    assert nik["message"].startswith("Isian NIK: ")
    assert nik["message_en"].startswith("Field NIK: ")
    assert found["after.hp"]["row"] == 2


def test_rows_are_judged_among_each_other_too(scene):
    twin = {"record": {**PERSON, "kpj": "09999990025"}, "after": {"gelar": "S.E."}}
    codes = [
        one["code"] for one in scene.caller("hrd").post("/checks", rows=[asked(), twin])["findings"]
    ]
    assert sorted(codes) == ["KPJ-08", "KPJ-08", "NIK-16", "NIK-16"]


def test_what_awaits_a_decision_elsewhere_is_told_of_ones_own_company_alone(hrd, submitted, caller):
    record = dict(zip(["kpj", "nik", "kk", "nama"], CLEAN[0][1:5], strict=True))
    row = {"record": record, "after": {"nama_ibu": "AMINAH BINTI"}}
    [found] = hrd.post("/checks", rows=[row])["findings"]
    assert (found["code"], found["cell"]) == ("HIS-01", "after.nama_ibu")
    assert submitted["number"] in found["message"]
    assert caller("other_hrd").post("/checks", rows=[row])["findings"] == []


def test_numbers_and_unknown_fields_are_refused_by_their_place(scene):
    hrd = scene.caller("hrd")
    told = hrd.post("/checks", expect=422, rows=[asked(nik=3171014508909013)])["error"]["fields"]
    assert set(told) == {"rows.0.record.nik"}
    told = hrd.post("/checks", expect=422, rows=[{"record": {"zodiak": "LEO"}}])["error"]["fields"]
    assert set(told) == {"rows.0.record.zodiak"}
    assert hrd.post("/checks", expect=422, rows=[])["error"]["fields"] == {
        "rows": "Berisi 1 sampai 1000 butir"
    }
    many = hrd.call("POST", "/checks", json={"rows": [{}] * 1001})
    assert many.status_code == 422
    assert hrd.post("/checks", rows=[{}])["rows"]["total"] == 1


def test_only_hrd_may_ask_and_only_for_their_company(scene):
    assert scene.caller("reviewer").post("/checks", expect=403, rows=[asked()])
    told = scene.caller("hrd").post("/checks", expect=422, rows=[asked()], company="90000999")
    assert set(told["error"]["fields"]) == {"company"}


def test_the_rules_come_whole_with_the_edition_of_the_region_codes(scene):
    answer = scene.caller("reviewer").get("/rules")
    assert answer["ruleset"] == RULESET
    assert answer["regions"] == {"edition": "Kepmendagri 300.2.2-2138/2025", "dated": "2025-04-25"}
    assert [one["code"] for one in answer["rules"]] == [rule.code for rule in RULES]
    case = next(one for one in answer["rules"] if one["code"] == "KK-02")["cases"][0]
    assert case["advice"]
    assert case["advice_en"]
    assert "{" not in case["saw"] + case["advice"]


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.dictionaries(KEYS, TEXTS, min_size=1, max_size=6), min_size=1, max_size=4))
def test_rows_of_a_request_have_the_verdict_of_a_sheet(scene, rows):
    asked = [
        {
            "record": {key: text for key, text in row.items() if isinstance(key, str)},
            "after": {key[1]: text for key, text in row.items() if not isinstance(key, str)},
        }
        for row in rows
    ]
    answer = scene.caller("hrd").post("/checks", rows=asked)
    report = check(sheet_of(rows), today=scene.portal.clock().astimezone(JAKARTA).date())
    assert answer["rows"] == report.counts()
    assert Counter(
        (one["code"], one["severity"], one["row"], one["field"], one["value"], one["suggestion"])
        for one in answer["findings"]
    ) == Counter(
        (one.code, one.severity.json, one.row + 1, one.field, one.value, one.suggestion)
        for one in report.findings
    )
