"""The words and marks that every page shares."""
