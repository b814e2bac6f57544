"""Each kind of file through the actions: what is checked before anything is written, and what is written then."""
