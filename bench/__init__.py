"""Benchmarks: what Raincheck does in a second beside what the bare database does, both measured in the same run."""
