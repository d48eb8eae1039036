"""`/docs`: the API on one page, drawn from the OpenAPI document, without scripts or other hosts.

FastAPI's own page loads Swagger UI from a CDN, which an Offstage without internet can't reach and
its content security policy forbids.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from html import escape
from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.responses import HTMLResponse

from backend.api.middleware.security_headers import PAGE_POLICY

_STYLE = """
body { font: 1rem/1.5 system-ui; max-width: 60rem; margin: 2rem auto; padding: 0 1rem }
code, pre { font: .9em/1.5 ui-monospace, monospace }
pre { overflow: auto; border: 1px solid #8884; padding: .75rem; border-radius: .4rem }
details { border-bottom: 1px solid #8884; padding: .35rem 0 } summary { cursor: pointer }
summary b { display: inline-block; min-width: 4.5rem } table { border-collapse: collapse }
td, th { text-align: left; vertical-align: top; padding: .15rem 1rem .15rem 0 }
h2 { margin-top: 2.5rem; text-transform: capitalize }
"""


def install_docs(app: FastAPI) -> None:
    """Serve the page at `/docs`."""
    router = APIRouter(include_in_schema=False)

    @router.get("/docs")
    async def docs() -> HTMLResponse:
        html = render_docs(app.openapi())
        return HTMLResponse(html, headers={"Content-Security-Policy": PAGE_POLICY})

    app.include_router(router)


def render_docs(document: dict[str, Any]) -> str:
    """The page for an OpenAPI document."""
    info = document["info"]
    parts = [
        '<!doctype html><html lang="en"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        '<meta name="color-scheme" content="light dark">',
        f"<title>{escape(info['title'])}: the API</title><style>{_STYLE}</style></head><body>",
        f"<h1>{escape(info['title'])} {escape(info['version'])}</h1>",
        f"<p>{escape(info.get('summary', ''))} ",
        '<a href="/openapi.json">openapi.json</a></p>',
        *_operations(document),
        "<h2>Schemas</h2>",
        *_schemas(document),
        "</body></html>",
    ]
    return "".join(parts)


def _operations(document: dict[str, Any]) -> Iterator[str]:
    by_tag: dict[str, list[tuple[str, str, dict[str, Any]]]] = {}
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            tag = operation.get("tags", ["other"])[0]
            by_tag.setdefault(tag, []).append((method, path, operation))
    for tag, listed in by_tag.items():
        yield f"<h2>{escape(tag)}</h2>"
        for method, path, operation in listed:
            yield _operation(method, path, operation)


def _operation(method: str, path: str, operation: dict[str, Any]) -> str:
    rows = [
        _row(f"{each['name']} ({each['in']})", each.get("description", ""), each["schema"])
        for each in operation.get("parameters", [])
    ]
    for media_type, body in operation.get("requestBody", {}).get("content", {}).items():
        rows.append(_row("body", media_type, body.get("schema", {})))
    for status, response in operation["responses"].items():
        for media_type, body in response.get("content", {"": {}}).items():
            about = f"{response['description']} {media_type}".strip()
            rows.append(_row(status, about, body.get("schema", {})))
    return (
        f"<details><summary><b>{method.upper()}</b> <code>{escape(path)}</code></summary>"
        f"<p>{escape(operation.get('description', ''))}</p><table>{''.join(rows)}</table></details>"
    )


def _row(name: str, about: str, schema: dict[str, Any]) -> str:
    return f"<tr><th>{escape(name)}</th><td>{escape(about)}</td><td>{_type(schema)}</td></tr>"


def _type(schema: dict[str, Any]) -> str:
    """A short name for a schema, linked where it has a place of its own."""
    if "$ref" in schema:
        name = escape(schema["$ref"].rpartition("/")[2])
        return f'<a href="#{name}"><code>{name}</code></a>'
    options = schema.get("anyOf") or schema.get("oneOf")
    if options:
        return " or ".join(_type(option) for option in options)
    return f"<code>{escape(str(schema.get('title') or schema.get('type', '')))}</code>"


def _schemas(document: dict[str, Any]) -> Iterator[str]:
    for name, schema in document.get("components", {}).get("schemas", {}).items():
        text = escape(json.dumps(schema, indent=2, ensure_ascii=False))
        yield f'<details id="{escape(name)}"><summary><code>{escape(name)}</code></summary>'
        yield f"<pre>{text}</pre></details>"
