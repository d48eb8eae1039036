"""The page's client is generated from the very API it talks to."""

from __future__ import annotations

import json

from backend.api.app import create_app
from backend.settings import Settings
from tests.paths import ROOT


def test_the_page_was_generated_from_the_apis_own_document() -> None:
    committed = json.loads((ROOT / "frontend" / "openapi.json").read_text())
    assert committed == create_app(Settings(_env_file=None)).openapi(), (
        "Run: python -m backend.api.openapi > frontend/openapi.json, "
        "then npm run generate in frontend"
    )
