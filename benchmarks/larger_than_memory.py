"""Rows that need not fit into memory: read once, cross-validated, beside a plain scan and Spark's MLlib.

    python -m benchmarks.larger_than_memory [--rows 5000000] [--columns 50] [--folder FOLDER] [--no-spark]

Needs the extras ``cli`` and, but for ``--no-spark``, ``spark`` and Java. Each line of work is a process of
its own, whose peak of resident memory is the kernel's.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter

import numpy as np

FILES, BATCH = 10, 1 << 16
STRENGTH = 0.05  # per row


def write(folder: Path, rows: int, columns: int) -> None:
    """Correlated normal columns, a third of which matter, in Parquet files."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    rng = np.random.default_rng(0)
    w = rng.normal(size=columns) * (rng.random(columns) < 0.3)
    for k in range(FILES):
        n = rows // FILES
        X = rng.normal(size=(n, columns)) + 0.5 * rng.normal(size=(n, 1))
        table = pa.table({**{f"f{j}": X[:, j] for j in range(columns)}, "y": X @ w + 3 * rng.normal(size=n)})
        pq.write_table(table, folder / f"{k}.parquet", row_group_size=1 << 17)


def scan(folder: Path) -> dict[str, float]:
    """Decode every batch and do nothing with it."""
    import pyarrow.parquet as pq

    start, rows = perf_counter(), 0
    for file in sorted(folder.glob("*.parquet")):
        for batch in pq.ParquetFile(file).iter_batches(BATCH):
            rows += batch.num_rows
    return {"seconds": perf_counter() - start, "rows": rows}


def flops(folder: Path) -> dict[str, float]:
    """The Gram matrices alone, of as many rows in memory."""
    import pyarrow.parquet as pq

    files = sorted(folder.glob("*.parquet"))
    rows = sum(pq.ParquetFile(file).metadata.num_rows for file in files)
    columns = pq.ParquetFile(files[0]).metadata.num_columns - 1
    A = np.random.default_rng(0).normal(size=(BATCH, columns))
    A.T @ A
    start = perf_counter()
    for _ in range(8):
        A.T @ A
    return {"seconds": (perf_counter() - start) / 8 * rows / BATCH}


def ours(folder: Path) -> dict[str, float]:
    """One pass, then ten folds of a hundred strengths."""
    import equipoise as eq

    start = perf_counter()
    data = eq.gather(folder, "y")
    gathered = perf_counter() - start
    cv = eq.cross_validate(data, standardize=True)
    seconds = perf_counter() - start
    return {
        "seconds": seconds,
        "gather": gathered,
        "violation": max(certificate.violation for certificate in cv.path.certificates),
        "kept": len(cv.one_se.support),
    }


def one(folder: Path, strength: float) -> dict[str, float]:
    """One pass without folds, and one fit: what one fit of MLlib is to be held against."""
    import equipoise as eq

    start = perf_counter()
    data = eq.gather(folder, "y", folds=None)
    fit = eq.fit(data, l1=strength * data.rows)
    return {"seconds": perf_counter() - start, "violation": fit.certificate.violation}


def mllib(folder: Path, strength: float) -> dict[str, float]:
    """One lasso of Spark's, at one strength, at its default tolerance, and what our audit says of it."""
    from pyspark.ml.feature import VectorAssembler
    from pyspark.ml.regression import LinearRegression
    from pyspark.sql import SparkSession

    import equipoise as eq

    quiet = {
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.driver.memory": "4g",
    }
    spark = SparkSession.builder.master("local[2]").config(map=quiet).getOrCreate()
    spark.sparkContext.setLogLevel("OFF")
    frame = spark.read.parquet(str(folder))
    features = [name for name in frame.columns if name != "y"]
    start = perf_counter()
    assembled = VectorAssembler(inputCols=features, outputCol="x").transform(frame).select("x", "y")
    lasso = LinearRegression(
        featuresCol="x", labelCol="y", elasticNetParam=1.0, regParam=strength, standardization=False
    )
    model = lasso.fit(assembled)
    seconds = perf_counter() - start
    start = perf_counter()
    data = eq.gather(frame, "y", folds=None)
    ours_in_spark = perf_counter() - start
    audit = eq.audit(data, None, np.array(model.coefficients), model.intercept, l1=strength * data.rows)
    spark.stop()
    return {
        "seconds": seconds,
        "gather in Spark": ours_in_spark,
        "violation": audit.violation,
        "relative gap": audit.relative_gap,
    }


def measured(task: str, folder: Path) -> dict[str, float]:
    """Run a task in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.larger_than_memory", "--task", task, "--folder", str(folder)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.larger_than_memory")
    parser.add_argument("--rows", type=int, default=5_000_000)
    parser.add_argument("--columns", type=int, default=50)
    parser.add_argument("--folder", type=Path, help="where the files are, or are to be written")
    parser.add_argument("--no-spark", action="store_true")
    parser.add_argument("--task", choices=["scan", "flops", "ours", "one", "mllib"], help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.task is not None:
        of = {
            "scan": scan,
            "flops": flops,
            "ours": ours,
            "one": lambda at: one(at, STRENGTH),
            "mllib": lambda at: mllib(at, STRENGTH),
        }
        found = of[asked.task](asked.folder)
        found["resident MB"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
        print(json.dumps(found))
        return
    with tempfile.TemporaryDirectory() as temporary:
        folder = asked.folder or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        if not any(folder.glob("*.parquet")):
            write(folder, asked.rows, asked.columns)
        rounds = [
            {task: measured(task, folder) for task in ("scan", "ours", "one", "flops")} for _ in range(3)
        ]
        best = {
            task: min((r[task] for r in rounds), key=lambda found: found["seconds"]) for task in rounds[0]
        }
        if not asked.no_spark:
            best["mllib"] = measured("mllib", folder)
        for task, found in best.items():
            print(f"{task:6}", ", ".join(f"{name} {value:.4g}" for name, value in found.items()))
        bound = best["scan"]["seconds"] * 2 + best["flops"]["seconds"]
        print(f"ours ÷ (2 scans + Gram flops): {best['ours']['seconds'] / bound:.2f}")
        if "mllib" in best:
            fit, all_of_it = (best["mllib"]["seconds"] / best[task]["seconds"] for task in ("one", "ours"))
            print(f"one fit of MLlib ÷ one fit of ours: {fit:.1f}; ÷ our cross-validation: {all_of_it:.1f}")


if __name__ == "__main__":
    main()
