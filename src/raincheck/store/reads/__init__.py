"""What screens and the API show: frozen dataclasses, one file a screen, each read in a fixed number of queries."""
