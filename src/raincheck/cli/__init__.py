"""The `raincheck` command: a thin frame, one module a command."""
