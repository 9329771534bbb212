"""`python -m goodside` is the same as `goodside`."""

from goodside.cli import main

if __name__ == "__main__":
    main()
