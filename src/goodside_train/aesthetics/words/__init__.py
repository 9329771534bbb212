"""Words that photographs are searched by: a fold of ImageNet's classes, labels, a head, its bounds."""
