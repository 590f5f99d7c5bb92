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


def test_an_admin_puts_requirements_into_force_and_all_read_every_version(caller, checked):
    admin = caller("admin")
    first = admin.get("/requirements/1")
    assert (first["note"], first["made_at"], len(first["corrections"])) == ("", None, 13)
    cells = [
        {"document": "ktp", "active": "wajib", "left": "wajib", "sources": ["o"]},
        {"document": "paklaring", "left": "salah_satu"},
        {"document": "pengunduran_diri", "left": "salah_satu"},
    ]
    sent = {
        "based_on": 1, "note": "Edaran 7", "corrections": [{"key": "kontak", "cells": cells}],
    }  # fmt: skip
    made = admin.post("/requirements", **sent, expect=201)
    assert (made["number"], made["note"]) == (2, "Edaran 7")
    told = next(one for one in made["corrections"] if one["key"] == "kontak")
    assert told["fields"][:2] == ["hp", "email"]
    assert told["cells"][1] == {
        "document": "pengunduran_diri", "active": None, "left": "salah_satu", "sources": ["a"],
    }  # fmt: skip
    assert "version_conflict" in str(admin.post("/requirements", **sent, expect=409))
    lonely = {"key": "nik", "cells": cells[1:2]}
    again = sent | {"based_on": 2, "corrections": [lonely]}
    assert "salah satu" in str(admin.post("/requirements", **again, expect=422))
    for who in ("hrd", "reviewer"):
        assert caller(who).get("/requirements/2") == made
        assert [one["number"] for one in caller(who).get("/requirements")["items"]] == [2, 1]
        caller(who).post("/requirements", **sent, expect=403)
    admin.get("/requirements/9", expect=404)
