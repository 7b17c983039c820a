"""Set-up of everything, by any Python 3.8 or newer and the standard library alone: `make setup`, `make run`, `make test`.

    interpreters → two environments from lock files → encoder → Rasa model → knowledge release

Each step is skipped when what it is made from has not changed; a stamp beside its result says so.
"""

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Dict, Iterable, List, Optional

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
APP_PYTHON = VENV / "app" / "bin" / "python"
RASA_PYTHON = VENV / "rasa" / "bin" / "python"
UV = VENV / "tools" / "bin" / "uv"

HOW_TO_GET_PYTHON = """\
customs: Python {version} was not found. Get it in one of these ways, then run the same command again:
  pyenv install {version}                      (https://github.com/pyenv/pyenv)
  uv python install {version}                  (https://docs.astral.sh/uv/)
  or your system's package python{version} with python{version}-venv
or point {variable} at a Python {version} that you have, for example
  {variable}=/opt/python{version}/bin/python{version} make run"""


class SetupError(Exception):
    """A step of the set-up failed; the message says which and what to do."""


def say(text: str) -> None:
    print(text, flush=True)


# ---------------------------------------------------------------- interpreters


def _works(python: str, version: str) -> bool:
    """Does this interpreter run, and is it the version asked for? A pyenv shim can be on the path and not run."""
    code = "import sys, venv; print('%d.%d' % sys.version_info[:2])"
    try:
        done = subprocess.run([python, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=60)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0 and done.stdout.decode().strip() == version


def _candidates(version: str, variable: str) -> Iterable[str]:
    if os.environ.get(variable):
        yield os.environ[variable]
    found = shutil.which("python" + version)
    if found:
        yield found
    roots = [os.environ.get("PYENV_ROOT", ""), str(Path.home() / ".pyenv")]
    for root in [root for root in roots if root]:
        versions = sorted(
            Path(root).glob("versions/%s.*" % version),
            key=lambda path: [int(part) for part in path.name.split(".") if part.isdigit()],
            reverse=True,
        )
        for folder in versions:
            yield str(folder / "bin" / ("python" + version))
    uv = shutil.which("uv")
    if uv:
        done = subprocess.run(
            [uv, "python", "find", "--no-python-downloads", version], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        if done.returncode == 0:
            yield done.stdout.decode().strip()
    for folder in ("/usr/bin", "/usr/local/bin", "/opt/homebrew/bin"):
        yield "%s/python%s" % (folder, version)


def find_python(version: str) -> str:
    """Path of a working Python `version` ("3.10"). Raises `SetupError` with the ways to get one."""
    variable = "CUSTOMS_PYTHON" + version.replace(".", "")
    wanted = os.environ.get(variable)
    if wanted and not _works(wanted, version):
        raise SetupError("customs: %s is %r, which is not a working Python %s. Correct it or unset it." % (variable, wanted, version))
    for python in _candidates(version, variable):
        if _works(python, version):
            return python
    raise SetupError(HOW_TO_GET_PYTHON.format(version=version, variable=variable))


# ---------------------------------------------------------------- steps


def run_step(title: str, command: List[str], environment: Optional[Dict[str, str]] = None) -> None:
    """Run one step, passing its output on and giving a sign of life while it is silent. Raises `SetupError`."""
    say("• " + title)
    started = time.monotonic()
    process = subprocess.Popen(
        command, cwd=str(ROOT), env=environment or step_environment(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        universal_newlines=True, bufsize=1,
    )  # fmt: skip
    heard = [time.monotonic()]

    def sign_of_life() -> None:
        while process.poll() is None:
            time.sleep(1)
            if time.monotonic() - heard[0] > 5 and process.poll() is None:
                say("    … %d s" % (time.monotonic() - started))
                heard[0] = time.monotonic()

    threading.Thread(target=sign_of_life, daemon=True).start()
    assert process.stdout is not None
    try:
        for line in process.stdout:
            heard[0] = time.monotonic()
            line = line.rstrip()
            if line:
                say("    " + line)
        process.wait()
    except KeyboardInterrupt:
        process.terminate()
        process.wait()
        raise
    if process.returncode != 0:
        raise SetupError("customs: the step %r failed (exit %d): %s" % (title, process.returncode, " ".join(command)))
    say("    done in %.0f s" % (time.monotonic() - started))


def step_environment() -> Dict[str, str]:
    """The environment of a step: our packages importable, nothing calling home, byte code kept (it halves Rasa's start)."""
    environment = dict(os.environ)
    environment.update(
        PYTHONPATH=str(ROOT), RASA_TELEMETRY_ENABLED="false", HF_HUB_OFFLINE="1", HF_HUB_DISABLE_TELEMETRY="1",
        TF_CPP_MIN_LOG_LEVEL="2", TOKENIZERS_PARALLELISM="false", PYTHONUNBUFFERED="1", PYTHONWARNINGS="ignore", SQLALCHEMY_SILENCE_UBER_WARNING="1",
    )  # fmt: skip
    # One question uses one thread; more only spin against the other parts, and made opening a release take seconds.
    for library in ("OMP", "OPENBLAS", "MKL"):
        environment.setdefault(library + "_NUM_THREADS", "1")
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    return environment


def digest(paths: Iterable[Path], *more: str) -> str:
    """Hash of the files' names and content."""
    total = hashlib.sha256("\0".join(more).encode())
    for path in sorted(paths):
        total.update(str(path.relative_to(ROOT) if ROOT in path.parents else path).encode())
        total.update(path.read_bytes())
    return total.hexdigest()


def _fresh(stamp: Path, mark: str) -> bool:
    return stamp.exists() and stamp.read_text().strip() == mark


def uv_environment() -> Dict[str, str]:
    """uv does not read pip's settings; a company's mirror or wheel folder is set there."""
    environment = dict(os.environ)
    listing = subprocess.run(
        [sys.executable, "-m", "pip", "config", "list"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ).stdout.decode()
    settings = {}
    for line in listing.splitlines():
        key, _, value = line.partition("=")
        settings[key.split(".")[-1]] = value.strip().strip("'\"")
    for name, variable in (("find-links", "UV_FIND_LINKS"), ("index-url", "UV_DEFAULT_INDEX"), ("cert", "SSL_CERT_FILE")):
        if settings.get(name) and not environment.get(variable):
            environment[variable] = settings[name].replace(" ", ",")
    environment.setdefault("UV_HTTP_TIMEOUT", "180")
    return environment


def ensure_uv(python: str) -> None:
    """uv, pinned, in an environment of its own: it installs the other two ten times quicker than pip."""
    stamp = VENV / "tools" / ".stamp"
    lock = ROOT / "requirements" / "tools.lock"
    mark = digest([lock], python)
    if _fresh(stamp, mark) and UV.exists():
        return
    run_step("Making the environment for the tools", [python, "-m", "venv", "--clear", str(VENV / "tools")])
    pip = [str(VENV / "tools" / "bin" / "python"), "-m", "pip", "install", "--quiet", "--require-hashes", "-r", str(lock)]
    run_step("Installing uv", pip, dict(os.environ))
    stamp.write_text(mark)


def _has_torch_wheels(environment: Dict[str, str]) -> bool:
    folders = [Path(part) for part in environment.get("UV_FIND_LINKS", "").split(",") if part]
    return any(True for folder in folders if folder.is_dir() for _ in folder.glob("torch-*cpu*.whl"))


def ensure_environment(name: str, python: str, locks: List[str], torch: str = "") -> None:
    """The environment .venv/<name> with exactly what the lock files say."""
    folder = VENV / name
    paths = [ROOT / "requirements" / lock for lock in locks]
    stamp = folder / (".stamp-" + "-".join(lock.split(".")[0] for lock in locks))
    mark = digest(paths, python, torch)
    if _fresh(stamp, mark):
        return
    environment = uv_environment()
    target = str(folder / "bin" / "python")
    base = folder / ".base"
    if not _fresh(base, python) or not Path(target).exists():
        run_step("Making the environment .venv/" + name, [str(UV), "venv", "--quiet", "--clear", "-p", python, str(folder)], environment)
        base.write_text(python)
    install = [str(UV), "pip", "install", "--quiet", "-p", target, "--no-deps", "--compile-bytecode"]
    if torch:
        # The CPU build: a tenth of the size. A wheel folder set for pip is used first, else uv knows PyTorch's own index.
        backend = [] if _has_torch_wheels(environment) or environment.get("UV_TORCH_BACKEND") else ["--torch-backend", "cpu"]
        run_step("Installing PyTorch for the CPU (about 200 MB)", install + backend + [torch], environment)
    requirements = [part for path in paths for part in ("-r", str(path))]
    run_step("Installing .venv/%s (%s)" % (name, ", ".join(locks)), install + ["--require-hashes"] + requirements, environment)
    run_step("Checking .venv/" + name, [str(UV), "pip", "check", "--quiet", "-p", target], environment)
    stamp.write_text(mark)


def ensure_encoder() -> None:
    """The converted encoders in models/; the converter itself skips what is done, but even importing it takes seconds."""
    sources = [ROOT / "knowledge_base" / "index" / name for name in ("conversion.py", "e5_file.py", "e5_convert.py", "minilm.py", "onnx_export.py")]
    mark = digest([path for path in sources if path.exists()] + [ROOT / "requirements" / "app.lock"])
    stamp = models_dir() / "e5-small" / ".stamp"
    if not _fresh(stamp, mark):
        for module in ("e5_file", "minilm"):
            run_step("Converting and verifying the encoder " + module, [str(APP_PYTHON), "-m", "knowledge_base.index." + module])
        stamp.write_text(mark)


def ensure_rasa_model() -> str:
    """The trained Rasa model; trained again only when data/, config.yml or domain.yml changed. Returns its path."""
    find = [str(RASA_PYTHON), "-m", "dialogue.train", "--print-path"]
    path = subprocess.run(find, cwd=str(ROOT), env=step_environment(), stdout=subprocess.PIPE, check=True).stdout.decode().strip()
    if not Path(path).exists():
        run_step("Training the dialogue engine", [str(RASA_PYTHON), "-m", "dialogue.train"])
    return path


def ensure_release() -> None:
    """The knowledge release; built again only when the content, or what builds it, changed."""
    knowledge = ROOT / "knowledge_base"
    paths = [path for pattern in ("content/**/*.yml", "scope/*.yml", "*.py", "index/*.py", "*.yml", "places_data/*.t*") for path in knowledge.glob(pattern)]
    switches = [os.environ.get("CUSTOMS_" + name, "") for name in ("ENCODER", "ENCODER_BACKEND", "ENCODER_SECOND", "ADMINISTRATIONS", "CONTENT_DIR")]
    mark = digest(paths, *switches)
    releases = var_dir() / "releases"
    stamp = releases / ".stamp"
    if _fresh(stamp, mark) and (releases / "current" / "manifest.json").exists():
        return
    run_step("Building the knowledge release", [str(APP_PYTHON), "-m", "customs.cli", "build"])
    stamp.write_text(mark)


def ensure_browser() -> None:
    """Chromium for the browser tests: Debian's package where we may install it, else a word on how to get it."""
    if any(shutil.which(name) for name in ("chromium", "chromium-browser", "google-chrome")):
        return
    how = "customs: the browser tests need Chromium. Install it, on Debian by: apt-get install chromium fonts-noto-core"
    if not shutil.which("apt-get") or os.geteuid() != 0:
        raise SetupError(how)
    environment = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
    run_step("Reading the list of system packages", ["apt-get", "-qq", "update"], environment)
    run_step("Installing Chromium", ["apt-get", "-qq", "install", "-y", "chromium", "fonts-noto-core", "fonts-noto-cjk"], environment)


def var_dir() -> Path:
    path = Path(os.environ.get("CUSTOMS_VAR_DIR", "var")).expanduser()
    return path if path.is_absolute() else ROOT / path


def models_dir() -> Path:
    path = Path(os.environ.get("CUSTOMS_MODELS_DIR", "models")).expanduser()
    return path if path.is_absolute() else ROOT / path


def setup(tests: bool = False, only_environments: bool = False, only_console: bool = False) -> None:
    """Everything that must be there before the service, or the console alone, starts."""
    python310, python311 = find_python("3.10"), find_python("3.11")
    ensure_uv(python311)
    ensure_environment("app", python311, ["app.lock"], torch="torch==2.13.0")
    if tests:
        ensure_environment("app", python311, ["dev.lock"])
    if only_console:
        ensure_encoder()
        ensure_release()
        return
    ensure_environment("rasa", python310, ["rasa.lock"])
    if only_environments:
        return
    ensure_encoder()
    ensure_rasa_model()
    ensure_release()
    if tests:
        ensure_browser()


def main() -> int:
    parser = argparse.ArgumentParser(prog="customs.bootstrap", description=__doc__.splitlines()[0])
    parser.add_argument("what", choices=["setup", "setup-tests", "environments", "run", "console"])
    what = parser.parse_args().what
    try:
        setup(tests=what == "setup-tests", only_environments=what == "environments", only_console=what == "console")
    except SetupError as error:
        say(str(error))
        return 1
    except KeyboardInterrupt:
        say("customs: stopped; run the same command again to go on where it was.")
        return 130
    if what in ("run", "console"):
        environment = step_environment()
        if what == "console":
            environment["CONSOLE"] = "only"
        os.execve(str(APP_PYTHON), [str(APP_PYTHON), "-m", "customs.run"], environment)
    return 0


if __name__ == "__main__":
    sys.exit(main())
