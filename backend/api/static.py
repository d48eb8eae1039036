"""Serves the built page: hashed files for ever, the page itself always asked for anew.

Only `/` and `/s/…` are the page, so that a mistyped API address stays a 404.
"""

from __future__ import annotations

from os import PathLike, stat_result
from pathlib import Path

from fastapi import APIRouter, FastAPI
from fastapi.responses import FileResponse, HTMLResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

import backend
from backend.api.middleware.security_headers import PAGE_POLICY

_FOR_EVER = "public, max-age=31536000, immutable"
_ASK_AGAIN = "no-cache"
_PACKAGE = Path(backend.__file__).parent

_NOT_BUILT = """<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Offstage</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<body style="font: 1.1rem/1.6 system-ui; max-width: 40rem; margin: 15vh auto; padding: 0 1rem">
<h1>Offstage is running</h1>
<p>The API is up, and this page hasn't been built yet: run <code>make setup</code> and reload.</p>
<p lang="ru">API работает, а страница ещё не собрана: выполните <code>make setup</code>
и обновите страницу.</p>
<p><a href="/docs">The API</a> · <a href="/readyz">Is everything there?</a></p>
</body></html>
"""


def page_folder() -> Path:
    """Where the built page lies: inside the installed package, or in the checkout."""
    packaged = _PACKAGE / "page"
    return packaged if packaged.is_dir() else _PACKAGE.parent / "frontend" / "dist"


def install_page(app: FastAPI, folder: Path) -> None:
    """Serve the page of `folder`, which may not have been built yet."""
    router = APIRouter(include_in_schema=False)

    async def page() -> Response:
        headers = {"Content-Security-Policy": PAGE_POLICY, "Cache-Control": _ASK_AGAIN}
        index = folder / "index.html"
        if not index.is_file():
            return HTMLResponse(_NOT_BUILT, status_code=503, headers=headers)
        return FileResponse(index, media_type="text/html; charset=utf-8", headers=headers)

    for path in ("/", "/s/{rest:path}"):
        router.add_api_route(path, page, methods=["GET", "HEAD"])
    app.include_router(router)
    app.mount("/assets", _Hashed(directory=folder / "assets", check_dir=False))


class _Hashed(StaticFiles):
    """Files whose names change with what they say."""

    async def check_config(self) -> None:
        """Nothing to check: a page that isn't built yet has no such file, which is a 404."""

    def file_response(
        self,
        full_path: PathLike[str] | str,
        stat_result: stat_result,
        scope: Scope,
        status_code: int = 200,
    ) -> Response:
        response = super().file_response(full_path, stat_result, scope, status_code)
        response.headers["Cache-Control"] = _FOR_EVER
        return response
