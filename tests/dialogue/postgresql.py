"""A real PostgreSQL for one test run, on loopback, in a folder of its own; skipped where its programs are not installed."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path

import pytest


def _programs():
    found = shutil.which("initdb")
    folders = [Path(found).resolve().parent] if found else sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    return folders[-1] if folders else None


def _as_user(folder):
    """What to start its programs with: PostgreSQL refuses to be run by root."""
    if os.geteuid():
        return {}
    try:
        owner = pwd.getpwnam("postgres")
    except KeyError:
        pytest.skip("PostgreSQL does not run as root, and there is no user postgres")
    os.chown(folder, owner.pw_uid, owner.pw_gid)
    return {"user": "postgres", "group": "postgres", "extra_groups": []}


@pytest.fixture(scope="session")
def postgresql():
    """Its address."""
    programs = _programs()
    if programs is None:
        pytest.skip("needs the programs of PostgreSQL")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    folder = Path(tempfile.mkdtemp(prefix="postgresql-"))
    user = _as_user(folder)
    data, log = folder / "data", folder / "log"
    make = [programs / "initdb", "-D", data, "-U", "customs", "-A", "trust", "--no-sync"]
    subprocess.run(make, check=True, stdout=subprocess.DEVNULL, cwd=folder, **user)
    settings = ["-k", folder, "-c", "listen_addresses=127.0.0.1", "-c", "fsync=off"]
    with log.open("wb") as output:
        command = [programs / "postgres", "-D", data, "-p", port, *settings]
        server = subprocess.Popen(command, cwd=folder, stdout=output, stderr=output, **user)
    try:
        until = time.monotonic() + 60
        while subprocess.run([programs / "pg_isready", "-q", "-h", "127.0.0.1", "-p", port]).returncode:
            assert server.poll() is None and time.monotonic() < until, log.read_text()
            time.sleep(0.1)
        yield f"postgresql://customs@127.0.0.1:{port}/postgres"
    finally:
        server.send_signal(signal.SIGINT)  # without waiting for those who are connected
        server.wait(30)
        shutil.rmtree(folder, ignore_errors=True)
