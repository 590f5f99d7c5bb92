"""A company's own sentences are templates, and a template is a program: it may do nothing."""

from dataclasses import replace

import pytest

from hr_portal.adapters.letters import LetterError, render_letter
from hr_portal.adapters.letters.company_texts import check_text, filled
from hr_portal.domain.letter_choices import LONGEST_TEXT, NAMES, USUAL, LetterChoices

THREATS = {
    "a placeholder nobody knows": ("{{ gaji }}", "tidak dikenal"),
    "an endless loop": ("{% for a in range(10**9) %}{% endfor %}", "{%"),
    "an attribute of Python": ("{{ perusahaan.__class__.__mro__ }}", "bukan sekadar nama"),
    "an item of Python": ("{{ perusahaan['__class__'] }}", "bukan sekadar nama"),
    "a call": ("{{ cycler() }}", "bukan sekadar nama"),
    "a function of the template language": ("{{ lipsum }}", "tidak dikenal"),
    "a filter that eats memory": ("{{ perusahaan|center(999999999) }}", "bukan sekadar nama"),
    "arithmetic that eats memory": ("{{ 9**9**9 }}", "bukan sekadar nama"),
    "a text that is repeated": ("{{ 'a' * 999999999 }}", "bukan sekadar nama"),
    "a file that is included": ("{% include '/etc/passwd' %}", "{%"),
    "a comment that hides words": ("Hormat {# kami #} saya", "{#"),
    "one brace too few": ("{perusahaan}", "dua kurung kurawal"),
    "a placeholder without an end": ("{{ perusahaan", "tidak dapat dibaca"),
    "an empty placeholder": ("{{ }}", "tidak dapat dibaca"),
    "a book": ("a" * (LONGEST_TEXT + 1), f"paling panjang {LONGEST_TEXT}"),
}


@pytest.mark.parametrize(("text", "said"), THREATS.values(), ids=THREATS)
def test_a_sentence_that_would_do_something_is_refused_with_advice(text, said):
    with pytest.raises(LetterError) as caught:
        check_text("opening", text)
    assert caught.value.code == "LET-TEXT"

    assert said in caught.value.message
    with pytest.raises(LetterError):  # at the press too, whatever the form has let through
        filled("opening", text, {})


def test_a_value_is_never_read_as_a_template_and_neither_is_ever_markup():
    (told,) = filled(
        "opening", "<b>{{ perusahaan }}</b> & kawan", {"perusahaan": "{{ npp }}{% x %}<script>"}
    )
    assert told == "&lt;b&gt;{{ npp }}{% x %}&lt;script&gt;&lt;/b&gt; &amp; kawan"


def test_the_usual_sentences_pass_their_own_wall():
    for name in NAMES:
        check_text(name, getattr(USUAL, name))


def test_no_letter_is_printed_with_a_sentence_that_was_smuggled_past_the_form(make_facts):
    facts = replace(make_facts(1), choices=LetterChoices(closing="{{ npp.__class__ }}"))
    with pytest.raises(LetterError, match="LET-TEXT"):
        render_letter(facts)
