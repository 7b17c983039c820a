"""From which size on is an HNSW graph quicker than comparing with every vector, and what does it miss?"""

from __future__ import annotations

import time
from typing import Any

import faiss
import numpy as np

SIZES = (1_000, 3_000, 10_000, 30_000, 100_000)
NEIGHBOURS = 10
LINKS = 32
EF_SEARCH = (64, 256)
ASKED = 200


def vectors(count: int, real: np.ndarray, chance: np.random.Generator) -> np.ndarray:
    """`count` unit vectors that lie as real ones do: a real one moved along the difference of two others, by its distance to a neighbour."""
    rows = chance.integers(0, len(real), (3, count))
    difference = real[rows[1]] - real[rows[2]]
    difference /= np.maximum(np.linalg.norm(difference, axis=1, keepdims=True), 1e-9)
    moved = real[rows[0]] + 0.4 * difference
    return np.ascontiguousarray(moved / np.linalg.norm(moved, axis=1, keepdims=True), dtype=np.float32)


def recall(found: np.ndarray, exact: np.ndarray) -> float:
    """Share of the exact neighbours (n, k) that were found (n, k)."""
    return float(
        np.mean([len(set(one) & set(other)) / len(other) for one, other in zip(found.tolist(), exact.tolist())])
    )


def median_ms(index: faiss.Index, asked: np.ndarray) -> float:
    """Median milliseconds of a search for one vector."""
    times = []
    for vector in asked:
        started = time.perf_counter()
        index.search(vector.reshape(1, -1), NEIGHBOURS)
        times.append(time.perf_counter() - started)
    return float(np.median(times)) * 1000


def measure(real: np.ndarray, sizes: tuple[int, ...] = SIZES) -> list[dict[str, Any]]:
    """For each size: milliseconds of flat and HNSW, recall@10 of the graph against flat, and its seconds to build.

    real: (n, d) unit vectors of real questions, which the others are made of.
    """
    faiss.omp_set_num_threads(1)
    chance = np.random.default_rng(7)
    rows = []
    for size in sizes:
        bank, asked = vectors(size, real, chance), vectors(ASKED, real, chance)
        flat = faiss.IndexFlatIP(bank.shape[1])
        flat.add(bank)
        exact = flat.search(asked, NEIGHBOURS)[1]
        started = time.perf_counter()
        graph = faiss.IndexHNSWFlat(bank.shape[1], LINKS, faiss.METRIC_INNER_PRODUCT)
        graph.add(bank)
        row: dict[str, Any] = {
            "size": size,
            "build_s": time.perf_counter() - started,
            "flat_ms": median_ms(flat, asked),
        }
        for ef in EF_SEARCH:
            graph.hnsw.efSearch = ef
            row[f"ef{ef}_ms"] = median_ms(graph, asked)
            row[f"ef{ef}_recall"] = recall(graph.search(asked, NEIGHBOURS)[1], exact)
        rows.append(row)
    return rows
