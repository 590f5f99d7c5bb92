"""Figures, public holidays and outlets, as the pages have them."""

import datetime as dt


def test_an_admin_keeps_holidays_and_outlets_and_all_read_their_figures(caller, checked):
    admin = caller("admin")
    told = admin.post("/holidays", day="2026-12-24", is_free=True, name="Cuti bersama")["items"]
    assert told == admin.get("/holidays", year=2026)["items"]
    assert {"day": "2026-12-24", "name": "Cuti bersama", "is_free": True, "is_own": True} in told
    assert {one["day"][:4] for one in admin.get("/holidays")["items"]} == {
        str(dt.datetime.now(dt.UTC).year)
    }
    admin.post("/holidays", day="kemarin", is_free=True, expect=422)

    sent = {"key": "csv", "columns": ["KPJ = kpj", "BARU = after"], "rows_a_file": 500}
    changed = admin.post("/outlets", **sent, left_out=["hp"], is_confirmed=True)
    assert changed in admin.get("/outlets")["items"]
    assert changed["columns"][1] == {"header": "BARU", "source": "after"}
    assert (changed["left_out"], changed["is_confirmed"]) == (["hp"], True)
    admin.post("/outlets", **sent | {"columns": ["KPJ = gaji"]}, is_confirmed=True, expect=422)
    admin.post("/outlets", **sent | {"key": "pdf"}, is_confirmed=True, expect=404)

    for who in ("hrd", "reviewer", "admin"):
        figures = caller(who).get("/figures")
        assert [one["below_days"] for one in figures["open_by_age"]] == [1, 3, 7, 14, None]
        assert len(figures["approved_by_week"]) == 12
