"""What a request may hold, and how it is read: strictly, and nothing is ignored in silence.

An unknown or repeated name is refused with the rest (security.md C9). Text can't hold what a
database or a log can't: control characters and halves of characters.
"""

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, Final, NoReturn

import marshmallow as ma
from flask import Request
from marshmallow import fields, validate
from webargs.flaskparser import FlaskParser
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.exceptions import BadRequest, UnsupportedMediaType

from hr_portal.api.problems import unfit

Messages = dict[str, str | list[Any] | dict[Any, Any]]
"""marshmallow's type for the sentences of a field."""

MAX_PER_PAGE: Final = 500
MAX_PAGE: Final = 1_000_000
LARGEST: Final = 2**31 - 1
"""The largest whole number of a column; what is larger can't be a row or a version."""

_DIGITS: Final = re.compile(r"[0-9]{1,16}")
_KINDS_OF_CELL_TEXT: Final = frozenset("\t\n\r")


def says(invalid: str, required: str = "Wajib diisi", **more: str) -> Messages:
    """What a field says of a value that it can't take."""
    return {"required": required, "null": "Tidak boleh null", "invalid": invalid, **more}


_UNFIT: Final = {"unknown": "Tidak dikenal", "type": "Harus berupa objek JSON"}


class Ask(ma.Schema):
    """What a caller may send; whatever it doesn't name is refused."""

    class Meta:
        unknown = ma.RAISE

    error_messages = _UNFIT

    @ma.post_load
    def _fill(self, given: dict[str, Any], **_: object) -> dict[str, Any]:
        """What was left out is None, so that every name is there."""
        return {**dict.fromkeys(self.fields), **given}


class Text(fields.String):
    """Text of bounded length without control characters."""

    default_error_messages = says("Harus berupa teks", control="Memuat karakter kendali")

    def __init__(self, *, most: int, least: int = 0, **more: Any) -> None:  # noqa: ANN401
        length = validate.Length(least, most, error=f"Panjangnya {least} sampai {most} karakter")
        super().__init__(validate=length, **more)

    def _deserialize(self, value: Any, *args: Any, **more: Any) -> str:  # noqa: ANN401
        text: str = super()._deserialize(value, *args, **more)
        if not text.isprintable() and any(map(_is_control, text)):
            raise self.make_error("control")
        return text


class OneOf(fields.String):
    """One of a few words."""

    default_error_messages = says("Harus berupa teks")

    def __init__(self, words: Iterable[str], **more: Any) -> None:  # noqa: ANN401
        words = tuple(words)
        wrong = "Harus salah satu dari: " + ", ".join(words)
        super().__init__(validate=validate.OneOf(words, error=wrong), **more)


class Whole(fields.Integer):
    """A whole number within bounds; in a form or an address written with digits alone."""

    default_error_messages = says("Harus berupa bilangan bulat")

    def __init__(
        self,
        *,
        least: int = 1,
        most: int = LARGEST,
        text: bool = False,
        **more: Any,  # noqa: ANN401
    ) -> None:
        self.text = text
        bounds = validate.Range(least, most, error=f"Harus antara {least} dan {most}")
        super().__init__(validate=bounds, **more)

    def _deserialize(self, value: Any, *_args: Any, **_more: Any) -> int:  # noqa: ANN401
        if self.text and isinstance(value, str) and _DIGITS.fullmatch(value):
            return int(value)
        if not self.text and type(value) is int:
            return value
        if not self.text and isinstance(value, float) and value.is_integer():
            return int(value)  # 3.0 is a whole number in JSON Schema
        raise self.make_error("invalid")


class Switch(fields.Boolean):
    """True or false; in an address these two words, in JSON these two values."""

    default_error_messages = says("Harus true atau false")

    def __init__(self, *, text: bool = False, **more: Any) -> None:  # noqa: ANN401
        self.text = text
        super().__init__(**more)

    def _deserialize(self, value: Any, *_args: Any, **_more: Any) -> bool:  # noqa: ANN401
        if self.text and value in {"true", "false"}:
            return bool(value == "true")
        if not self.text and isinstance(value, bool):
            return value
        raise self.make_error("invalid")


class Words(fields.List[Any]):
    """A list of one kind of thing, bounded."""

    default_error_messages = says("Harus berupa daftar")

    def __init__(self, inner: fields.Field[Any], *, most: int, **more: Any) -> None:  # noqa: ANN401
        length = validate.Length(1, most, error=f"Berisi 1 sampai {most} butir")
        super().__init__(inner, validate=length, **more)


class Upload(fields.Field[FileStorage]):
    """A file of a multipart form."""

    default_error_messages = says(
        "Harus berupa berkas, lengkap dengan nama berkasnya", "Sertakan berkas pada bagian ini"
    )

    def _deserialize(self, value: Any, *_args: Any, **_more: Any) -> FileStorage:  # noqa: ANN401
        if not isinstance(value, FileStorage) or not value.filename:
            raise self.make_error("invalid")
        return value


class Uploads(Words):
    """Some files of a multipart form: the part may stand there that often."""

    default_error_messages = says(
        "Harus berupa berkas, lengkap dengan nama berkasnya", "Sertakan berkas pada bagian ini"
    )

    def __init__(self, *, most: int, **more: Any) -> None:  # noqa: ANN401
        super().__init__(Upload(), most=most, **more)


class Paging(Ask):
    """Which page of a list, and how long it is."""

    page = Whole(text=True, most=MAX_PAGE, load_default=1)
    per_page = Whole(text=True, most=MAX_PER_PAGE, load_default=100)


class StrictParser(FlaskParser):
    """Reads JSON, forms, files and addresses; refuses what it doesn't know."""

    DEFAULT_UNKNOWN_BY_LOCATION = FlaskParser.DEFAULT_UNKNOWN_BY_LOCATION | {
        "query": ma.RAISE,
        "multipart": ma.RAISE,
    }
    __location_map__ = FlaskParser.__location_map__ | {"multipart": "load_multipart"}

    def load_json(self, req: Request, schema: ma.Schema) -> Any:  # noqa: ANN401, ARG002
        """The JSON body; none at all is read as an empty object.

        Raises BadRequest where it is no JSON, UnsupportedMediaType where it doesn't say it is.
        """
        body = req.get_data(cache=True)
        if not body:
            return {}
        if req.mimetype != "application/json":
            raise UnsupportedMediaType
        try:
            return json.loads(body, object_pairs_hook=_no_name_twice, parse_constant=_no_constant)
        except (ValueError, RecursionError) as error:
            raise BadRequest from error

    def load_querystring(self, req: Request, schema: ma.Schema) -> Any:  # noqa: ANN401, ARG002
        """The parameters of the address, each at most once."""
        return _each_once(req.args)

    def load_multipart(self, req: Request, schema: ma.Schema) -> Any:  # noqa: ANN401
        """Texts and files of a multipart form, each at most once unless it takes several."""
        if req.mimetype != "multipart/form-data" and (req.content_length or 0) > 0:
            raise UnsupportedMediaType
        both: MultiDict[str, Any] = MultiDict(req.form)
        both.update(req.files)
        several = {name for name, one in schema.fields.items() if isinstance(one, Uploads)}
        lists = {name: both.poplist(name) for name in several if name in both}
        return {**_each_once(both), **lists}

    def handle_error(self, error: ma.ValidationError, *_args: Any, **_more: Any) -> NoReturn:  # noqa: ANN401
        """Raises Invalid, which names what to mend."""
        (told,) = error.messages_dict.values()  # one location a call
        raise unfit(dict(_flat(told))) from error


def _is_control(sign: str) -> bool:
    return sign not in _KINDS_OF_CELL_TEXT and unicodedata.category(sign) in {"Cc", "Cs"}


def _each_once(values: "MultiDict[str, Any]") -> dict[str, Any]:
    counts = Counter(name for name, _value in values.items(multi=True))
    if twice := [name for name, count in counts.items() if count > 1]:
        raise unfit(dict.fromkeys(twice, "Hanya boleh satu"))
    return dict(values.items())


def _no_name_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    held = dict(pairs)
    if len(held) != len(pairs):
        raise ValueError("a name stands twice")
    return held


def _no_constant(_name: str) -> NoReturn:
    raise ValueError("NaN and Infinity are no JSON")


def read(ask: Ask, given: Any) -> dict[str, Any]:  # noqa: ANN401 - whatever JSON holds
    """Return what an ask takes of JSON that came otherwise than by a request; raises Invalid."""
    try:
        return dict(ask.load(given))
    except ma.ValidationError as error:
        raise unfit(dict(_flat(error.messages))) from error


def _flat(told: Any, path: str = "") -> Iterable[tuple[str, str]]:  # noqa: ANN401 - nested by marshmallow
    """Messages by the path of what they are about: `rows.3`."""
    if isinstance(told, Mapping):
        for name, inner in told.items():
            known = path if name == "_schema" else f"{path}.{name}" if path else str(name)
            yield from _flat(inner, known)
    elif isinstance(told, str):
        yield path or "body", told
    else:
        yield path or "body", "; ".join(map(str, told))
