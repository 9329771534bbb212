"""From a photograph to its score distribution, high or low quality, and semantic tags."""

from goodside.aesthetics.assess import Assessor
from goodside.aesthetics.evaluate import Evaluation, Truth, measure
from goodside.aesthetics.explain import Explanation

__all__ = ["Assessor", "Evaluation", "Explanation", "Truth", "measure"]
