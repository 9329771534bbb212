"""The shipped face and person networks: cards, free batch, provenance."""

from __future__ import annotations

import numpy as np
import pytest

from goodside.runtime import WeightsStore, open_session

NETWORKS: dict[str, dict[str, tuple[int, ...]]] = {
    "face-blazeface": {"boxes": (896, 16), "logits": (896, 1)},
    "face-blazeface-full": {"boxes": (2304, 16), "logits": (2304, 1)},
    "face-mesh": {"landmarks": (468, 3), "presence": (1,)},
    "face-mobilefacenet": {"embedding": (192,)},
    "person-matte": {"matte": (1, 256, 256)},
}


@pytest.mark.parametrize("name", NETWORKS)
def test_the_card_says_what_it_is_and_how_well_it_was_converted(name: str) -> None:
    card = WeightsStore().card(name)
    assert card.name == name
    assert card.task == "faces"
    assert card.license in {"Apache-2.0", "MIT"}
    assert card.source.startswith("npm ")
    assert card.terms
    assert card.data
    assert max(card.metrics["parity_with_tflite"].values()) < 1e-3


@pytest.mark.parametrize("name", NETWORKS)
def test_any_batch_gives_the_same_as_one_by_one(name: str) -> None:
    session = open_session(name)
    preprocessing = session.card.preprocessing
    size = preprocessing.width_px
    rng = np.random.default_rng(0)
    pixels = preprocessing.normalize(rng.integers(0, 256, (3, size, size, 3), dtype=np.uint8))
    together = session.run({"pixels": pixels})
    singles = [session.run({"pixels": pixels[at : at + 1]}) for at in range(3)]
    for key, shape in NETWORKS[name].items():
        assert together[key].shape == (3, *shape)
        alone = np.concatenate([one[key] for one in singles])
        np.testing.assert_allclose(together[key], alone, rtol=1e-4, atol=2e-3)
