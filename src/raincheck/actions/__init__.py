"""What people and programs do, one verb a file: each call is one transaction (lock, snapshot, decide, apply)."""
