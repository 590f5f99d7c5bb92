"""What the PDF of a letter holds for programs, read back and held against its batch."""

from dataclasses import dataclass

from hr_portal.adapters.database.models import Letter, Revision
from hr_portal.adapters.letters import LetterError
from hr_portal.adapters.letters.embedding import as_csv, read_data, read_workbook
from hr_portal.domain.letter_data import Comparison, LetterRow, compared, rows_from_data
from hr_portal.domain.permissions import Actor
from hr_portal.services import letter_views
from hr_portal.services.context import Portal
from hr_portal.services.errors import Invalid
from hr_portal.services.letter_facts import rows_of_revision
from hr_portal.services.letter_views import LetterView


@dataclass(frozen=True, slots=True)
class Content:
    """The corrections inside a letter, and how they differ from the rows of its revision."""

    letter: LetterView
    data: dict[str, object]
    rows: list[LetterRow]
    comparison: Comparison

    @property
    def csv(self) -> bytes:
        """The rows as the CSV inside the letter."""
        return as_csv(self.rows)


def workbook(portal: Portal, actor: Actor, letter_id: str) -> tuple[LetterView, bytes]:
    """Return the workbook that a letter names in place of a table, as it stands in its PDF.

    The look is an act, as opening the letter is. Raises:
        NotFound, Conflict, FileDamagedError as `letter_views.open_letter`.
        Invalid: its corrections are printed on its pages.

    """
    view, pdf = letter_views.open_letter(portal, actor, letter_id)
    try:
        return view, read_workbook(pdf)
    except LetterError as error:
        raise Invalid(error.message, error.message_en, code=error.code) from error


def read(portal: Portal, actor: Actor, letter_id: str) -> Content:
    """Read a letter's own PDF; the look is an act, as opening it is.

    Raises:
        NotFound, Conflict, FileDamagedError as `letter_views.open_letter`.
        Invalid: a letter made before letters held their content.

    """
    view, pdf = letter_views.open_letter(portal, actor, letter_id)
    try:
        data = read_data(pdf)
    except LetterError as error:
        raise Invalid(error.message, error.message_en, code=error.code) from error
    rows = rows_from_data(data)
    with portal.db.read() as session:
        letter = session.get_one(Letter, letter_id)
        revision = session.get_one(Revision, letter.revision_id)
        key = portal.key(revision.batch.company)
        in_batch = rows_of_revision(session, key, revision.id)
    return Content(view, data, rows, compared(rows, in_batch))
