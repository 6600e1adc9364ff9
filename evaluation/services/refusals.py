"""How a service says no."""


class Refused(Exception):
    """The act is not possible now. ``message`` is a sentence for the person; nothing was written."""

    def __init__(self, message, code=""):
        self.message, self.code = message, code
        super().__init__(str(message))
