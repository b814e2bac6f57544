"""Where `raincheck` begins: our own commands, then Django's (`migrate`, `createsuperuser`, `shell` …).

Exit status: 0 done; 1 the answer is no; 2 the call or the input was malformed; 130 stopped by the user.
Errors go to standard error, one plain line each.
"""

import os
import sys
from difflib import get_close_matches
from importlib import import_module

import click

from raincheck import __version__
from raincheck.cli.commands import COMMANDS, Entry
from raincheck.cli.outcome import exit_status

SETTINGS = "raincheck.config.settings"


class Commands(click.Group):
    """Our commands, each imported when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """The names, sorted."""
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        """The command, its module imported; None if it is not one of ours."""
        entry = COMMANDS.get(cmd_name)
        return None if entry is None else _load(entry)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Ours, else Django's, else a usage error that names the nearest."""
        if self.get_command(ctx, args[0]) is None:
            return args[0], _django_command(args[0], self.list_commands(ctx)), args[1:]
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list in `--help`, from the table alone."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, COMMANDS[name].help) for name in self.list_commands(ctx)])
        with formatter.section("Django's own"):
            formatter.write_text("migrate, createsuperuser, changepassword, shell and the rest: raincheck help")


def _load(entry: Entry) -> click.Command:
    if entry.needs_django:
        import django

        from raincheck.config.cycles import look_for_cycles_seldom

        django.setup()
        look_for_cycles_seldom()
    command: click.Command = import_module(entry.module).command
    return command


class _Unparsed(click.Command):
    """A command whose arguments are somebody else's to read, `--` and `--help` included."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        ctx.params["arguments"] = tuple(args)
        return []


def _django_command(name: str, ours: list[str]) -> click.Command:
    import django
    from django.core.management import get_commands

    # Until then Django knows none of the commands that its apps bring, such as createsuperuser.
    django.setup()
    theirs = {*get_commands(), "help"}
    if name not in theirs:
        near = get_close_matches(name, {*ours, *theirs}, n=1)
        hint = f"Did you mean {near[0]}?" if near else "raincheck --help lists them."
        raise click.UsageError(f"There is no command {name}. {hint}")

    @click.command(name, cls=_Unparsed, add_help_option=False)
    def django_command(arguments: tuple[str, ...]) -> None:
        from django.core.management import execute_from_command_line

        execute_from_command_line(["raincheck", name, *arguments])
        if name == "migrate" and not {"--plan", "--check"} & set(arguments):
            _renew_template()

    return django_command


def _renew_template() -> None:
    """Have the empty database for drills ready before somebody waits for one."""
    from raincheck.config.databases import ensure_template
    from raincheck.core.errors import Refused

    try:
        ensure_template()
    except Refused as refusal:
        click.echo(f"Migrated. {refusal}", err=True)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, message="raincheck %(version)s")
def raincheck() -> None:
    """Backorders that keep their promises: every open order line has a date, a reason and a place in the queue."""


def main() -> None:
    """Run the command line and end the process with its exit status."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
    sys.exit(exit_status(lambda: raincheck.main(prog_name="raincheck", standalone_mode=False)))


if __name__ == "__main__":
    main()
