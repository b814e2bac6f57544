"""Which commands there are. Listing them imports none, so that the command line starts at once."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Entry:
    """One command: the module whose attribute `command` it is, and its line in `raincheck --help`."""

    module: str
    help: str
    # A command that works on the company's data finds Django set up when its module is imported.
    needs_django: bool = True


COMMANDS = {
    "apikey": Entry("raincheck.cli.apikey", "Make, list and revoke keys of the HTTP API."),
    "audit": Entry("raincheck.cli.audit", "Check every invariant over the whole database."),
    "bounces": Entry("raincheck.cli.bounces", "Read what mail servers sent back."),
    "demo": Entry("raincheck.cli.demo", "Set up and serve a demo company on this machine.", needs_django=False),
    "drill": Entry("raincheck.cli.drill", "Rehearse a scenario in a throw-away copy."),
    "evidence": Entry("raincheck.cli.evidence", "Write an order's record under a law as a file to hand over."),
    "explain": Entry("raincheck.cli.explain", "Say why each line of an order is where it is."),
    "export": Entry("raincheck.cli.export", "Write a kind of record as a file that imports unchanged."),
    "import": Entry("raincheck.cli.import_", "Read products, stock, orders and so on from a file."),
    "optimum": Entry("raincheck.cli.optimum", "Show the rule beside the best that could be done."),
    "pass": Entry("raincheck.cli.pass_", "Decide anew who gets what, over the whole open book."),
    "reconcile": Entry("raincheck.cli.reconcile", "Compare a card processor's file with the ledger."),
    "replay": Entry("raincheck.cli.replay", "Play a company's history and print what would have been promised."),
    "serve": Entry("raincheck.cli.serve", "Serve the console and the API.", needs_django=False),
    "worker": Entry("raincheck.cli.worker", "Run timers, notices and other background work."),
}
