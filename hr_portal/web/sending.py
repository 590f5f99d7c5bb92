"""Files of ours that a page gives out, under headers that nothing in them can misuse."""

from collections.abc import Iterator
from typing import Final

from flask import Response, make_response

from hr_portal.web.security import FILE_SECURITY_POLICY, content_disposition

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def workbook(content: bytes, file_name: str) -> Response:
    """A workbook for keeping."""
    return _for_keeping(make_response(content), XLSX, file_name)


def stream(chunks: Iterator[bytes], media_type: str, file_name: str) -> Response:
    """A file for keeping that is sent as it is read."""
    return _for_keeping(Response(chunks), media_type, file_name)


def _for_keeping(answer: Response, media_type: str, file_name: str) -> Response:
    answer.mimetype = media_type
    answer.headers["Content-Disposition"] = content_disposition(file_name, attached=True)
    answer.headers["Content-Security-Policy"] = FILE_SECURITY_POLICY
    return answer
