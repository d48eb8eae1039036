"""What a decorated function or class declares: its input and output models, and its shape.

All is checked when it registers, so that its author hears of a mistake before anybody runs it.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any, get_type_hints

from pydantic import BaseModel

AnyModel = type[BaseModel]


def models_of(name: str, target: Any, output: AnyModel | None) -> tuple[AnyModel, AnyModel]:
    """The models of what agent `name` takes and makes. Raises ValueError, saying what to do."""
    if isinstance(target, type):
        return (
            _model(name, getattr(target, "Input", None), "set `Input` in the class"),
            _model(name, output or getattr(target, "Output", None), "set `Output` in the class"),
        )
    hints = _hints(name, target)
    query = list(inspect.signature(target).parameters)[1]
    return (
        _model(name, hints.get(query), f"annotate `{query}` with a pydantic model"),
        _model(
            name,
            output or hints.get("return"),
            "annotate what it returns with a pydantic model, or for one that yields say "
            "@agent(…, output=…)",
        ),
    )


def require_a_known_shape(name: str, target: Any) -> None:
    """Raises ValueError, saying what to do, for what `shapes.py` couldn't run."""
    run: Callable[..., Any] | None = (
        getattr(target, "run", None) if isinstance(target, type) else target
    )
    if run is None:
        raise ValueError(f"{name}: the class has no `run`; write `async def run(self, …)`")
    if inspect.isgeneratorfunction(run):
        raise ValueError(f"{name}: only an `async def` can yield events; a plain `def` returns")
    parameters = list(inspect.signature(run).parameters)
    wanted = 3 if isinstance(target, type) else 2
    if len(parameters) != wanted:
        raise ValueError(
            f"{name}: it takes ({', '.join(parameters)}); it is called with the context (a plain "
            "`def`: with the session's memory) and the query"
        )


def _hints(name: str, function: Callable[..., Any]) -> dict[str, Any]:
    try:
        return get_type_hints(function)
    except NameError as error:
        raise ValueError(
            f"{name}: the annotation {error.name!r} can't be found when the agent registers: "
            "import it outside of `if TYPE_CHECKING`, and define models at the top of the module"
        ) from None


def _model(name: str, found: object, cure: str) -> AnyModel:
    if isinstance(found, type) and issubclass(found, BaseModel):
        return found
    raise ValueError(f"{name}: {cure}")
