"""What photographs' own metadata say, as rows and decisions of the catalog."""
