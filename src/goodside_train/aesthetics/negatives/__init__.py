"""Pictures that are no photographs, made from a seed, and the detector that is fitted on them."""
