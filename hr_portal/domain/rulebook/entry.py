"""What one entry of the law looks like."""

from dataclasses import dataclass

from hr_portal.domain.report import Severity

NOTE = Severity.NOTE
WARNING = Severity.WARNING
OVERRIDE = Severity.OVERRIDE
ERROR = Severity.ERROR

SAW = 'tertulis "{value}"'
SAW_EN = 'it says "{value}"'
SAW_EMPTY = "sel kosong"
SAW_EMPTY_EN = "the cell is empty"
SAW_AS_EMPTY = 'tertulis "{value}", yang dibaca sebagai kosong'
SAW_AS_EMPTY_EN = 'it says "{value}", which is read as empty'


@dataclass(frozen=True, slots=True)
class Case:
    """One way to break a rule, with its own severity and sentences.

    Sentences are templates: `{value}` is the value as found, `{field}` and
    `{source}` come from `naming`, `{header}` is the label, all else the finding's params.
    """

    key: str
    severity: Severity
    advice: str
    """What is expected and how to mend it, in Indonesian."""
    advice_en: str
    saw: str = SAW
    """What was found; follows the place, so it starts in lower case."""
    saw_en: str = SAW_EN
    title: str = ""
    """Short words above the value, where they differ from the rule's."""
    title_en: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: its stable code, its name and its cases.

    A rule without cases is either silent (it only tidies) or a remark of the
    reference that reports nothing; `note` then says which.
    """

    code: str
    title: str
    title_en: str
    cases: tuple[Case, ...] = ()
    note: str = ""
    """How values are tidied in silence, or why nothing is reported (Indonesian)."""
    note_en: str = ""

    def case(self, key: str) -> Case:
        """Return one case by its key; raises KeyError for a case the rule has not."""
        for case in self.cases:
            if case.key == key:
                return case
        raise KeyError(f"{self.code}/{key}")
