"""`python -m datagenerator`: the generator without the rest of the project."""

import typer

from datagenerator.cli import generate

if __name__ == "__main__":
    typer.run(generate)
