"""Every error that Truceline raises on purpose, on one screen.

    TrucelineError
    ├── InputError (ValueError)        something handed to us cannot be used as it is
    │   ├── SourceError                outside material is not what its feed promises
    │   ├── AgreementError             an agreement file contradicts its schema or itself
    │   └── SettingsError              a mission or settings file is wrong
    ├── RecordError (RuntimeError)     the record cannot be read or appended to
    │   └── IntegrityError             stored bytes do not match what was recorded
    ├── PluginError (RuntimeError)     a plug-in is broken, or two share a name
    └── PublicationError (RuntimeError) a release would break a red line

A message says what, where (file, line, field), why, and what to do.
"""


class TrucelineError(Exception):
    """Anything that Truceline raises on purpose."""


class InputError(TrucelineError, ValueError):
    """Something handed to us cannot be used as it is."""


class SourceError(InputError):
    """Outside material is not what its feed promises."""


class AgreementError(InputError):
    """An agreement file contradicts its schema or itself."""


class SettingsError(InputError):
    """A mission or settings file is wrong."""


class RecordError(TrucelineError, RuntimeError):
    """The record cannot be read or appended to."""


class IntegrityError(RecordError):
    """Stored bytes do not match what was recorded."""


class PluginError(TrucelineError, RuntimeError):
    """A plug-in is broken, or two share a name."""


class PublicationError(TrucelineError, RuntimeError):
    """A release would break a red line."""
