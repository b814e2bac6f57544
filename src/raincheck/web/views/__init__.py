"""The console's pages, one file a place."""
