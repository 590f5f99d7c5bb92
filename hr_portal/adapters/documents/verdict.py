"""How the child says no: a case by name and figures, never words of the document."""


class Refused(Exception):  # noqa: N818 - a verdict, not an error
    """The document is unfit; `case` is one of `process.CASES_OF_CHILD`."""

    def __init__(self, case: str, **figures: int) -> None:
        super().__init__(case)
        self.case = case
        self.figures = figures
