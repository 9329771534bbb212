"""One page of ranked photographs and a turned face."""
