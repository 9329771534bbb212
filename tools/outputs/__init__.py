"""Recording and comparing what goodside puts out; see `tools.compare_outputs`."""
