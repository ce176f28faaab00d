#!/usr/bin/env python3
"""No-op plans as whole processes: CPU, wall and peak memory of `mailwright plan` and of the floor beside it, in one run.

usage: python3 benches/noop_plan.py [--users 1000,10000,100000,1000000] [--per-domain 10000] [--runs 3] [--work DIR] [--extra NAME=COMMAND ...]

The live side is `mailwright panel serve` in a process of its own that is not counted; it is filled over HTTP with the
bulk call. The floor is benches/floor.rs, which reads the same pages from a file. Programs are run in turns, so that noise
of the machine hits all. An extra command is run where its name begins with
`toml` or `csv`, and may use {toml}, {csv}, {pages} and {n}.
Build first: cargo build --release && cargo bench --bench floor --no-run
"""
import argparse, csv, glob, json, os, re, statistics, subprocess, sys, time, urllib.request

TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
TARGET = os.environ.get("CARGO_TARGET_DIR", os.path.join(TOP, "target"))
BINARY = os.path.join(TARGET, "release", "mailwright")
FIRST = "Anna Boris Chiara David Elena Farid Grace Hugo Ines Jonas Katya Liam Maria Noah Olga Pavel".split()
LAST = "Almeida Bianchi Carlsen Dubois Eriksen Fischer Garcia Horvat Ivanova Jansen Kowalski Lopez Moreau Novak".split()
per_domain = 10_000


def user(i):
    first, last = FIRST[i % len(FIRST)], LAST[i // len(FIRST) % len(LAST)]
    domain = f"d{i // per_domain:05d}.bench.example"
    local = f"{first.lower()}.{last.lower()}{i:07d}"
    return {"address": f"{local}@{domain}", "first_name": first, "last_name": last,
            "aliases": [f"{local}.alt@{domain}", f"{first[0].lower()}{last[0].lower()}{i:07d}@{domain}"],
            "kind": ("mailbox", "forward", "shared")[i % 3], "status": "active" if i % 10 else "inactive"}, domain


def call(url, token, method, path, body=None):
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url + path, data=data, method=method,
                                     headers={"authorization": "Bearer " + token, "content-type": "application/json"})
    with urllib.request.urlopen(request, timeout=600) as answer:
        return json.loads(answer.read() or b"null")


def files(work, n):
    """Two workspaces (TOML, CSV) and the pages for the floor."""
    domains = [f"d{k:05d}.bench.example" for k in range((n + per_domain - 1) // per_domain)]
    heads = "".join(f'\n[domains."{d}"]\ndestination = "mx.bench.example:25"\nrelay_check = "control-panel"\n' for d in domains)
    paths = {}
    for kind in ("toml", "csv"):
        root = os.path.join(work, f"{kind}-{n}-{per_domain}")
        os.makedirs(os.path.join(root, "tenants"), exist_ok=True)
        listed = 'users_from = ["users.csv"]\n' if kind == "csv" else ""
        with open(os.path.join(root, "tenants", "bench.toml"), "w") as out:
            out.write(f'schema = "mailwright/v1"\n\n[tenant]\nname = "bench"\nprovider = "edge"\n{listed}{heads}')
            if kind == "toml":
                for i in range(n):
                    u, _ = user(i)
                    out.write("\n[[users]]\n" + "".join(f"{k} = {json.dumps(v)}\n" for k, v in u.items()))
        paths[kind] = root
    paths["toml-file"] = os.path.join(paths["toml"], "tenants", "bench.toml")
    paths["csv-file"] = os.path.join(paths["csv"], "tenants", "users.csv")
    paths["pages"] = os.path.join(work, f"pages-{n}-{per_domain}.ndjson")
    with open(paths["csv-file"], "w") as out, open(paths["pages"], "w") as pages:
        rows = csv.writer(out, lineterminator="\n")
        rows.writerow(["address", "first_name", "last_name", "aliases", "kind", "status"])
        for start in range(0, n, 1000):
            block = [user(i)[0] for i in range(start, min(n, start + 1000))]
            rows.writerows([u["address"], u["first_name"], u["last_name"], " ".join(u["aliases"]), u["kind"], u["status"]] for u in block)
            pages.write(json.dumps({"items": block}, separators=(",", ":")) + "\n")
    return paths, domains


def serve(work, n, domains):
    """A filled panel in a process of its own: (process, url, token)."""
    db = os.path.join(work, f"panel-{n}-{per_domain}.db")
    fresh = not os.path.exists(db)
    minted = subprocess.run([BINARY, "panel", "token", "create", "--db", db, "--name", "bench", "--write"],
                            check=True, capture_output=True, text=True).stdout
    token = re.search(r"mwp_\S+", minted).group(0)
    process = subprocess.Popen([BINARY, "panel", "serve", "--db", db, "--listen", "127.0.0.1:0"],
                               stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    url = None
    while url is None:
        line = process.stdout.readline()
        if not line:
            sys.exit("the panel did not start")
        found = re.search(r"http://127\.0\.0\.1:\d+", line)
        url = found.group(0) if found else None
    if fresh:
        tenant = call(url, token, "POST", "/v1/tenants", {"name": "bench"})["id"]
        for k, domain in enumerate(domains):
            body = {"name": domain, "destinations": ["mx.bench.example:25"], "relay_check": "control-panel"}
            made = call(url, token, "POST", f"/v1/tenants/{tenant}/domains", body)["id"]
            block = [user(i)[0] for i in range(k * per_domain, min(n, (k + 1) * per_domain))]
            call(url, token, "POST", f"/v1/tenants/{tenant}/domains/{made}/users/bulk", {"mode": "add", "users": block})
    return process, url + "/v1", token


# A process inherits the peak of the one that starts it, so a small one starts what is measured: about 10 MiB.
STARTER = """
import os, sys, time
started = time.monotonic()
quiet = [(os.POSIX_SPAWN_OPEN, 1, "/dev/null", os.O_WRONLY, 0)]
_, status, usage = os.wait4(os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ, file_actions=quiet), 0)
print(os.waitstatus_to_exitcode(status), usage.ru_utime + usage.ru_stime, time.monotonic() - started, usage.ru_maxrss / 1024)
"""


def once(command, env):
    """One run as a whole process: CPU seconds, wall seconds, peak MiB."""
    told = subprocess.run([sys.executable, "-S", "-E", "-c", STARTER, *command], env={**os.environ, **env}, check=True, stdout=subprocess.PIPE)
    code, *figures = map(float, told.stdout.split())
    if code != 0:
        sys.exit(f"{' '.join(command)} ended with {code:.0f}: not a no-op plan")
    return figures


def measure(commands, env, runs):
    """Medians of each command, all run in turns."""
    rounds = [[once(command, env) for command in commands] for _ in range(runs)]
    return [tuple(statistics.median(of) for of in zip(*figures)) for figures in zip(*rounds)]


def main():
    global per_domain
    parser = argparse.ArgumentParser()
    parser.add_argument("--users", default="1000,10000,100000,1000000")
    parser.add_argument("--per-domain", type=int, default=per_domain)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--work", default=os.path.join(TARGET, "bench-noop"))
    parser.add_argument("--extra", action="append", default=[])
    args = parser.parse_args()
    per_domain = args.per_domain
    floor = max(glob.glob(os.path.join(TARGET, "release", "deps", "floor-*[0-9a-f]")), key=os.path.getmtime)
    print("| users | from | mailwright CPU s | wall s | peak MiB | floor CPU s | peak MiB | CPU ratio |", flush=True)
    print("|---|---|---|---|---|---|---|---|", flush=True)
    for n in map(int, args.users.split(",")):
        paths, domains = files(args.work, n)
        process, url, token = serve(args.work, n, domains)
        try:
            for kind in ("toml", "csv"):
                with open(os.path.join(paths[kind], "mailwright.toml"), "w") as out:
                    out.write(f'schema = "mailwright/v1"\n\n[providers.edge]\ndriver = "panel"\nurl = "{url}"\ntoken = {{ env = "BENCH_TOKEN" }}\n')
                commands = [[BINARY, "-C", paths[kind], "plan"], [floor, kind, paths[f"{kind}-file"], paths["pages"]]]
                names = [extra.split("=", 1) for extra in args.extra if extra.startswith(kind)]
                fill = {"toml": paths["toml-file"], "csv": paths["csv-file"], "pages": paths["pages"], "n": n}
                commands += [command.format(**fill).split() for _, command in names]
                ours, base, *others = measure(commands, {"BENCH_TOKEN": token}, args.runs)
                print(f"| {n:,} | {kind} | {ours[0]:.2f} | {ours[1]:.2f} | {ours[2]:.0f} | {base[0]:.2f} | {base[2]:.0f} | {ours[0] / base[0]:.1f} |", flush=True)
                for (name, _), got in zip(names, others):
                    print(f"| {n:,} | {name} | {got[0]:.3f} | {got[1]:.2f} | {got[2]:.0f} | | | {ours[0] / max(got[0], 0.001):.1f} |", flush=True)
        finally:
            process.terminate()
            process.wait()


if __name__ == "__main__":
    main()
