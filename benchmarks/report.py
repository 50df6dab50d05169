"""The table and the figure of the benchmark's results."""

import json
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt

from rnncore.plots import use_style


def write_report(results: dict[str, Any], folder: Path) -> None:
    """Write ``results.json``, ``results.md`` and ``results.svg``, each whole or not at all."""
    for name, text in {
        "results.json": json.dumps(results, indent=1) + "\n",
        "results.md": table(results),
    }.items():
        part = folder / f"{name}.part"
        part.write_text(text, encoding="utf-8")
        part.replace(folder / name)
    figure(results, folder / "results.svg")


def table(results: dict[str, Any]) -> str:
    """Write all measurements as Markdown."""
    machine = results["machine"]
    lines = [
        "# Measured",
        "",
        f"{machine['processor']}; NumPy {machine['numpy']}; PyTorch {machine['torch']}; "
        f"Python {machine['python']}; float32.",
        "Milliseconds, median (quartiles); all ways of a row were timed in turn in one run.",
        "*GEMM floor*: the matrix products that no implementation can do without, by NumPy's BLAS;",
        "*torch's GEMMs*: the same products by torch's.",
    ]
    imported = results["import_seconds"]
    lines.append(f"`import rnncore.numpy` and the LSTM: {_time(imported)} s.")
    for task in ("training", "inference"):
        ways = list(results["cells"][0][task])
        lines += [
            "",
            f"## {'A training step' if task == 'training' else 'Inference'}",
            "",
            f"| threads | T, N, D, H | cell | {' | '.join(ways)} | / floor | / torch.nn |",
            f"|---|---|---|{'---:|' * (len(ways) + 2)}",
        ]
        lines += [_cell_row(row, task, ways) for row in results["cells"]]
    lines += ["", "## Diagonal linear recurrence, float64", ""]
    lines += ["| T | N, H | scan | loop | loop / scan |", "|---:|---|---:|---:|---:|"]
    for row in results["scan"]:
        scan, loop = row["times"]["scan"], row["times"]["loop"]
        lines.append(
            f"| {row['T']:,} | {row['N']}, {row['H']} | {_time(scan)} | {_time(loop)} "
            f"| {loop[1] / scan[1]:.2f} |"
        )
    lines += ["", "## A training step by length, N = 16, D = 32, H = 64", ""]
    lines += ["| T | cell | ms | µs a step | peak MiB |", "|---:|---|---:|---:|---:|"]
    for row in results["length"]:
        micros = 1e3 * row["times"][1] / row["T"]
        lines.append(
            f"| {row['T']:,} | {row['kind']} | {_time(row['times'])} | {micros:.1f} "
            f"| {row['peak_mib']:.1f} |"
        )
    return "\n".join(lines) + "\n"


def _time(times: list[float]) -> str:
    low, median, high = times
    return f"{median:.3g} ({low:.3g}–{high:.3g})"


def _cell_row(row: dict[str, Any], task: str, ways: list[str]) -> str:
    times = row[task]
    ours = times["rnncore"][1]
    size = ", ".join(map(str, row["size"]))
    shown = " | ".join(_time(times[way]) for way in ways)
    return (
        f"| {row['threads']} | {size} | {row['kind']} | {shown} "
        f"| {ours / times['GEMM floor'][1]:.2f} | {ours / times['torch.nn'][1]:.2f} |"
    )


def figure(results: dict[str, Any], path: Path) -> None:
    """Draw the training steps on one thread as multiples of the floor."""
    use_style()
    rows = [row for row in results["cells"] if row["threads"] == 1]
    kinds = list(dict.fromkeys(row["kind"] for row in rows))
    fig, panels = plt.subplots(1, len(kinds), sharey=True, figsize=(7.2, 3.8))
    markers = {"rnncore": "o", "torch.nn": "s", "plain loop": "^"}
    for axes, kind in zip(panels, kinds, strict=True):
        of_kind = [row for row in rows if row["kind"] == kind]
        places = range(len(of_kind))
        for way, marker in markers.items():
            ratios = [row["training"][way][1] / row["training"]["GEMM floor"][1] for row in of_kind]
            axes.plot(ratios, places, marker, label=way)
        axes.axvline(1, color="0.4", linewidth=1)
        axes.set(title=kind, xscale="log", xticks=[1, 2, 5, 10], xticklabels=[1, 2, 5, 10])
        axes.minorticks_off()
        axes.grid(axis="x")
    labels = [", ".join(map(str, row["size"])) for row in rows if row["kind"] == kinds[0]]
    panels[0].set_yticks(range(len(labels)), labels)
    panels[0].set_ylabel("T, N, D, H")
    fig.supxlabel("time of a training step / time of its matrix products (1 thread)", fontsize=11)
    fig.legend(*panels[0].get_legend_handles_labels(), loc="outside upper center", ncols=3)
    fig.savefig(path, metadata={"Date": None})
    plt.close(fig)
