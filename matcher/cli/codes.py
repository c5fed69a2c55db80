"""codes: every code list with its labels."""

from __future__ import annotations

import json
from typing import Any

import click


@click.command(epilog="\b\nExample:\n  matcher codes regions\n  matcher codes --json")
@click.argument("names", nargs=-1, metavar="[LIST]...")
@click.option("--json", "as_json", is_flag=True, help="As JSON, the same as /api/v1/codes.")
def codes(names: tuple[str, ...], as_json: bool) -> None:
    """Every code list with Dutch and English labels, or only the lists named."""
    from matcher.domain.errors import InvalidInput, Problem
    from matcher.reference.codes import load_codes

    known = load_codes()
    unknown = [name for name in names if name not in known.names()]
    if unknown:
        lists = ", ".join(known.names())
        raise InvalidInput(
            [Problem(name, f"is no code list; there are {lists}") for name in unknown]
        )
    chosen = [known.list(name) for name in (names or known.names())]
    if as_json:
        items = [_entry(found) for found in chosen]
        click.echo(json.dumps({"items": items}, ensure_ascii=False, indent=2, default=str))
        return
    for found in chosen:
        click.echo(f"{found.name}: {found.title['nl']} / {found.title['en']}")
        for code in found.codes.values():
            click.echo(f"  {code.code}\t{code.nl}\t{code.en}")
        click.echo()


def _entry(found: Any) -> dict[str, Any]:
    return {
        "name": found.name,
        "title_nl": found.title["nl"],
        "title_en": found.title["en"],
        "source": found.source,
        "dated": found.dated,
        "codes": [{"code": c.code, "nl": c.nl, "en": c.en} for c in found.codes.values()],
    }
