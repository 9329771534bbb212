"""Whether two photographs show the same: perceptual hashes, near-duplicates, spectra."""
