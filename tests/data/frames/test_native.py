import importlib.util

import narwhals as nw
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from equipoise.data.frames.native import to_native_frame

COLUMNS = {"feature": ["age", "bmi"], "coef": [0.5, None]}


@pytest.mark.parametrize(
    ("like", "kind"),
    [
        (pd.DataFrame(), pd.DataFrame),
        (pd.Series([1]), pd.DataFrame),
        (pl.DataFrame(), pl.DataFrame),
        (pl.LazyFrame(), pl.DataFrame),
        (pl.Series([1]), pl.DataFrame),
        (pa.table({}), pa.Table),
        (pa.RecordBatch.from_pydict({"a": [1]}), pa.Table),
        (nw.from_native(pl.DataFrame()), pl.DataFrame),
        ("polars", pl.DataFrame),
        ("pyarrow", pa.Table),
        (np.zeros((2, 2)), pd.DataFrame),
        ([[1.0]], pd.DataFrame),
        (None, pd.DataFrame),
    ],
)
def test_a_frame_comes_in_the_library_of_the_one_given(like, kind):
    frame = to_native_frame(COLUMNS, like)
    assert type(frame) is kind
    opened = nw.from_native(frame)
    assert opened.columns == ["feature", "coef"]
    assert opened["feature"].to_list() == ["age", "bmi"]
    assert opened["coef"].null_count() == 1


def test_without_a_wish_the_first_installed_library_is_used(monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: object() if name == "pyarrow" else None)
    assert type(to_native_frame(COLUMNS)) is pa.Table
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(ImportError, match="a data frame needs a data frame library: pip install pandas"):
        to_native_frame(COLUMNS)


def test_a_library_that_is_unknown_or_not_installed_is_named():
    with pytest.raises(ValueError, match="like is 'excel': pass one of 'pandas', 'polars'"):
        to_native_frame(COLUMNS, "excel")
    if importlib.util.find_spec("modin") is None:
        with pytest.raises(ImportError, match="a modin frame needs modin: pip install modin"):
            to_native_frame(COLUMNS, "modin")
