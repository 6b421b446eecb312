"""Lines of a CSV file, found again for error messages; truth by counting them by hand."""

import pytest

from equipoise.data.files.headers import line_of_row, read_header


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("a,b\n1,2\n3,4\n", [2, 3]),
        ('\n\na,b\n1,"x\ny"\n2,z\n\n3,"q"\n', [4, 6, 8]),  # cells over two lines, and an empty line
        ("a\n1\n\n3\n", [2, 3, 4]),  # an empty line of a single column is a missing value
        ('"a\nb",c\r\n1,2\r\n3,4\r\n', [3, 4]),
    ],
)
def test_the_line_of_a_row_is_the_one_an_editor_shows(tmp_path, text, lines):
    path = tmp_path / "t.csv"
    path.write_bytes(text.encode())
    assert [line_of_row(path, row) for row in range(len(lines))] == lines


def test_columns_without_a_name_are_called_by_their_place(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text(',"a",,b\n1,2,3,4\n')
    assert read_header(path).names == ("Unnamed: 0", "a", "Unnamed: 2", "b")


def test_names_are_in_one_normal_form(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("e\u0301,b\n1,2\n")
    assert read_header(path).names == ("\u00e9", "b")
    path.write_text("e\u0301,\u00e9\n1,2\n")
    with pytest.raises(ValueError, match="has two columns named '\u00e9'"):
        read_header(path)
