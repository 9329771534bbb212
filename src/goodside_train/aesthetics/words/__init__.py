"""Words photographs are searched by: ImageNet's classes folded, labels, a head, its bounds."""
