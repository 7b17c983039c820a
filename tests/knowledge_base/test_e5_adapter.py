"""The shipped adapter fits the encoder; a broken one is refused with the remedy."""

import numpy as np
import pytest

from knowledge_base.index import e5_adapter, e5_convert, e5_file


def test_the_shipped_adapter_names_weights_that_the_encoder_has():
    shape = e5_file.WeightFile(e5_file.find_weight_file()).shape
    sizes = dict.fromkeys(("q", "k", "v", "ao"), (shape.hidden, shape.hidden))
    sizes |= {"fi": (shape.feed_forward, shape.hidden), "fo": (shape.hidden, shape.feed_forward)}
    additions = e5_adapter.read()
    assert additions
    for name, addition in additions.items():
        layer, part = name.split(".")
        assert 0 <= int(layer) < shape.layers and addition.shape == sizes[part] and np.isfinite(addition).all()


def test_what_is_written_is_read(tmp_path):
    random = np.random.default_rng(0)
    down, up = random.normal(size=(2, 6)), random.normal(size=(4, 2))
    e5_adapter.write(tmp_path / "a.npz", {"8.q": (down, up)})
    np.testing.assert_allclose(e5_adapter.read(tmp_path / "a.npz")["8.q"], up @ down, atol=1e-2)


@pytest.mark.parametrize("content", [None, b"", b"PK\x03\x04 cut short"])
def test_a_broken_adapter_is_refused_with_the_remedy(tmp_path, content):
    path = tmp_path / "e5_adapter.npz"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(e5_adapter.AdapterError, match="e5_adapter.npz cannot be read.*git checkout"):
        e5_adapter.read(path)


def test_an_adapter_with_half_a_pair_is_refused(tmp_path):
    np.savez_compressed(tmp_path / "a.npz", **{"8.q.down": np.zeros((2, 6), np.float16)})
    with pytest.raises(e5_adapter.AdapterError, match="8.q.up"):
        e5_adapter.read(tmp_path / "a.npz")


def test_another_adapter_means_another_conversion(tmp_path, monkeypatch):
    before = e5_convert.source()
    e5_adapter.write(tmp_path / "a.npz", {"8.q": (np.ones((1, 384)), np.ones((384, 1)))})
    monkeypatch.setattr(e5_adapter, "FILE", tmp_path / "a.npz")
    assert e5_convert.source() != before


def test_what_is_added_is_the_same_however_it_is_summed_up() -> None:
    """Summed in 32 bits it depended on the number of threads, and with it the id of the encoder."""
    with np.load(e5_adapter.FILE) as held:
        up, down = held["8.q.up"].astype(np.float64), held["8.q.down"].astype(np.float64)
    forwards = sum(np.outer(up[:, rank], down[rank]) for rank in range(len(down)))
    backwards = sum(np.outer(up[:, rank], down[rank]) for rank in reversed(range(len(down))))
    for summed in (forwards, backwards):
        np.testing.assert_array_equal(summed.astype(np.float32), e5_adapter.read()["8.q"])
