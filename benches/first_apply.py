#!/usr/bin/env python3
"""From nothing: plan, apply and plan again of users from one CSV on the embedded panel, each as a whole process.

usage: python3 benches/first_apply.py [--users 50000] [--runs 3]

The process includes the panel and its database. Each run begins with an empty folder; medians are printed.
Build first: cargo build --release
"""
import argparse, os, statistics, subprocess, sys, tempfile

import noop_plan as beside

# An apply that is checked asks for no answer; 2 is a plan with changes.
COMMANDS = [("plan, all to add", ["plan"], 2), ("apply --yes", ["apply", "--yes"], 0), ("plan, nothing to do", ["plan"], 0)]


def run(users):
    """CPU seconds, wall seconds and peak MiB of each command, in one new workspace."""
    beside.per_domain = users
    with tempfile.TemporaryDirectory() as work:
        root = beside.files(work, users)[0]["csv"]
        with open(os.path.join(root, "mailwright.toml"), "w") as out:
            out.write('schema = "mailwright/v1"\n\n[providers.edge]\ndriver = "panel"\nurl = "embedded:panel.db"\n')
        figures = []
        for _, words, code in COMMANDS:
            command = [sys.executable, "-S", "-E", "-c", beside.STARTER, beside.BINARY, "-C", root, *words]
            ended, *figure = map(float, subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout.split())
            if ended != code:
                sys.exit(f"{' '.join(words)} ended with {ended:.0f}, not {code}")
            figures.append(figure)
        return figures


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--users", type=int, default=50_000)
    parser.add_argument("--runs", type=int, default=3)
    args = parser.parse_args()
    print("| command | CPU s | wall s | peak MiB |\n|---|---|---|---|")
    runs = [run(args.users) for _ in range(args.runs)]
    for (name, _, _), figures in zip(COMMANDS, zip(*runs)):
        cpu, wall, peak = (statistics.median(column) for column in zip(*figures))
        print(f"| {name} | {cpu:.1f} | {wall:.1f} | {peak:.0f} |")


if __name__ == "__main__":
    main()
