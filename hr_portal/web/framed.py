"""PDFs of ours inside our own pages: the one exception to the frame rules, and its reason.

A letter has to be read before it is issued, and a reviewer compares a document with a row beside
it; both are PDFs that we made or rewrote. So exactly these answers may be framed by our own pages,
and exactly the pages that show them may frame something, both from this origin only. The browser's
viewer runs in a process of its own, and neither side may run a script of the other.
"""

from typing import Final

from flask import Response

from hr_portal.web.security import CONTENT_SECURITY_POLICY, content_disposition

FRAMED_PDF_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'"
"""For a PDF that our pages may frame; the viewer brings styles of its own."""
FRAMING_POLICY: Final = CONTENT_SECURITY_POLICY + "; frame-src 'self'"
"""For the pages that frame one."""
PDF: Final = "application/pdf"


def frames(page: Response) -> Response:
    """Lets this page frame answers of our own."""
    page.headers["Content-Security-Policy"] = FRAMING_POLICY
    return page


def framed_pdf(answer: Response, file_name: str) -> Response:
    """Lets our own pages frame this PDF."""
    answer.mimetype = PDF
    answer.headers["Content-Disposition"] = content_disposition(file_name, attached=False)
    answer.headers["Content-Security-Policy"] = FRAMED_PDF_POLICY
    return answer


def framed_message(answer: Response) -> Response:
    """Lets our own pages frame a sentence, where there is no PDF to show."""
    answer.mimetype = "text/plain"
    answer.headers["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'self'"
    return answer
