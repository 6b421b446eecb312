"""Every data frame of R's package datasets, written by write.csv: refusing is no way out of reading."""

import shutil
import subprocess

import numpy as np
import pytest

from equipoise.data.files.files import read_table
from equipoise.data.frames.features import read_features

pytest.importorskip("duckdb")

pytestmark = pytest.mark.skipif(shutil.which("Rscript") is None, reason="R is not installed (r-base-core)")

# R writes each frame, and says of each column whether it holds numbers, and their sum.
WRITE = r"""
for (name in sub(" .*", "", data(package = "datasets")$results[, "Item"])) {
  frame <- get(name, "package:datasets")
  if (!is.data.frame(frame)) next
  frame <- as.data.frame(frame)
  write.csv(frame, file.path(commandArgs(TRUE)[1], paste0(name, ".csv")))
  numeric <- sapply(frame, is.numeric)
  rows <- sapply(frame, function(x) if (is.numeric(x)) sum(x, na.rm = TRUE) else 0)
  cat(paste(name, names(frame), numeric, format(rows, digits = 15), sep = "\t"), sep = "\n")
}
"""

# Station codes such as 1083 beside c168: they look like numbers, so a person has to say that they are levels.
REFUSED = {"attenu": ("station", "holds 'c168' among 161 numbers")}

# Factors whose labels are whole numbers: a CSV file does not say that they are factors.
NUMBERS = {
    ("ChickWeight", "Chick"),
    ("ChickWeight", "Diet"),
    ("DNase", "Run"),
    ("Indometh", "Subject"),
    ("Loblolly", "Seed"),
    ("Orange", "Tree"),
    ("Theoph", "Subject"),
    ("npk", "N"),
    ("npk", "P"),
    ("npk", "K"),
    ("npk", "block"),
    ("sleep", "group"),
    ("sleep", "ID"),
}


@pytest.fixture(scope="module")
def frames(tmp_path_factory):
    folder = tmp_path_factory.mktemp("R")
    (folder / "write.R").write_text(WRITE)
    done = subprocess.run(
        ["Rscript", str(folder / "write.R"), str(folder)], capture_output=True, text=True, check=True
    )
    found = {}
    for line in done.stdout.splitlines():
        name, column, numeric, total = line.split("\t")
        columns = found.setdefault(name, (folder / f"{name}.csv", {}))[1]
        columns[column] = (numeric == "TRUE", float(total))
    return found


def test_every_frame_is_read_as_r_has_it(frames):
    assert len(frames) >= 40
    for name, (path, columns) in frames.items():
        if name in REFUSED:
            column, words = REFUSED[name]
            with pytest.raises(ValueError, match=f"column '{column}' {words}"):
                read_features(read_table(path), finite=False)
            continue
        features = read_features(read_table(path), finite=False)
        kinds = {column.name: column.kind for column in features.encoding.columns}
        assert list(kinds) == list(columns), name  # the row names are no feature
        for column, (numeric, _) in columns.items():
            is_number = numeric or (name, column) in NUMBERS
            assert (kinds[column] == "numeric") == is_number, (name, column)


def test_the_numbers_are_those_of_r(frames):
    for name, (path, columns) in frames.items():
        if name in REFUSED:
            continue
        features = read_features(read_table(path), finite=False)
        for column, (numeric, total) in columns.items():
            if numeric:
                values = features.matrix[:, features.names.index(column)]
                assert np.nansum(values) == pytest.approx(total, rel=1e-12), (name, column)


def test_what_is_refused_is_read_once_its_column_is_said_to_hold_levels(frames):
    from equipoise.data.text.reading import Reading

    for name, (column, _) in REFUSED.items():
        table = read_table(frames[name][0], Reading.asked(as_text=column))
        kinds = {c.name: c.kind for c in read_features(table, finite=False).encoding.columns}
        assert kinds[column] == "category"
