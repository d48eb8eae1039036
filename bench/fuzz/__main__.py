"""`python -m bench.fuzz [SECONDS]`: Schemathesis, all checks, stateful, signed in."""

from __future__ import annotations

import argparse
import asyncio
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from bench.servers import Servers
from bench.users import new_token

_HERE = Path(__file__).parent
_APP = "backend.api.app:create_app"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.fuzz", description=__doc__)
    parser.add_argument("seconds", nargs="?", type=int, default=600)
    parser.add_argument("--seed", type=int, help="to repeat a run")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="offstage-fuzz-") as folder:
        servers = Servers(Path(folder), variables={"AUTH_MODE": "token"}, app=_APP)
        token = asyncio.run(new_token(servers.settings))
        with servers:
            return _run(servers.port, token, chosen.seconds, chosen.seed)


def _run(port: int, token: str, seconds: int, seed: int | None) -> int:
    command = [
        *(sys.executable, "-m", "schemathesis.cli"),
        *("--config-file", str(_HERE / "schemathesis.toml"), "run"),
        f"http://127.0.0.1:{port}/openapi.json",
        *("--header", f"Authorization: Bearer {token}"),
        *("--checks", "all", "--max-time", str(seconds), "--request-timeout", "40"),
        *("--continue-on-failure", "--generation-database", "none", "--no-color"),
        *(("--seed", str(seed)) if seed is not None else ()),
    ]
    environment = {**os.environ, "SCHEMATHESIS_HOOKS": "bench.fuzz.hooks"}
    return subprocess.run(command, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
