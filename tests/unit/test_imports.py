"""What import-linter's layers don't say: within one, too, nobody imports itself through others."""

from __future__ import annotations

from graphlib import TopologicalSorter

import grimp


def test_no_module_imports_itself_through_others() -> None:
    graph = grimp.build_graph("backend")
    imports = {each: graph.find_modules_directly_imported_by(each) for each in graph.modules}
    # Raises CycleError, which names the circle.
    TopologicalSorter(imports).prepare()
