"""Scopes that share a key are of one group, directly or through others."""

import pytest

from carelake.scopes import groups_of


@pytest.mark.parametrize(
    ("pairs", "groups"),
    [
        ([], []),
        ([("a", "k"), ("b", "k")], [("a", "a"), ("b", "a")]),
        ([("c", "k"), ("b", "k"), ("b", "m"), ("a", "m")], [("a", "a"), ("b", "a"), ("c", "a")]),
        ([("a", "k"), ("b", "k"), ("c", "m"), ("d", "m")], [("a", "a"), ("b", "a"), ("c", "c"), ("d", "c")]),
        ([("a", "b"), ("b", "a")], [("a", "a"), ("b", "b")]),
    ],
    ids=["none", "one key", "a chain", "two groups", "a scope spelled like a key"],
)
def test_groups_of_scopes(pairs, groups):
    assert groups_of(pairs) == groups
