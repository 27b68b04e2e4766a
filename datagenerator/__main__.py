"""`python -m datagenerator`: the generator without the rest of the project."""

import typer

from datagenerator.cli import generate

# A traceback must not show the rows it passed through.
app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
app.command()(generate)

if __name__ == "__main__":
    app(prog_name="python -m datagenerator")
