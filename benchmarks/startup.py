"""Time to import the package and to print the help, as ratios to a bare interpreter, in one run.

python benchmarks/startup.py
"""

from __future__ import annotations

import subprocess
import sys
import time
from statistics import median

COMMANDS = {
    "bare interpreter": [sys.executable, "-c", "pass"],
    "import extractor": [sys.executable, "-c", "import extractor"],
    "extractor --help": [sys.executable, "-c", "from extractor.cli import app; app(['--help'])"],
}
ROUNDS = 11


def seconds(command: list[str]) -> float:
    """Run a command once and return its wall seconds."""
    started = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)  # noqa: S603 -- our own commands
    return time.perf_counter() - started


def main() -> None:
    """Run the commands in turn, so that all of them meet the same noise, and print medians."""
    taken: dict[str, list[float]] = {name: [] for name in COMMANDS}
    for _ in range(ROUNDS):
        for name, command in COMMANDS.items():
            taken[name].append(seconds(command))
    bare = median(taken["bare interpreter"])
    for name, times in taken.items():
        print(f"{name:18} {median(times):6.3f} s   {median(times) / bare:5.1f} times a bare interpreter")


if __name__ == "__main__":
    main()
