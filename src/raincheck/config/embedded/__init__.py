"""The embedded PostgreSQL: started by whoever comes first, shared by all, gone when the last one leaves."""
