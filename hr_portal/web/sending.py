"""Files of ours that a page gives out, under headers that nothing in them can misuse."""

from typing import Final

from flask import Response, make_response

from hr_portal.web.security import FILE_SECURITY_POLICY, content_disposition

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def workbook(content: bytes, file_name: str) -> Response:
    """A workbook for keeping."""
    answer = make_response(content)
    answer.mimetype = XLSX
    answer.headers["Content-Disposition"] = content_disposition(file_name, attached=True)
    answer.headers["Content-Security-Policy"] = FILE_SECURITY_POLICY
    return answer
