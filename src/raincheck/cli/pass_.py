"""`raincheck pass`: the pass over the whole open book."""

import click

from raincheck.cli.outcome import DONE


@click.command("pass")
def command() -> int:
    """Decide anew who gets which units of every product, and write what differs.

    Every fact does so by itself for the products it touches: this is for what changed without a fact, such as rows
    written by hand or a restored backup. A book in order is left as it is.
    """
    from rich.console import Console
    from rich.progress import Progress

    from raincheck.actions.pass_all import count_products, pass_all

    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("Passing", total=count_products())
        products = pass_all(progress=lambda done: bar.advance(task, done))
    click.echo(f"{products} products passed.")
    return DONE
