"""How a command ends: every kind of failure as an exit status and plain lines on standard error."""

import errno
import os
import sys
from collections.abc import Callable
from typing import Any

import click

from raincheck.core.errors import Malformed, RaincheckError

# Failures of the machine that say by themselves what the user can do.
THE_MACHINE_REFUSES = {errno.EACCES, errno.EDQUOT, errno.ENOSPC, errno.EROFS}
DONE, NO, MALFORMED, STOPPED = 0, 1, 2, 130


def exit_status(run: Callable[[], Any]) -> int:
    """Run a command and answer its exit status. A command may return one itself; None is 0.

    An error that is none of the user's keeps its traceback: it is ours to mend.
    """
    try:
        outcome = run()
        sys.stdout.flush()
    except click.exceptions.Exit as end:
        return end.exit_code
    except (KeyboardInterrupt, click.Abort):
        _say("Stopped.")
        return STOPPED
    except BrokenPipeError:
        # Whoever read our output has gone (`| head`); what is still buffered must not raise again at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return NO
    except click.UsageError as error:
        command = error.ctx.command_path if error.ctx else "raincheck"
        _say(f"{command}: {error.format_message()}")
        return MALFORMED
    except click.ClickException as error:
        _say(error.format_message())
        return error.exit_code
    except Malformed as error:
        _say(str(error))
        return MALFORMED
    except RaincheckError as error:
        _say(str(error))
        return NO
    except Exception as error:
        status = _of_library(error)
        if status is None:
            raise
        return status
    return outcome if isinstance(outcome, int) else DONE


def _of_library(error: Exception) -> int | None:
    """The status for a failure that Django or the database reports and the user can mend; None for any other."""
    from django.core.exceptions import ImproperlyConfigured
    from django.db import InterfaceError, OperationalError
    from psycopg import errors

    if isinstance(error, ImproperlyConfigured):
        _say(str(error))
        return MALFORMED
    if isinstance(error, OSError) and error.errno in THE_MACHINE_REFUSES:
        _say(f"{error.filename}: {error.strerror}" if error.filename else f"{error.strerror}")
        return NO
    cause = error.__cause__ or error
    if isinstance(cause, RaincheckError):
        _say(str(cause))
        return NO
    if isinstance(cause, errors.DiskFull):
        _say("The disk that holds the database is full: free some space and run the command again.")
        return NO
    if isinstance(error, (InterfaceError, OperationalError, errors.OperationalError, errors.InterfaceError)):
        _say(f"The database cannot be reached: {' '.join(str(error).split())}")
        return NO
    if isinstance(cause, errors.UndefinedTable):
        _say("The database is not set up for this release: run raincheck migrate.")
        return NO
    return None


def _say(text: str) -> None:
    for line in text.splitlines():
        click.echo(line, err=True)
