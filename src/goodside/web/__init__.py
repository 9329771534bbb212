"""The gallery and the HTTP service of an album and of both engines.

Nothing else in goodside opens a socket, and this room only for `goodside serve`.
"""
