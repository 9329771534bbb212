"""Why a photograph got its score, in figures and as pictures."""
