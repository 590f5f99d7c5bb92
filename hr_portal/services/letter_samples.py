"""How a company's letters would look with what its form holds now, of invented people.

Nothing is kept: the form may hold what nobody has saved yet.
"""

from collections.abc import Mapping
from typing import Any, Final

from hr_portal.adapters.letters import LetterError, picture_in_child
from hr_portal.adapters.letters.logo import media_type_of
from hr_portal.domain.fields import FIELD
from hr_portal.domain.letter_choices import LetterChoices
from hr_portal.domain.letter_numbers import check_pattern, format_number
from hr_portal.domain.letters import (
    Addressee,
    Contact,
    LetterDocument,
    LetterFacts,
    Letterhead,
    LetterLine,
    LetterPerson,
    Signatory,
)
from hr_portal.domain.permissions import Actor
from hr_portal.services import visible
from hr_portal.services.context import Portal
from hr_portal.services.errors import Invalid
from hr_portal.services.letter_facts import today

SEQUENCE: Final = 7
"""Of the number on the sample: small enough to show its zeros."""
INVENTED: Final = (
    ("SITI CONTOHAN", "99000019001", "3171015108909001",
     (("nama", "SITI CONTOAN", "SITI CONTOHAN"), ("tanggal_lahir", "1990-08-12", "1990-08-11"))),
    ("BUDI MISALNYA", "99000019002", "3171011208909002", (("alamat", "", "Jalan Umpama Nomor 8, RT 001/RW 002"),)),
)  # fmt: skip
"""Name, KPJ, NIK and corrections of people whom nobody is."""


def picture(portal: Portal, actor: Actor, company_id: str, values: Mapping[str, Any]) -> bytes:
    """Return a sample letter as PNG; `values` are those of the company's form, choices included.

    What is missing is red. Raises:
        NotFound: not theirs. Invalid: a text or the logo can't be printed; the sentence says why.

    """
    with portal.db.read() as session:
        company = visible.company(session, actor, company_id)
        branch = company.default_branch
        office = Addressee(branch.name, branch.address, branch.city) if branch else None
        name, npp, division = company.name, company.npp, company.division
        logo, letter_code = company.logo, company.letter_code
    if "logo" in values:
        logo = values["logo"]
    pattern, issued_on = values["number_pattern"], today(portal)
    signs = (values["signatories"] or [{}])[0]
    contact = values["contact"]
    facts = LetterFacts(
        number=None
        if check_pattern(pattern)
        else format_number(
            pattern,
            sequence=SEQUENCE,
            issued_on=issued_on,
            company_code=values["short_name"] or letter_code,
        ),
        issued_on=issued_on,
        place=values["city"],
        company=Letterhead(
            name,
            npp,
            division,
            values["address"],
            values["city"],
            values["phone"],
            values["email"],
            logo,
            media_type_of(logo) if logo else None,
        ),
        branch=office or Addressee("Kantor Cabang Contoh", "", ""),
        contact=Contact(**{key: contact.get(key, "") for key in Contact.__slots__}),
        signatory=Signatory(
            signs.get("name", ""), signs.get("title", ""), signs.get("attorney_number") or None
        ),
        copies_to=tuple(values["copies_to"]),
        people=tuple(
            LetterPerson(
                person,
                kpj,
                nik,
                tuple(LetterLine(key, FIELD[key].label, *pair) for key, *pair in lines),
            )
            for person, kpj, nik, lines in INVENTED
        ),
        documents=tuple(LetterDocument("KTP-el", kpj, "", 1) for _name, kpj, *_more in INVENTED),
        paper="f4" if values["paper"] == "f4" else "a4",
        choices=LetterChoices(**values["letter_choices"]),
    )
    try:
        return picture_in_child(facts, sample=True)
    except LetterError as error:
        raise Invalid(error.message, error.message_en, code=error.code) from error
