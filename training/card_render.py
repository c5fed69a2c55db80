"""Sections of a document as Markdown and as one HTML file that needs nothing else."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Plain text."""

    text: str
    is_warning: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A header and rows of text."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Plot:
    """An SVG under its file name, and what it shows in words."""

    file: str
    svg: bytes
    alt: str


Block = Paragraph | Table | Plot


@dataclass(slots=True)
class Section:
    """A heading and what stands under it."""

    title: str
    blocks: list[Block] = field(default_factory=list)


def markdown(title: str, sections: Sequence[Section]) -> str:
    """The document; plots are files beside it."""
    lines = [f"# {title}", ""]
    for section in sections:
        lines += [f"## {section.title}", ""]
        for block in section.blocks:
            lines += [*_markdown(block), ""]
    return "\n".join(lines)


def _markdown(block: Block) -> list[str]:
    if isinstance(block, Plot):
        return [f"![{block.alt}]({block.file})"]
    if isinstance(block, Paragraph):
        return [f"**{block.text}**" if block.is_warning else block.text]
    cells = [block.header, *block.rows]
    rows = ["| " + " | ".join(c.replace("|", "\\|") for c in row) + " |" for row in cells]
    return [rows[0], "|" + "---|" * len(block.header), *rows[1:]]


_STYLE = """
:root { color-scheme: light; }
body { margin: 0; background: #f6f7f5; color: #1b2a32;
  font: 17px/1.6 Inter, "DejaVu Sans", system-ui, sans-serif; }
main { max-width: 50rem; margin: 0 auto; padding: 2.5rem 1.25rem 5rem; }
h1 { font-size: 1.9rem; line-height: 1.2; margin: 0 0 2rem; letter-spacing: -.01em; }
h2 { font-size: 1.2rem; margin: 3rem 0 .75rem; }
p { margin: .6rem 0; max-width: 42rem; }
.warning { background: #fff1d6; border-left: 4px solid #c98a1b; padding: .8rem 1rem;
  font-weight: 600; }
figure { margin: 1.25rem 0; background: #fff; border-radius: 12px; padding: 1rem; }
figure svg { display: block; width: 100%; max-width: 40rem; height: auto; }
figcaption { color: #55646c; font-size: .9rem; margin-top: .5rem; }
.table { overflow-x: auto; margin: 1rem 0; background: #fff; border-radius: 12px; }
table { border-collapse: collapse; width: 100%; font-size: .92rem;
  font-variant-numeric: tabular-nums; }
th, td { text-align: left; vertical-align: top; padding: .55rem .8rem;
  border-bottom: 1px solid #e6eaec; }
th { color: #55646c; font-weight: 600; }
tr:last-child td { border-bottom: 0; }
@media (max-width: 40rem) { td:last-child { min-width: 13rem; } }
@media print { body { background: #fff; } h2 { break-after: avoid; } }
"""


def html(title: str, sections: Sequence[Section], lang: str) -> str:
    """One file with its plots and style inside."""
    body = [f"<h1>{escape(title)}</h1>"]
    for section in sections:
        body.append(f"<section><h2>{escape(section.title)}</h2>")
        body.extend(_html(block) for block in section.blocks)
        body.append("</section>")
    return (
        f'<!doctype html>\n<html lang="{lang}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head>\n"
        f"<body><main>\n{chr(10).join(body)}\n</main></body></html>\n"
    )


def _html(block: Block) -> str:
    if isinstance(block, Paragraph):
        kind = ' class="warning"' if block.is_warning else ""
        return f"<p{kind}>{escape(block.text)}</p>"
    if isinstance(block, Table):
        head = "".join(f'<th scope="col">{escape(cell)}</th>' for cell in block.header)
        rows = "".join(
            "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>"
            for row in block.rows
        )
        return (
            f'<div class="table" tabindex="0"><table><thead><tr>{head}</tr></thead>'
            f"<tbody>{rows}</tbody></table></div>"
        )
    svg = block.svg.decode()
    svg = svg[svg.index("<svg") :]
    # Each plot numbers its own parts; in one page the numbers must differ.
    name = block.file.removesuffix(".svg").replace(".", "-")
    svg = re.sub(r'(\bid="|url\(#|href="#)', rf"\g<1>{name}-", svg)
    svg = svg.replace("<svg ", f'<svg role="img" aria-label="{escape(block.alt)}" ', 1)
    return f"<figure>{svg}<figcaption>{escape(block.alt)}</figcaption></figure>"
