"""Time the cells side by side and write the table and the figure that the README shows."""

import json
import os
import platform
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch

from benchmarks.cells import KINDS, SIZES, make_case
from benchmarks.report import write_report
from rnncore import numpy as rn

HERE = Path(__file__).parent
THREADS = ("1", "2")
THREAD_VARIABLES = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


def side_by_side(
    functions: dict[str, Callable[[], object]], seconds: float = 1.5
) -> dict[str, list[float]]:
    """Call the functions in turn until the time is up; quartiles in milliseconds."""
    for function in functions.values():
        function()
    times: dict[str, list[float]] = {name: [] for name in functions}
    end = time.perf_counter() + seconds * len(functions)
    while time.perf_counter() < end or len(times[next(iter(times))]) < 5:
        for name, function in functions.items():
            start = time.perf_counter()
            function()
            times[name].append(1e3 * (time.perf_counter() - start))
    return {name: np.percentile(each, [25, 50, 75]).tolist() for name, each in times.items()}


def measure_cells(threads: int) -> list[dict[str, object]]:
    """Time every cell at every size."""
    torch.set_num_threads(threads)
    rows: list[dict[str, object]] = []
    for size in SIZES:
        for kind in KINDS:
            case = make_case(kind, size)
            row = {"kind": kind, "size": size, "threads": threads}
            row |= {"training": side_by_side(case.training)}
            row |= {"inference": side_by_side(case.inference, seconds=0.5)}
            rows.append(row)
            print(f"{threads} thread(s) {size} {kind}", file=sys.stderr)
    return rows


def measure_scan() -> list[dict[str, object]]:
    """Time the diagonal linear recurrence by scan and by loop."""
    rng = np.random.default_rng(0)
    rows: list[dict[str, object]] = []
    for T in (64, 256, 1024, 4096, 16384, 65536):
        for N, H in ((1, 1), (1, 64), (8, 64)):
            a, b = rng.uniform(0, 1, (T, N, H)), rng.normal(size=(T, N, H))
            h0 = np.zeros((N, H))
            ways = {
                "scan": lambda a=a, b=b, h0=h0: rn.linear_recurrence_scan(a, b, h0),
                "loop": lambda a=a, b=b, h0=h0: rn.linear_recurrence_loop(a, b, h0),
            }
            rows.append({"T": T, "N": N, "H": H, "times": side_by_side(ways, seconds=0.4)})
    return rows


def measure_length() -> list[dict[str, object]]:
    """Time and peak memory of a training step by T, at N = 16, D = 32, H = 64."""
    rows: list[dict[str, object]] = []
    for T in (50, 100, 200, 400, 800, 1600):
        for kind in KINDS:
            run = make_case(kind, (T, 16, 32, 64)).training["rnncore"]
            times = side_by_side({"rnncore": run}, seconds=0.4)["rnncore"]
            tracemalloc.start()
            run()
            peak = tracemalloc.get_traced_memory()[1] / 2**20
            tracemalloc.stop()
            rows.append({"T": T, "kind": kind, "times": times, "peak_mib": peak})
    return rows


def measure_import() -> list[float]:
    """Quartiles of the seconds that a new interpreter takes to import rnncore.numpy and a cell."""
    code = "import time; t = time.perf_counter(); import rnncore.numpy; rnncore.numpy.lstm_forward"
    command = [sys.executable, "-c", f"{code}; print(time.perf_counter() - t)"]
    seconds = [
        float(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
        for _ in range(7)
    ]
    return list(np.percentile(seconds, [25, 50, 75]).tolist())


def machine() -> dict[str, str]:
    """Processor, BLAS and versions."""
    name = platform.processor() or platform.machine()
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.is_file():
        lines = cpuinfo.read_text().splitlines()
        name = next((line.split(":")[1].strip() for line in lines if "model name" in line), name)
    blas = np.show_config(mode="dicts")["Build Dependencies"]["blas"]
    return {
        "processor": name,
        "numpy": f"{np.__version__} with {blas['name']} {blas['version']}",
        "torch": torch.__version__,
        "python": platform.python_version(),
    }


def main() -> None:
    """Run one process for each number of threads, then write the results."""
    if len(sys.argv) == 3 and sys.argv[1] == "--threads":
        print(json.dumps(measure_cells(int(sys.argv[2]))))
        return
    cells = []
    for threads in THREADS:
        environment = os.environ | dict.fromkeys(THREAD_VARIABLES, threads)
        command = [sys.executable, "-m", "benchmarks", "--threads", threads]
        done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, check=True)
        cells += json.loads(done.stdout)
    results = {
        "machine": machine(),
        "import_seconds": measure_import(),
        "cells": cells,
        "scan": measure_scan(),
        "length": measure_length(),
    }
    write_report(results, HERE)
    print(f"written: {HERE / 'results.json'}, results.md, results.svg")


if __name__ == "__main__":
    main()
