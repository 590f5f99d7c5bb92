"""Nothing of a person reaches the log, whoever writes it; each program below is a real process."""

import json
import subprocess
import sys
import textwrap

import pytest

NIK = "3171014508909013"
NAME = "Budiman Canary"
MAIL = "budiman.canary@contoh.example"
START = "import logging, warnings\nfrom hr_portal import logs\nlogs.configure('debug')\n"


def lines_of(program):
    done = subprocess.run(
        [sys.executable, "-c", START + textwrap.dedent(program)],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return [json.loads(line) for line in done.stderr.splitlines()]


def test_an_event_keeps_what_is_allowed_and_names_what_is_not():
    (line,) = lines_of(f"logs.get('intake').info('file stored', rows=12, bytes=9000, nik='{NIK}')")
    assert line["event"] == "file stored"
    assert (line["rows"], line["bytes"]) == (12, 9000)
    assert line["dropped"] == ["nik"]
    assert (line["level"], line["logger"]) == ("info", "hr_portal.intake")
    assert line["timestamp"].endswith("Z")
    assert NIK not in json.dumps(line)


def test_the_request_id_stands_on_every_line_until_the_next_request():
    first, second = lines_of(
        """
        logs.begin(request_id=(first := logs.new_id()))
        assert logs.request_id() == first
        logs.get("web").info("request", route="/batches/<id>")
        logs.begin(request_id=logs.new_id())
        logging.getLogger("waitress").warning("Task queue depth is %d", 3)
        """
    )
    assert len(first["request_id"]) == 16
    assert first["request_id"] != second["request_id"]


@pytest.mark.parametrize("text", [NIK, "3171 0145 0890 9013", "31.71.01.450890.9013", MAIL])
def test_a_number_or_address_under_an_allowed_name_is_masked(text):
    (line,) = lines_of(f"logs.get('x').warning('odd', code='before {text} after')")
    assert text not in line["code"]
    assert line["code"].startswith("before [")
    assert line["code"].endswith("] after")


def test_a_random_id_stays_readable_and_a_nik_in_its_place_does_not():
    whole, masked = lines_of(
        f"""
        logs.get('x').info('a', batch_id='0193c7e2-5a41-7d0c-9b3f-112233445566')
        logs.get('x').info('a', batch_id='{NIK}')
        """
    )
    assert whole["batch_id"] == "0193c7e2-5a41-7d0c-9b3f-112233445566"
    assert NIK not in masked["batch_id"]


def test_an_exception_keeps_its_types_and_places_but_no_message_and_no_values():
    (line,) = lines_of(
        f"""
        def inner(name):
            raise KeyError(name)
        def outer(name):
            try:
                inner(name)
            except KeyError as error:
                raise RuntimeError("cannot store " + name) from error
        try:
            outer("{NAME}")
        except RuntimeError:
            logs.get("worker").exception("job failed", kind="read")
        """
    )
    assert NAME not in json.dumps(line)
    assert [told["type"] for told in line["exception"]] == [
        "builtins.RuntimeError",
        "builtins.KeyError",
    ]
    assert [place.split(":")[1] for place in line["exception"][0]["at"]] == ["<module>", "outer"]


def test_a_known_library_keeps_its_text_without_its_arguments():
    (line,) = lines_of(
        f"logging.getLogger('waitress').error('Exception while serving %s', '/{NAME}')"
    )
    assert line["event"] == "Exception while serving %s"
    assert NAME not in json.dumps(line)


def test_any_other_library_only_says_where_it_spoke():
    first, second, third = lines_of(
        f"""
        logging.getLogger("sqlalchemy.engine").warning("INSERT {NAME}")
        logging.getLogger().error("%s", "{NAME}", extra={{"code": "A", "name_of": "{NAME}"}})
        warnings.warn("about {NAME}")
        """
    )
    assert first["event"] == second["event"] == third["event"] == "message of a library"
    assert first["logger"] == "sqlalchemy.engine"
    assert NAME not in json.dumps([first, second, third])


def test_line_breaks_and_terminal_codes_cannot_forge_a_line():
    (line,) = lines_of(r"logs.get('x').info('a', code='one\r\n{\"event\":\"two\"}\x1b[2J\u2028x')")
    assert line["event"] == "a"
    assert not set("\r\n\x1b\u2028") & set(line["code"])


def test_less_serious_events_than_asked_for_are_not_written():
    assert lines_of("logs.configure('error'); logs.get('x').warning('a')") == []
