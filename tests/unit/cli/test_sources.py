"""Files are looked at before anything is started for them."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

import pytest

from backend.cli.errors import UnusableFiles
from backend.cli.sources import open_sources
from tests.unit.cli.conftest import Offstage


def test_each_file_keeps_its_name_and_content(tmp_path: Path) -> None:
    (tmp_path / "лекция.md").write_text("# Тема")
    with ExitStack() as stack:
        (source,) = open_sources([str(tmp_path / "лекция.md")], stack)
        assert (source.name, source.content.read().decode()) == ("лекция.md", "# Тема")
    assert source.content.closed


def test_every_file_that_cannot_be_opened_is_named(tmp_path: Path) -> None:
    (tmp_path / "good.txt").write_text("text")
    names = ["missing.txt", "good.txt", str(tmp_path)]
    with ExitStack() as stack, pytest.raises(UnusableFiles) as refused:
        open_sources(names, stack)
    assert refused.value.message.splitlines() == [
        "missing.txt: No such file or directory.",
        f"{tmp_path}: Is a directory.",
    ]


def test_standard_input_can_be_given_once() -> None:
    with ExitStack() as stack, pytest.raises(UnusableFiles, match="once"):
        open_sources(["-", "-"], stack)


def test_the_command_starts_nothing_for_a_missing_file(offstage: Offstage, tmp_path: Path) -> None:
    result = offstage("synopsis", "missing.txt")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == "Error: missing.txt: No such file or directory.\n"
    assert not (tmp_path / "data").exists()
