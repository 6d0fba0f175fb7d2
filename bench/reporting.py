"""The figures of a benchmark as a table, as ratios, as SVG, and as a page."""

import os
import platform
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape

import psutil

from bench.variants import ALL, CDK, CDKTN, EAGER, FILES, FLOOR, OUR_FLOOR, OURS, SERVICES, Variant

_ROW, _LEFT, _WIDTH = 22, 320, 460


@dataclass(frozen=True)
class Figures:
    """The medians of a variant's seconds, and the highest of its peaks in bytes."""

    wall: float
    cpu: float
    peak: int


Results = Mapping[Variant, Figures]


def machine() -> str:
    """Describe the machine and what runs on it, in one sentence."""
    memory = psutil.virtual_memory().total / 2**30
    load = ", ".join(f"{number:.1f}" for number in os.getloadavg())
    return (
        f"{platform.system()} {platform.machine()}, {psutil.cpu_count()} processors, {memory:.0f} GiB of memory, "
        f"Python {platform.python_version()}, load average {load} at the end of the run."
    )


def ratios(results: Results) -> list[tuple[str, float]]:
    """Compare variants by processor time, as far as they were measured."""
    cpu = {(variant.name, variant.services, variant.files): figures.cpu for variant, figures in results.items()}
    ours, most_services, most_files = (OURS, 1, 1), (OURS, SERVICES[-1], 1), (OURS, 1, FILES[-1])
    wanted = [
        ("main.py / jsii's floor", ours, (FLOOR, 1, 1)),
        ("main.py / the floor started as main.py does", ours, (OUR_FLOOR, 1, 1)),
        ("eager imports / main.py", (EAGER, 1, 1), ours),
        ("AWS CDK for Python / main.py", (CDK, 1, 1), ours),
        ("cdktn / main.py", (CDKTN, 1, 1), ours),
        (f"{SERVICES[-1]} services / 1 service", most_services, ours),
        (f"one of {FILES[-1]} files / one of 1 file", most_files, ours),
        (f"all of {FILES[-1]} files / one of them", (ALL, 1, FILES[-1]), most_files),
    ]
    return [(name, cpu[over] / cpu[under]) for name, over, under in wanted if over in cpu and under in cpu]


def page(results: Results, *, runs: int) -> str:
    """Write the page of docs/benchmarks/."""
    rows = [
        f"| {variant.shown} | {figures.cpu:.2f} | {figures.wall:.2f} | {figures.peak / 1e6:.0f} |"
        for variant, figures in results.items()
    ]
    return "\n".join(
        [
            "# Benchmarks of the synthesis",
            "",
            f"{machine()}",
            "",
            f"`edge bench` ran each variant {runs} times in interleaved rounds, after one",
            "round to warm up. Times are medians, memory is the highest peak of the resident memory of the tree.",
            "The processor time is that of all processes; the wall time depends on what else runs.",
            "",
            "| variant | processor time, s | wall time, s | memory, MB |",
            "|---|---|---|---|",
            *rows,
            "",
            "| by processor time | ratio |",
            "|---|---|",
            *(f"| {name} | {ratio:.2f} |" for name, ratio in ratios(results)),
            "",
            "![Processor time of each variant](synthesis.svg)",
            "",
        ]
    )


def svg(results: Results) -> str:
    """Draw the processor times as bars; the longest takes the whole width."""
    longest = max(figures.cpu for figures in results.values())
    bars = list(_bars(results, longest))
    height = _ROW * len(bars) + 10
    head = f'<svg xmlns="http://www.w3.org/2000/svg" width="{_LEFT + _WIDTH + 80}" height="{height}"'
    style = 'font-family="sans-serif" font-size="12"'
    return "\n".join([f'{head} role="img" {style}>', "<title>Processor time, seconds</title>", *bars, "</svg>", ""])


def _bars(results: Results, longest: float) -> Iterator[str]:
    for row, (variant, figures) in enumerate(results.items()):
        top, width = _ROW * row + 5, max(1, round(_WIDTH * figures.cpu / longest))
        color = "#2a6f97" if variant.name == OURS else "#a9b4bc"
        yield (
            f'<text x="{_LEFT - 8}" y="{top + 13}" text-anchor="end">{escape(variant.shown)}</text>'
            f'<rect x="{_LEFT}" y="{top}" width="{width}" height="{_ROW - 6}" fill="{color}"/>'
            f'<text x="{_LEFT + width + 6}" y="{top + 13}">{figures.cpu:.2f} s</text>'
        )


def write(folder: Path, results: Results, *, runs: int) -> Sequence[Path]:
    """Write the page and the picture; give their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    written = {folder / "README.md": page(results, runs=runs), folder / "synthesis.svg": svg(results)}
    for file, text in written.items():
        file.write_text(text, encoding="utf-8")
    return list(written)
