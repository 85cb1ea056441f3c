"""`truceline warm`: compile the numeric kernels ahead of time."""

import click


@click.command("warm")
def command() -> None:
    """Compile the numeric kernels, so that the first real run does not wait for them."""
    from truceline.cli.show import stages
    from truceline.pipeline.warming import warm

    with stages() as announce:
        announce("compiling the numeric kernels")
        warm()
