"""The predicates of the law, one module a subject; words stand in `rules`."""
