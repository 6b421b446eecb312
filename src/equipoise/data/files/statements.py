"""What an SQL text is: whether it is meant as a query, and whether its statements do nothing but read."""

from __future__ import annotations

import glob
import json
import re
from collections.abc import Sequence
from typing import Any

QUERIES = ("SELECT", "WITH", "FROM", "VALUES", "ATTACH")  # first words of what is run

# First words of other statements: those that do not read are refused by their names.
OTHERS = re.compile(
    r"ALTER|ANALYZE|BEGIN|CALL|CHECKPOINT|COMMENT|COMMIT|COPY|CREATE|DEALLOCATE|DELETE|DESCRIBE|DETACH|"
    r"DROP|EXECUTE|EXPLAIN|EXPORT|FORCE|IMPORT|INSERT|INSTALL|LOAD|MERGE|PIVOT|PRAGMA|PREPARE|"
    r"RESET|SET|SHOW|SUMMARIZE|TABLE|TRUNCATE|UNPIVOT|UPDATE|USE|VACUUM"
)

FIRST_WORD = re.compile(r"(?:[\s(;]|--[^\n]*\n|/\*(?:[^*]|\*(?!/))*\*/)*([A-Za-z]+)(?=[\s'\"(*\[{$;]|--|/\*)")
REST_OF_QUERY = re.compile(r"\s*['\"*]|.*\s(from|select)\s", re.IGNORECASE | re.DOTALL)
FILE_NAME = re.compile(r"\.\w+\s*\Z")  # a text that ends so may be one
FILES = r"csv|tsv|txt|parquet|pq|json|jsonl|ndjson"

STRING = r"(?<!\w)[eE]'(?:[^'\\]|\\.|'')*'|'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|\$(?P<tag>\w*)\$.*?\$(?P=tag)\$"
TOKEN = re.compile(rf"(?P<string>{STRING})|--[^\n]*|(?P<block>/\*)", re.DOTALL)

NAME = r"(?:\w+|\"(?:[^\"]|\"\")+\")"
ATTACH = re.compile(
    r"(?P<what>attach(?:\s+(?:database|or\s+replace|if\s+not\s+exists))*\s*'(?:[^']|'')*'"
    rf"(?:\s*as\s*{NAME})?)\s*(?:\((?P<options>(?:[^()']|'(?:[^']|'')*')*)\))?[\s;]*",
    re.IGNORECASE,
)
USE = re.compile(rf"use\s*{NAME}(?:\s*\.\s*{NAME})*", re.IGNORECASE)
WRITABLE = re.compile(r"\s*\w*(?:read|write|access)", re.IGNORECASE)  # an option that says what may be done

READING_NODES = ("SELECT_NODE", "SET_OPERATION_NODE", "RECURSIVE_CTE_NODE", "CTE_NODE")

# Functions that run their argument as a statement, here or in another database, or that, in releases of
# DuckDB before 2.0, write a log or a profile to a file although the configuration is locked.
EFFECTS = re.compile(
    r"enable_\w+|query|json_execute_serialized_sql|(?!current_)\w+_query|\w+_execute|\w+_attach|ducklake_\w+",
    re.IGNORECASE,
)


def begins_like_query(source: str) -> bool:
    """Tell by its first word whether a text is SQL, or SQL with its first word misspelt.

    Parameters
    ----------
    source : str
        A text, or the name of a file.

    Examples
    --------
    >>> begins_like_query("select * from 'a.csv'"), begins_like_query("selct * from 'a.csv'")
    (True, True)
    >>> begins_like_query("selected.csv"), begins_like_query("update 2024.csv")
    (False, False)
    """
    found = FIRST_WORD.match(source)
    if found is None:
        return False
    word = found[1].upper()
    # Names of files begin with such words too, "from home.csv": those with a query's first word alone pass.
    known = word in QUERIES or (OTHERS.fullmatch(word) is not None and not FILE_NAME.search(source))
    return known or _meant(found) is not None


def refuse_misspelt(query: str) -> None:
    """Refuse a query whose first word is misspelt.

    Parameters
    ----------
    query : str
        The query.

    Raises
    ------
    ValueError
        If its first word is none of SQL but resembles that of a query.
    """
    found = FIRST_WORD.match(query)
    if found is not None and (meant := _meant(found)) is not None:
        raise ValueError(f"did you mean a query? {found[1]} is not {meant}")


def _meant(found: re.Match[str]) -> str | None:
    """The first word that a text's first word is a misspelling of, if the rest of the text is SQL."""
    from difflib import get_close_matches

    word, rest = found[1].upper(), found.string[found.end() :]
    if (
        word in QUERIES
        or OTHERS.fullmatch(word)
        or not re.match(r"\s*['\"*]|.*\s(from|select)\s", rest, re.I | re.S)
    ):
        return None
    return next(iter(get_close_matches(word, QUERIES, n=1, cutoff=0.7)), None)


def refuse_unread(connection: Any, statements: Sequence[Any]) -> Sequence[Any]:
    """Refuse all but one SELECT, after ATTACH and USE, that calls no function with an effect.

    Parameters
    ----------
    connection : duckdb.DuckDBPyConnection
        A connection, whose parser is asked.
    statements : sequence of duckdb.Statement
        The statements of a query, as that parser took them apart.

    Returns
    -------
    sequence of duckdb.Statement
        The same statements.

    Raises
    ------
    ValueError
        If a statement does anything but read; it names the statement.
    """
    remedy = "pass one SELECT, after ATTACH and USE if it needs them"
    kinds = [_kind(statement) for statement in statements]
    for kind, statement in zip(kinds, statements, strict=True):
        if kind not in ("SELECT", "ATTACH", "USE"):
            raise ValueError(
                f"a query only reads, but '{_short(statement.query) or kind}' is {kind}: {remedy}"
            )
    if kinds.count("SELECT") != 1:
        raise ValueError(f"the query holds {kinds.count('SELECT') or 'no'} SELECT statements: {remedy}")
    if kinds[-1] != "SELECT":
        raise ValueError(f"the query goes on after its SELECT: {remedy}")
    _refuse_effects(connection, statements[-1].query)
    return statements


def _kind(statement: Any) -> str:
    """What a statement is: SELECT, ATTACH or USE; of any other, its first word or type."""
    found = re.search(r"\w+", _blank(statement.query, strings=False))
    word = "" if found is None else found[0].upper()
    try:
        kind = str(statement.type.name)
    except ValueError:  # a type that DuckDB's Python package has no name for
        kind = ""
    if kind == "SET" and word == "USE":
        return word
    # A type covers several statements, LOAD also INSTALL; but WITH may begin a DELETE.
    return kind if kind in ("SELECT", "ATTACH") or word in QUERIES or not word else word


def _refuse_effects(connection: Any, select: str) -> None:
    """Refuse a SELECT that holds another statement or calls a function with an effect.

    Both show in the tree that DuckDB's parser makes of it. Since release 2.0, WITH may hold a DELETE, which
    fails where the database is attached read-only, and a COPY, which would write a file.
    """
    [[text]] = connection.execute("SELECT json_serialize_sql(?::VARCHAR)", [select]).fetchall()
    left = [json.loads(text)]
    if left[0]["error"]:
        raise ValueError(f"it cannot be seen whether the query only reads: {left[0]['error_message']}")
    while left:
        node = left.pop()
        if isinstance(node, list):
            left += node
        elif isinstance(node, dict):
            left += node.values()
            kind, name = str(node.get("type")), str(node.get("function_name"))
            if kind.endswith("_NODE") and kind not in READING_NODES:
                statement = kind.removesuffix("_NODE").removesuffix("_QUERY")
                raise ValueError(f"a query only reads, but this one holds {statement}: leave it out")
            if EFFECTS.fullmatch(name):
                raise ValueError(
                    f"a query only reads, but this one calls {name}, which can do more: select from "
                    "tables and files alone"
                )


def read_only(statement: str) -> str:
    """Return an ATTACH with the option READ_ONLY instead of what it says of reading, or a USE as it is.

    Parameters
    ----------
    statement : str
        An ATTACH or a USE.

    Raises
    ------
    ValueError
        If the statement is written in a way in which it is not certain that the option would be heeded.

    Examples
    --------
    >>> read_only("attach 'a.db' as a (type sqlite, read_write)")
    "attach 'a.db' as a (type sqlite, READ_ONLY)"
    """
    text = _blank(statement, strings=False).strip(" \t\r\n;")
    if USE.fullmatch(text):
        return text
    found = ATTACH.fullmatch(text)
    if found is None:
        raise ValueError(f"'{_short(text)}' is not understood: write it as ATTACH 'file' AS name or USE name")
    given = re.findall(r"(?:[^,']|'(?:[^']|'')*')+", found["options"] or "")
    options = [option.strip() for option in given if option.strip() and not WRITABLE.match(option)]
    return f"{found['what']} ({', '.join([*options, 'READ_ONLY'])})"


def blank_end(statement: str) -> str:
    """Return a statement without the semicolons at its end, which a query in parentheses must not have.

    Parameters
    ----------
    statement : str
        One statement, possibly with comments.
    """
    blanked = _blank(statement, strings=True)
    return "".join(" " if b == ";" else a for a, b in zip(statement, blanked, strict=True))


def unquoted_file(query: str) -> str | None:
    """Return the name of a file that stands in a query without quotes, or None.

    Parameters
    ----------
    query : str
        The query.

    Examples
    --------
    >>> unquoted_file("select * from data/a.csv where b > 1")
    'data/a.csv'
    >>> unquoted_file("select * from 'data/a.csv'")
    """
    bare = _blank(query, strings=True)
    found = re.search(rf"\b(?:from|join)\s+([^\s,;()]+\.(?:{FILES})(?:\.gz)?)(?![\w.])", bare, re.IGNORECASE)
    return None if found is None else found[1]


def _blank(sql: str, *, strings: bool) -> str:
    """SQL of the same length with blanks for its comments, and for quoted names and strings where asked."""
    out, place = list(sql), 0
    while found := TOKEN.search(sql, place):
        start, place = found.span()
        if found["block"]:  # such comments may hold others
            depth = 1
            while depth and (mark := re.compile(r"/\*|\*/").search(sql, place)):
                depth += 1 if mark[0] == "/*" else -1
                place = mark.end()
            if depth:
                place = len(sql)
        if strings or found["string"] is None:
            out[start:place] = " " * (place - start)
    return "".join(out)


def _short(text: str) -> str:
    """The beginning of a statement, on one line."""
    line = " ".join(text.split())
    return line if len(line) <= 60 else f"{line[:59]}…"


TEXT_FILE = re.compile(r"(['\"])(?P<name>.+\.(?:csv|tsv|txt)(?:\.gz)?)\1", re.IGNORECASE)


def text_files(query: str) -> list[str]:
    """Return the names and patterns of text files that a query reads from, but for arguments of functions.

    Parameters
    ----------
    query : str
        The query.
    """
    found: list[str] = []
    end, of_table = 0, False
    for token in TOKEN.finditer(query):
        if token["string"] is None:
            continue
        before = query[end : token.start()].rstrip()
        listed = of_table and before == ","
        of_table = listed or re.search(r"\b(from|join)$", before, re.IGNORECASE) is not None
        end = token.end()
        file = TEXT_FILE.fullmatch(token["string"])
        if of_table and file is not None and glob.glob(file["name"], recursive=True):
            found.append(file["name"])
    return [*dict.fromkeys(found)]
