"""From a photograph to its score distribution, high or low quality, and semantic tags."""

from goodside.aesthetics.assess import Assessor
from goodside.aesthetics.evaluation.evaluate import Evaluation, Truth, measure
from goodside.aesthetics.explanation.explain import Explanation
from goodside.aesthetics.learn import learn_taste
from goodside.aesthetics.taste import Taste

__all__ = ["Assessor", "Evaluation", "Explanation", "Taste", "Truth", "learn_taste", "measure"]
