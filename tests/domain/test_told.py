"""A sentence that brings its translation along is a text in Indonesian wherever one is wanted."""

from hr_portal.domain.told import NO_MATCH, REQUIRED, Told


def test_sentences_are_put_together_in_both_languages():
    both = Told.together([REQUIRED, NO_MATCH])
    assert both == "Wajib diisi Tidak cocok"
    assert both.english == "Required Does not match"
