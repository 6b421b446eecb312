"""Queries: what is taken for one, what it may hold, and that nothing it says is ever written to disk."""

import hashlib
import os

import pytest

from equipoise.data.files import statements
from equipoise.data.files.files import open_batches, read_table
from equipoise.data.files.queries import is_query

duckdb = pytest.importorskip("duckdb")

IN_THE_FOLDER = ["a.csv", "store.duckdb"]


@pytest.fixture
def store(tmp_path, monkeypatch):
    """A folder with a database of five rows and a table of two, in which a query runs; checked afterwards."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.csv").write_text("a,b\n1,x\n2,y\n")
    with duckdb.connect("store.duckdb") as connection:
        connection.execute("CREATE TABLE t AS SELECT range AS a, 2 * range AS y FROM range(5)")
        connection.execute("CREATE SEQUENCE s")
    before = {name: digest(tmp_path / name) for name in IN_THE_FOLDER}
    yield tmp_path
    assert sorted(os.listdir(tmp_path)) == IN_THE_FOLDER
    assert {name: digest(tmp_path / name) for name in IN_THE_FOLDER} == before
    with duckdb.connect("store.duckdb", read_only=True) as connection:
        assert connection.execute("SELECT a, y FROM t ORDER BY a").fetchall() == [
            (i, 2 * i) for i in range(5)
        ]


def digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.mark.parametrize(
    ("query", "rows"),
    [
        ("SELECT * FROM 'a.csv'", [(1, "x"), (2, "y")]),
        ("select *\nfrom 'a.csv'", [(1, "x"), (2, "y")]),
        ("  FROM 'a.csv'", [(1, "x"), (2, "y")]),
        ("from'a.csv'", [(1, "x"), (2, "y")]),
        ("select/**/a from 'a.csv'", [(1,), (2,)]),
        ("WITH t AS (SELECT 1 AS c) SELECT a, c FROM 'a.csv', t", [(1, 1), (2, 1)]),
        ("-- rows\n/* of * all */ /**/ FROM 'a.csv' -- of it", [(1, "x"), (2, "y")]),
        ("((SELECT a FROM 'a.csv'))", [(1,), (2,)]),
        (";; SELECT a FROM 'a.csv' ; -- done;\n /* ; */ ;", [(1,), (2,)]),
        ("VALUES (1, 'x'), (2, 'y')", [(1, "x"), (2, "y")]),
        ("SELECT ';--' AS a, $$;/*$$ AS b, e'it\\';' AS c; --", [(";--", ";/*", "it';")]),
        ("SELECT 1 /* /* ; */ ; */ AS a /* ; /**/ */ ;", [(1,)]),
        ("SELECT \"a;b\" FROM (SELECT 1 AS \"a;b\");", [(1,)]),
        ("PIVOT (SELECT 1 AS y, 2 AS z) ON y IN (1, 3) USING sum(z)::INTEGER", [(2, None)]),
    ],
)  # fmt: skip
def test_whatever_reads_is_a_query(store, query, rows):
    assert is_query(query)
    table = read_table(query)
    assert list(zip(*table.to_pydict().values(), strict=True)) == rows
    last = table.column_names[-1:]
    some = [row for batch in open_batches(query, last, rows=1) for row in batch.to_pydict()[last[0]]]
    assert some == [row[-1] for row in rows]


@pytest.mark.parametrize(
    "first",
    [
        "ATTACH 'store.duckdb' AS store; FROM store.t",
        "ATTACH 'store.duckdb'; USE store; FROM t;",
        'attach database \'store.duckdb\' as "my store"; use "my store" . main; FROM t',
        "/* a */ ATTACH'store.duckdb'AS s(READ_WRITE); /* b */ FROM s.t",
        "ATTACH 'store.duckdb' AS s (READ_ONLY false, TYPE duckdb); FROM s.t",
        "ATTACH 'store.duckdb' AS s (TYPE 'duckdb', readwrite 'true'); FROM s.t",
        "ATTACH IF NOT EXISTS 'store.duckdb' AS s (READ_ONLY, READ_WRITE); FROM s.t",
    ],
)
def test_attached_databases_are_read(store, first):
    # Another can look at the same time, which it could not if this one might write.
    with duckdb.connect("store.duckdb", read_only=True):
        assert read_table(first).column("y").to_pylist() == [0, 2, 4, 6, 8]
        batches = list(open_batches(first, ["y"], rows=2))
    assert sum(batch.num_rows for batch in batches) == 5
    assert batches[0].schema.names == ["y"]


@pytest.mark.parametrize(
    ("statement", "kind"),
    [
        ("DROP TABLE store.t;", "DROP"),
        ("DELETE FROM store.t; SELECT 1", "DELETE"),
        ("TRUNCATE TABLE store.t;", "TRUNCATE"),
        ("WITH x AS (SELECT 1) DELETE FROM store.t", "DELETE"),
        ("UPDATE store.t SET a = 9", "UPDATE"),
        ("INSERT INTO store.t VALUES (1, 2)", "INSERT"),
        ("CREATE TABLE store.u AS SELECT 1; SELECT 1", "CREATE"),
        ("ALTER TABLE store.t ADD COLUMN z INTEGER", "ALTER"),
        ("COPY (SELECT 1) TO 'out.csv'", "COPY"),
        ("EXPORT DATABASE 'out'", "EXPORT"),
        ("CHECKPOINT store; SELECT 1", "CHECKPOINT"),
        ("SET log_query_path = 'log'; SELECT 1", "SET"),
        ("SET profiling_output = 'out.json'; SELECT 1", "SET"),
        ("/* /* */ use x */ SET log_query_path = 'log'; SELECT 1", "SET"),
        ("RESET threads; SELECT 1", "RESET"),
        ("PRAGMA enable_profiling; SELECT 1", "PRAGMA"),
        ("CALL force_checkpoint('store'); SELECT 1", "CALL"),
        ("INSTALL httpfs; SELECT 1", "INSTALL"),
        ("FORCE INSTALL httpfs FROM community; SELECT 1", "FORCE"),
        ("UPDATE EXTENSIONS", "UPDATE|'UPDATE EXTENSIONS'"),
        ("LOAD httpfs; SELECT 1", "LOAD"),
        ("BEGIN; SELECT 1", "BEGIN"),
        ("DETACH store; SELECT 1", "DETACH"),
        ("EXPLAIN SELECT 1", "EXPLAIN"),
        ("PIVOT store.t ON y", "PIVOT|CREATE"),
    ],
)
def test_a_statement_that_does_not_read_is_refused_by_its_name(store, statement, kind):
    for query in (statement, f"ATTACH 'store.duckdb' AS store (READ_WRITE); {statement}"):
        assert is_query(query)
        with pytest.raises(ValueError, match=rf"^a query only reads, but '.*' is ({kind}): pass one"):
            read_table(query)
        with pytest.raises(ValueError, match=r"^a query only reads, but"):
            list(open_batches(query, ["a"], rows=10))


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ("DELETE FROM store.t RETURNING *", "DELETE"),
        ("UPDATE store.t SET a = 9 RETURNING *", "UPDATE"),
        ("INSERT INTO store.t VALUES (9, 9) RETURNING *", "INSERT"),
        ("COPY (SELECT 1) TO 'out.csv'", "COPY"),
        ("COPY store.t TO 'a.csv' (RETURN_FILES)", "COPY"),
    ],
)
@pytest.mark.parametrize("options", ["", "(READ_WRITE)", "(READ_ONLY false, TYPE duckdb)"])
def test_a_change_inside_a_query_is_refused(store, change, kind, options):
    for rest in ("SELECT * FROM x", "SELECT 1 UNION ALL SELECT 2", "FROM (FROM x)"):
        query = f"ATTACH 'store.duckdb' AS store {options}; WITH x AS ({change}) {rest}"
        refused = rf"^a query only reads, but this one holds {kind}: leave it out|A CTE needs a SELECT"
        with pytest.raises(ValueError, match=refused):
            read_table(query)
        with pytest.raises(ValueError, match=refused):
            list(open_batches(query, ["a"], rows=10))


@pytest.mark.parametrize("options", ["", "(READ_WRITE)", "(READ_ONLY false, TYPE duckdb)"])
def test_a_change_would_fail_even_if_it_were_not_seen(store, monkeypatch, options):
    """The database is attached read-only whatever ATTACH says: there are two guards."""
    monkeypatch.setattr(statements, "_refuse_effects", lambda *_: None)
    query = f"ATTACH 'store.duckdb' AS s {options}; WITH x AS (DELETE FROM s.t RETURNING *) FROM x"
    with pytest.raises(ValueError, match=r"attached in read-only mode|A CTE needs a SELECT"):
        read_table(query)


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("FROM enable_logging(storage='file', storage_path='log')", "this one calls enable_logging"),
        (
            "SELECT a FROM 'a.csv' WHERE a IN (SELECT 1 FROM enable_profiling(save_location='out.json'))",
            "this one calls enable_profiling",
        ),
        ("FROM query('FROM enable_logging(storage=''file'', storage_path=''log'')')", "this one calls query"),
        ("FROM json_execute_serialized_sql('{}')", "this one calls json_execute_serialized_sql"),
        ("FROM postgres_execute('db', 'DROP TABLE t')", "this one calls postgres_execute"),
        ("FROM mysql_query('db', 'DROP TABLE t')", "this one calls mysql_query"),
        ("FROM ducklake_expire_snapshots('db')", "this one calls ducklake_expire_snapshots"),
        ("ATTACH 'store.duckdb' AS store; SELECT nextval('store.s')", "read-only mode"),
    ],
)
def test_functions_that_write_are_refused(store, query, said):
    with pytest.raises(ValueError, match=said):
        read_table(query)


def test_functions_that_read_are_not(store):
    assert read_table("SELECT current_query() AS a").num_rows == 1
    assert read_table("SELECT size FROM read_text('a.csv')").to_pydict() == {"size": [12]}
    assert read_table("SELECT Delimiter AS d FROM sniff_csv('a.csv')").to_pydict() == {"d": [","]}
    assert read_table("ATTACH 'store.duckdb' AS s; SELECT sum(y)::INT AS y FROM s.t").to_pydict() == {
        "y": [20]
    }
    assert read_table("FROM read_csv('a.csv', store_rejects=true)").num_rows == 2


def test_the_configuration_is_locked(store):
    for name, value in (("lock_configuration", True), ("autoinstall_known_extensions", False)):
        assert read_table(f"SELECT current_setting('{name}') AS a").to_pydict() == {"a": [value]}


def test_views_of_a_database_cannot_switch_on_a_log(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with duckdb.connect("store.duckdb") as connection:
        connection.execute(
            "CREATE MACRO m() AS TABLE FROM enable_logging(storage='file', storage_path='log')"
        )
    if int(duckdb.__version__.split(".")[0]) < 2:
        pytest.skip("releases before 2.0 do not hold logs to be configuration")
    with pytest.raises(ValueError, match="the configuration has been locked"):
        read_table("ATTACH 'store.duckdb' AS s; FROM s.m()")
    assert os.listdir(tmp_path) == ["store.duckdb"]


@pytest.mark.parametrize("options", ["", " (READ_WRITE)", " (READ_ONLY false)"])
def test_a_database_that_does_not_exist_is_not_made(store, options):
    with pytest.raises(ValueError, match=r"the query failed: .*none.duckdb.* database does not exist"):
        read_table(f"ATTACH 'none.duckdb' AS none{options}; SELECT 1 AS a")


def test_changes_that_wait_in_a_journal_are_read_and_stay_there(tmp_path):
    code = "CREATE TABLE t AS SELECT 1 AS a; CHECKPOINT; INSERT INTO t VALUES (2)"
    connection = duckdb.connect(str(tmp_path / "live.duckdb"))
    for statement in code.split(";"):
        connection.execute(statement)
    for name in ("live.duckdb", "live.duckdb.wal"):  # as a process that was killed leaves them
        (tmp_path / name.replace("live", "dead")).write_bytes((tmp_path / name).read_bytes())
    connection.close()
    left = {path: digest(path) for path in tmp_path.glob("dead*")}
    assert len(left) == 2
    query = f"ATTACH '{tmp_path}/dead.duckdb' AS d (READ_WRITE); SELECT a FROM d.t ORDER BY a"
    assert read_table(query).to_pydict() == {"a": [1, 2]}
    assert {path: digest(path) for path in tmp_path.glob("dead*")} == left


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("SELECT 1; SELECT 2", "^the query holds 2 SELECT statements: pass one SELECT, after ATTACH and USE"),
        ("ATTACH 'store.duckdb'", "^the query holds no SELECT statements: pass one"),
        ("SELECT 1; ATTACH 'store.duckdb'", "^the query goes on after its SELECT: pass one"),
        ("ATTACH e'store.duckdb'; SELECT 1", "^'ATTACH e'store.duckdb'' is not understood: write it as"),
        ("ATTACH $$store.duckdb$$ ; SELECT 1", "is not understood: write it as ATTACH 'file' AS name"),
        ("SELECT * FROM nowhere", "^the query failed: .*Table with name nowhere does not exist"),
        ("SELECT * FROM 'none.csv'", "^the query failed: .*No files found"),
        ("SELECT 1 AS", "^the query failed: .*syntax error"),
        ("SELECT error('boo\nhoo')", "^the query failed: .*boo"),
        ("SELECT 1 AS a WHERE false", "^the query's result has no rows"),
        ("SELECT * FROM data/x.csv", r"^the query failed: .* data/x.csv needs quotes in it, select \*"),
        ("FROM my-x.csv.gz JOIN 'b' USING (a)", "the file name my-x.csv.gz needs quotes in it"),
        ("FROM ./x.parquet", "the file name ./x.parquet needs quotes in it"),
        ("FROM https://example.org/x.csv", "the file name https://example.org/x.csv needs quotes in it"),
        ("SELECT 1 AS -- from data/x.csv", "^the query failed: .*syntax error"),
        ("selct * from 'x.csv'", r"^did you mean a query\? selct is not SELECT$"),
        ("selct * from x.csv", r"^did you mean a query\? selct is not SELECT$"),
        ("-- all\n wiht x as (select 1) from x", r"^did you mean a query\? wiht is not WITH$"),
        ("form 'x.csv'", r"^did you mean a query\? form is not FROM$"),
        ("atach 'f.db'; select 1", r"^did you mean a query\? atach is not ATTACH$"),
    ],
)  # fmt: skip
def test_a_query_that_fails_is_reported_in_one_line(store, query, said):
    assert is_query(query)
    with pytest.raises(ValueError, match=said) as caught:
        read_table(query)
    assert "\n" not in str(caught.value)


def test_an_extension_that_is_not_installed_is_not_downloaded(store, monkeypatch):
    monkeypatch.setenv("HOME", str(store / "home"))
    installed = "SELECT installed FROM duckdb_extensions() WHERE extension_name = 'httpfs'"
    if duckdb.execute(installed).fetchall()[0][0]:
        pytest.skip("httpfs is installed")
    with pytest.raises(
        ValueError, match=r"it needs DuckDB's extension httpfs, .*duckdb.execute\('INSTALL httpfs'\)"
    ):
        read_table("FROM 'http://localhost:1/a.csv'")


@pytest.mark.parametrize(
    "name",
    [
        "from.csv", "values.csv", "select-1.csv", "update 2024.csv", "show me.csv", "form (2).csv",
        "drop.parquet", "from/data.csv", "with", "selection of 3.csv", "-- notes.csv",
        "(1).csv", "", " ", "merge *.csv",
    ],
)  # fmt: skip
def test_names_of_files_are_no_queries(name):
    assert not is_query(name)


def test_a_file_whose_name_reads_like_a_query_is_a_file(tmp_path, monkeypatch):
    (tmp_path / "select (a).csv").write_text("a\n1\n")
    monkeypatch.chdir(tmp_path)
    assert read_table("select (a).csv").to_pydict() == {"a": [1]}
    with pytest.raises(FileNotFoundError):
        read_table("from.csv")


def test_a_query_cannot_see_python_variables():
    with pytest.raises(ValueError, match="Table with name IN_THE_FOLDER does not exist"):
        read_table("SELECT * FROM IN_THE_FOLDER")
