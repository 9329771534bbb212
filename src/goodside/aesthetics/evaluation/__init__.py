"""How well scores agree with people's: metrics, trials on rated photographs, leaks."""
