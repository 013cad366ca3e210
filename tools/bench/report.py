"""Tables of the figures, in Markdown."""

from __future__ import annotations

from typing import Any

# Limit and aim, times the floor, for the worse of both databases.
RATIOS = {
    "home": (4.3, 3.5),
    "list of 50": (8.3, 6.0),
    "dossier with 20 documents": (9.4, 7.5),
    "dossier with 20 messages": (9.4, 7.5),
    "sending 1 MB, after 1 message": (10.0, 6.5),
    "sending 1 MB, after 200": (10.0, 6.5),
}
DOWNLOAD = "download of 10 MB"
OF_NGINX = (0.4, 0.9)
GROWTH_MB = 16.0
SPREAD = 4.0  # maximum of p99 / p50 at 32 connections


def table(result: dict[str, Any]) -> str:
    """Return a Markdown table for each kind of measurement."""
    found = result["databases"]
    tables = []
    if any("one" in each for each in found.values()):
        tables.append(_one({name: each["one"] for name, each in found.items()}))
    if any("busy" in each for each in found.values()):
        tables.append(_busy({name: each["busy"] for name, each in found.items()}))
    if any("memory" in each for each in found.values()):
        tables.append(
            _memory(result["megabytes"], {name: each["memory"] for name, each in found.items()})
        )
    return "\n\n".join(tables)


def _one(found: dict[str, dict[str, dict[str, float]]]) -> str:
    head = ["one connection"]
    for name in found:
        head += [f"{name}: times the floor", "ms processor", "ms clock"]
    lines = [[*head, "worse of both", "asked", "aim"]]
    for subject in next(iter(found.values())):
        line, worst = [subject], 0.0
        for figures in (each[subject] for each in found.values()):
            ratio = max(figures["ratio"], figures["ratio_with_database"])
            worst = max(worst, ratio)
            line += [
                f"{ratio:.1f}",
                f"{figures['cpu_with_database_ms']:.2f}",
                f"{figures['clock_ms']:.1f}",
            ]
        asked, aim = RATIOS.get(subject, (None, None))
        lines.append([*line, f"{worst:.1f}", f"{asked or ''}", f"{aim or ''}"])
    floor = ["the floor"]
    for each in found.values():
        first = next(iter(each.values()))
        floor += ["1.0", f"{first['floor_cpu_with_database_ms']:.2f}", ""]
    lines.append([*floor, "", "", ""])
    speeds = [(name, each.get(DOWNLOAD, {}).get("speed_of_nginx")) for name, each in found.items()]
    said = ", ".join(f"{name} {speed:.2f}" for name, speed in speeds if speed)
    asked, aim = OF_NGINX
    beside = (
        f"\n\n{DOWNLOAD}, speed of nginx with the plain file: {said} (asked {asked}, aim {aim})"
        if said
        else ""
    )
    return _markdown(lines) + beside


def _busy(found: dict[str, dict[str, dict[str, dict[str, float]]]]) -> str:
    lines = [
        [
            "connections",
            "page",
            "database",
            "p50 ms",
            "p95 ms",
            "p99 ms",
            "p99 / p50",
            "a second",
            "errors",
        ]
    ]
    for database, by_many in found.items():
        for many, subjects in by_many.items():
            for subject, figures in subjects.items():
                times = [f"{figures[name]:.0f}" for name in ("p50_ms", "p95_ms", "p99_ms")]
                spread = f"{figures['p99_ms'] / figures['p50_ms']:.1f}"
                lines.append(
                    [
                        many,
                        subject,
                        database,
                        *times,
                        spread,
                        f"{figures['a_second']:.0f}",
                        f"{figures['errors']:.0f}",
                    ]
                )
    return (
        _markdown(lines)
        + f"\n\nAt 32 connections p99 may be {SPREAD:.0f} times p50, without errors."
    )


def _memory(megabytes: int, found: dict[str, dict[str, dict[str, float]]]) -> str:
    lines = [
        [
            f"a file of {megabytes:,} MB",
            "database",
            "MB grown at most by one process",
            "MB a second",
            "asked",
        ]
    ]
    for database, acts in found.items():
        for act, figures in acts.items():
            lines.append(
                [
                    act,
                    database,
                    f"{figures['grew_mb']:.1f}",
                    f"{figures['mb_a_second']:.0f}",
                    f"{GROWTH_MB:.0f}",
                ]
            )
    return _markdown(lines)


def _markdown(lines: list[list[str]]) -> str:
    widths = [max(len(line[column]) for line in lines) for column in range(len(lines[0]))]
    rows = [
        "| "
        + " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True))
        + " |"
        for line in lines
    ]
    return "\n".join(
        [rows[0], "|" + "|".join("-" * (width + 2) for width in widths) + "|", *rows[1:]]
    )
