"""One CPython component with a subcommand for each thing that programs do; see cases/python.json."""

import datetime
import hashlib
import json
import os
import random
import re
import sys
import time

from wit_world import exports
from wit_world.imports import exit as wasi_exit


def echo(*arguments):
    print(json.dumps({"arguments": arguments, "version": sys.version_info[0]}, ensure_ascii=True, sort_keys=True))


def environment(*names):
    for name in names:
        print(f"{name} = {os.environ.get(name)!r}")
    print(f"{len(os.environ)} in all")


def attempt(what, action):
    """What came of it, or the name of the error."""
    try:
        print(f"{what}: {action()}")
    except OSError as error:
        print(f"{what}: {type(error).__name__}")


def write(path, text, mode="w"):
    with open(path, mode, encoding="utf-8") as file:
        return file.write(text)


def read(path):
    with open(path, encoding="utf-8") as file:
        return repr(file.read())


def files(folder):
    attempt("read", lambda: read(f"{folder}/given.txt"))
    attempt("write", lambda: write(f"{folder}/new.txt", "one\ntwo é\n"))
    attempt("read back", lambda: read(f"{folder}/new.txt"))
    attempt("append", lambda: write(f"{folder}/new.txt", "three\n", "a"))
    attempt("size", lambda: os.stat(f"{folder}/new.txt").st_size)
    attempt("list", lambda: sorted(os.listdir(folder)))
    attempt("make a folder", lambda: os.makedirs(f"{folder}/a/b/c"))
    attempt("rename", lambda: os.rename(f"{folder}/new.txt", f"{folder}/a/b/renamed.txt"))
    attempt("walk", lambda: [(os.path.relpath(place, folder), sorted(names)) for place, _, names in sorted(os.walk(folder))])
    attempt("truncate", lambda: os.truncate(f"{folder}/a/b/renamed.txt", 5))
    attempt("read renamed", lambda: read(f"{folder}/a/b/renamed.txt"))
    attempt("remove a folder in use", lambda: os.rmdir(f"{folder}/a"))
    attempt("remove", lambda: os.remove(f"{folder}/a/b/renamed.txt"))
    attempt("remove folders", lambda: os.removedirs(f"{folder}/a/b/c"))
    attempt("list", lambda: sorted(os.listdir(folder)))
    attempt("read what is not there", lambda: read(f"{folder}/missing"))
    attempt("open a folder", lambda: read(folder))
    attempt("exists", lambda: (os.path.exists(f"{folder}/given.txt"), os.path.isdir(folder), os.path.islink(folder)))


def refused(folder):
    attempt("read", lambda: read(f"{folder}/given.txt"))
    attempt("list", lambda: sorted(os.listdir(folder)))
    attempt("write", lambda: write(f"{folder}/given.txt", "changed"))
    attempt("append", lambda: write(f"{folder}/given.txt", "changed", "a"))
    attempt("create", lambda: write(f"{folder}/new.txt", "new"))
    attempt("make a folder", lambda: os.mkdir(f"{folder}/a"))
    attempt("rename", lambda: os.rename(f"{folder}/given.txt", f"{folder}/other.txt"))
    attempt("remove", lambda: os.remove(f"{folder}/given.txt"))
    attempt("list", lambda: sorted(os.listdir(folder)))


def outside(folder):
    for path in (f"{folder}/../outside/secret", f"{folder}/escape", "/etc/passwd", "/outside/secret", f"{folder}/../../etc/passwd"):
        attempt(path, lambda: read(path))


def copy():
    """Standard input to standard output, byte for byte."""
    source, target = sys.stdin.buffer, sys.stdout.buffer
    while part := source.read(1 << 16):
        target.write(part)
    target.flush()


def lines():
    for number, line in enumerate(sys.stdin, 1):
        print(f"{number}: {line.rstrip()[::-1]}")


def leave(code):
    print("before")
    sys.exit(int(code))


def leave_with(code):
    """sys.exit of CPython on WASI only tells success from failure; the interface itself tells more."""
    print("before", flush=True)
    wasi_exit.exit_with_code(int(code))


def fail():
    def inner():
        raise ValueError("what went wrong: é")

    print("before")
    inner()


def clock():
    start, wall = time.monotonic(), time.time()
    time.sleep(0.2)
    passed, passed_wall = time.monotonic() - start, time.time() - wall
    print("slept", 0.2 <= passed < 20, 0.15 <= passed_wall < 20)
    now = datetime.datetime.now(datetime.timezone.utc)
    print("now", 2024 < now.year < 2200, re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d.*", now.isoformat()) is not None)


def chance():
    numbers = [random.random() for _ in range(1000)]
    print("random", all(0 <= n < 1 for n in numbers), len(set(numbers)) > 990, 0.4 < sum(numbers) / 1000 < 0.6)
    print("urandom", len(os.urandom(100)), os.urandom(16) != os.urandom(16))
    random.seed(7)
    print("seeded", [random.randrange(100) for _ in range(8)])


def work(rounds="200000"):
    total = 0
    for i in range(int(rounds)):
        total = (total * 31 + i * i) % 1000003
    primes = [n for n in range(2, 2000) if all(n % d for d in range(2, int(n**0.5) + 1))]
    print(total, len(primes), hashlib.sha256(repr(primes).encode()).hexdigest()[:16], 2**521 % 1000000007, 1 / 3, 1e300 * 10)


COMMANDS = {f.__name__: f for f in (echo, environment, files, refused, outside, copy, lines, leave, leave_with, fail, clock, chance, work)}


class Run(exports.Run):
    def run(self):
        COMMANDS[sys.argv[1]](*sys.argv[2:])
