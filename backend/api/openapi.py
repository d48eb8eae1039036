"""`python -m backend.api.openapi` prints the OpenAPI document, without starting anything."""

from __future__ import annotations

import json
import sys

from backend.api.app import create_app
from backend.settings import Settings


def main() -> None:
    """Print the document as JSON."""
    json.dump(create_app(Settings()).openapi(), sys.stdout, indent=2, ensure_ascii=False)
    sys.stdout.write("\n")


if __name__ == "__main__":
    main()
