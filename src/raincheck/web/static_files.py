"""Static files: hashed and compressed once collected, plain until then."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class ConsoleStaticStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # untyped
    """Links to hashed names that browsers keep for ever. Before `collectstatic` ran (a checkout, a test) there is no
    manifest, and links go to the plain names, which WhiteNoise serves out of the package."""

    manifest_strict = False

    def stored_name(self, name: str) -> str:
        """The hashed name, or the plain one for a file that was not collected."""
        if not self.hashed_files:
            return name
        stored: str = super().stored_name(name)
        return stored
