"""The law, one module a subject: codes, severities and words, no logic."""
