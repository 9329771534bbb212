"""The pose-guided network: its input signal, its templates, and what it paints."""
