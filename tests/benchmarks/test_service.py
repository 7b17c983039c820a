import socket
import sys
import time

import psutil
import pytest

from benchmarks.process import Process, ProcessError
from benchmarks.service import free_ports, link_release

# Not those of a service that another part of the tests starts at the same time.
OWN_PORTS = range(9500, 9550)
SERVER = """
import http.server, subprocess, sys
class Answer(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200); self.end_headers()
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
print("listening", flush=True)
http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Answer).serve_forever()
"""


def process(tmp_path, code=SERVER):
    (port,) = free_ports(1, within=OWN_PORTS)
    command = [sys.executable, "-c", code, str(port)]
    return Process("trial", command, {}, tmp_path, tmp_path / "log" / "trial.log", f"http://127.0.0.1:{port}/")


def test_ports_are_free_and_different():
    found = free_ports(5, within=OWN_PORTS)
    assert len(set(found)) == 5
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", found[0]))
        taken.listen()
        assert free_ports(1, within=found[:2]) == [found[1]]
        with pytest.raises(ProcessError, match="Only 1 of 2 free ports"):
            free_ports(2, within=found[:2])


@pytest.mark.parametrize("end", ["stop", "kill"])
def test_a_process_ends_with_its_children(tmp_path, end):
    trial = process(tmp_path)
    trial.start()
    try:
        trial.wait_ready(20)
        assert trial.ready_after_s > 0 and trial.running
        family = psutil.Process(trial.pid).children()
        assert len(family) == 1
        assert trial.rss_mb() > 5 and trial.cpu_s() > 0
    finally:
        getattr(trial, end)()
    assert not trial.running
    _, alive = psutil.wait_procs(family, timeout=5)
    assert not [one for one in alive if one.status() != psutil.STATUS_ZOMBIE]


def test_a_process_can_be_started_again(tmp_path):
    trial = process(tmp_path)
    for _ in range(2):
        trial.start()
        trial.wait_ready(20)
        trial.kill()
    assert trial.log.read_text().count("listening") == 2


def test_one_that_dies_says_why(tmp_path):
    trial = process(tmp_path, "import sys; sys.exit('no model here')")
    trial.start()
    with pytest.raises(ProcessError, match="trial stopped while starting(.|\n)*no model here"):
        trial.wait_ready(20)
    trial.stop()


def test_one_that_never_answers_is_given_up(tmp_path):
    trial = process(tmp_path, "import time; time.sleep(60)")
    trial.start()
    began = time.monotonic()
    with pytest.raises(ProcessError, match="did not answer"):
        trial.wait_ready(0.3)
    trial.kill()
    assert time.monotonic() - began < 20


def test_a_process_that_was_not_started_can_be_stopped_but_has_no_id(tmp_path):
    trial = process(tmp_path)
    trial.stop()
    with pytest.raises(ProcessError, match="has not been started"):
        trial.pid  # noqa: B018


def test_the_release_that_is_served_is_linked(tmp_path):
    built = tmp_path / "releases" / "20261121-00000000"
    built.mkdir(parents=True)
    (built / "manifest.json").write_text("{}")
    (tmp_path / "releases" / "current").symlink_to(built.name)
    for _ in range(2):  # a second run over the same folder
        assert link_release(tmp_path / "releases", tmp_path / "bench") == built.name
    assert (tmp_path / "bench" / "releases" / "current" / "manifest.json").exists()


def test_without_a_release_the_way_out_is_named(tmp_path):
    with pytest.raises(ProcessError, match="make setup"):
        link_release(tmp_path / "releases", tmp_path / "bench")
