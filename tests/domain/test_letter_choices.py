"""What a company chooses of the words of its letters."""

from hr_portal.domain.letter_choices import (
    CLOSING,
    LONGEST_SALUTATION,
    LONGEST_TEXT,
    LetterChoices,
    choices_of,
    kept_choices,
    longest,
)


def test_what_a_company_has_not_chosen_is_as_usual():
    assert choices_of(None) == choices_of({}) == choices_of({"opening": ""}) == LetterChoices()
    chosen = choices_of({"phrases": "lama", "closing": "Terima kasih.", "unknown": "x"})
    assert chosen == LetterChoices(phrases="lama", closing="Terima kasih.")


def test_only_what_differs_from_the_usual_words_is_kept():
    assert kept_choices(LetterChoices(closing=CLOSING)) == {}
    chosen = LetterChoices(phrases="tertulis", salutation="Salam sejahtera,")
    assert kept_choices(chosen) == {"phrases": "tertulis", "salutation": "Salam sejahtera,"}
    assert choices_of(kept_choices(chosen)) == chosen


def test_an_unknown_pair_of_heads_is_the_usual_one():
    assert LetterChoices(phrases="lama").heads.after == "Data baru"
    assert LetterChoices(phrases="entah").heads == LetterChoices().heads


def test_a_salutation_is_a_line_and_a_paragraph_is_not_a_page():
    assert longest("salutation") == LONGEST_SALUTATION
    assert longest("opening") == LONGEST_TEXT
