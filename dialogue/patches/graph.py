"""Patch of the graph runner: the components of a prediction are called in an order that is found once."""

from __future__ import annotations

from typing import Any

from rasa.engine.exceptions import GraphRunError
from rasa.engine.graph import GraphNode
from rasa.engine.runner.dask import DaskGraphRunner


def plan(runner: DaskGraphRunner, targets: tuple[str, ...]) -> list[tuple[str, GraphNode, tuple[str, ...]]]:
    """What has to be called for `targets`, each after what it needs: name, node, names of what it is given."""
    nodes = runner._graph_schema.minimal_graph_schema(list(targets)).nodes
    order: list[str] = []

    def visit(name: str) -> None:
        if name in nodes and name not in order:
            for needed in nodes[name].needs.values():
                visit(needed)
            order.append(name)

    for target in targets:
        visit(target)
    return [(name, runner._instantiated_nodes[name], tuple(nodes[name].needs.values())) for name in order]


def run_directly() -> None:
    """Call the components of a prediction one after the other. Dask plans the same order anew for every message."""

    def run(
        self: DaskGraphRunner, inputs: dict[str, Any] | None = None, targets: list[str] | None = None
    ) -> dict[str, Any]:
        wanted = tuple(targets or self._graph_schema.target_names)
        plans: dict[tuple[str, ...], Any] = self.__dict__.setdefault("_plans", {})
        if wanted not in plans:
            plans[wanted] = plan(self, wanted)
        # As in Rasa, an input stands beside the results, under its name; what is missing is handed on as its bare name.
        results: dict[str, Any] = {name: (name, value) for name, value in (inputs or {}).items()}
        try:
            for name, node, needed in plans[wanted]:
                if name not in results:
                    results[name] = node(*[results.get(one, one) for one in needed])
        except RuntimeError as error:
            raise GraphRunError("Error running runner.") from error
        return dict(results[name] for name in wanted)

    DaskGraphRunner.run = run
