"""Settings, the composition root, and the embedded database."""
