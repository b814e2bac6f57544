"""Many rows at once: COPY into a staging table, then one statement for the difference."""
