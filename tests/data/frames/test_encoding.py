import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from equipoise.data.frames.encoding import Column, Encoding

names = st.text(min_size=1)
columns = st.one_of(
    st.builds(Column, names, st.just("numeric")),
    st.builds(Column, names, st.just("category"), st.lists(st.text(), min_size=1, unique=True).map(tuple)),
)


@given(st.lists(columns).map(tuple))
def test_an_encoding_survives_json(columns):
    encoding = Encoding(columns)
    assert Encoding.from_dict(json.loads(json.dumps(encoding.to_dict()))) == encoding


def test_features_follow_the_columns():
    encoding = Encoding(
        (Column("age", "numeric"), Column("city", "category", ("Oslo", "Rome")), Column("b", "numeric"))
    )
    assert encoding.features == ("age", "city=Oslo", "city=Rome", "b")


GOOD = {"name": "city", "kind": "category", "levels": ["Oslo"]}


@pytest.mark.parametrize(
    ("record", "words"),
    [
        (None, "encoding has no list 'columns'"),
        ([], "encoding has no list 'columns'"),
        ({}, "encoding has no list 'columns'"),
        ({"columns": {"a": 1}}, "encoding has no list 'columns'"),
        ({"columns": [GOOD, 3]}, "encoding column 1 is not an object"),
        ({"columns": [GOOD | {"name": 3}]}, "encoding column 0 has no text 'name'"),
        ({"columns": [GOOD | {"kind": "date"}]}, r"encoding column 0 \('city'\) is of kind 'date'"),
        ({"columns": [GOOD | {"levels": "Oslo"}]}, "has levels that are not a list of text"),
        ({"columns": [GOOD | {"levels": [1]}]}, "has levels that are not a list of text"),
        ({"columns": [GOOD | {"levels": []}]}, "is a category and must have levels"),
        ({"columns": [GOOD | {"kind": "numeric"}]}, "is numeric and must have no levels"),
    ],
)
def test_a_record_that_is_no_encoding_is_refused(record, words):
    with pytest.raises(ValueError, match=words):
        Encoding.from_dict(record)
