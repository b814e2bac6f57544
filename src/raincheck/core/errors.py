"""The ways in which Raincheck says no."""


class RaincheckError(Exception):
    """Something the person can act on; its text is one plain line."""


class Malformed(RaincheckError):
    """The call or the input cannot be understood (exit status 2, HTTP 400 or 422)."""


class Refused(RaincheckError):
    """The business says no: nothing was changed (exit status 1, HTTP 409)."""


class NotFound(RaincheckError):
    """What was named does not exist (exit status 1, HTTP 404, or 422 where a field of the call names it).

    `noun` and `name` say what was looked for, so that a door can point at the field: `product`, `lamp`.
    """

    def __init__(self, text: str, noun: str = "", name: str = "") -> None:
        super().__init__(text)
        self.noun = noun
        self.name = name
