"""Documents of headings, paragraphs, lists and tables: as Markdown, and as HTML for print."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape


@dataclass(frozen=True, slots=True)
class Text:
    """One paragraph."""

    words: str


@dataclass(frozen=True, slots=True)
class Note:
    """A paragraph that has to stand out: what is still open, what nobody has measured."""

    words: str


@dataclass(frozen=True, slots=True)
class Points:
    """A list."""

    items: Sequence[str]


@dataclass(frozen=True, slots=True)
class Facts:
    """Terms with what is to be said of each."""

    pairs: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Grid:
    """A table; every row has a cell for each head."""

    heads: Sequence[str]
    rows: Sequence[Sequence[str]]

    def __post_init__(self) -> None:
        """Refuses a row that does not fit under the heads."""
        if any(len(row) != len(self.heads) for row in self.rows):
            raise ValueError("a row of the table has another number of cells than its heads")


@dataclass(frozen=True, slots=True)
class Part:
    """A heading with what stands below it."""

    title: str
    blocks: Sequence[Block]


Block = Text | Note | Points | Facts | Grid | Part


@dataclass(frozen=True, slots=True)
class Document:
    """One document; `name` is that of its file and its place in the pack."""

    name: str
    title: str
    summary: str
    blocks: Sequence[Block] = field(default_factory=tuple)


# --- Markdown -----------------------------------------------------------------------------------


def to_markdown(document: Document) -> str:
    """The document as Markdown, a heading a part."""
    lines = [f"# {document.title}", "", document.summary, ""]
    lines += _markdown(document.blocks, 2)
    return "\n".join(lines).rstrip() + "\n"


def _markdown(blocks: Sequence[Block], level: int) -> list[str]:
    lines: list[str] = []
    for block in blocks:
        if isinstance(block, Part):
            lines += [f"{'#' * level} {block.title}", "", *_markdown(block.blocks, level + 1)]
            continue
        if isinstance(block, Text):
            lines.append(block.words)
        elif isinstance(block, Note):
            lines.append(f"> {block.words}")
        elif isinstance(block, Points):
            lines += [f"- {item}" for item in block.items]
        elif isinstance(block, Facts):
            lines += [f"- **{term}**: {words}" for term, words in block.pairs]
        else:
            lines += _markdown_table(block)
        lines.append("")
    return lines


def _markdown_table(grid: Grid) -> list[str]:
    def line(cells: Sequence[str]) -> str:
        return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"

    return [line(grid.heads), line(["---"] * len(grid.heads)), *map(line, grid.rows)]


# --- HTML ---------------------------------------------------------------------------------------

_STYLE = """
:root { --ink: #1d2a2e; --soft: #55646a; --line: #cfd6d2; --paper: #fbfaf6; --deep: #14564f;
  --sun: #8a5a00; --sun-soft: #fff4dc; }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink);
  font: 17px/1.55 system-ui, "Segoe UI", "Liberation Sans", sans-serif; }
main { max-width: 70rem; margin: 0 auto; padding: 3rem 1.5rem 5rem; }
h1, h2, h3, h4 { line-height: 1.2; text-wrap: balance; overflow-wrap: anywhere; }
p, li, dt, dd { min-width: 0; overflow-wrap: anywhere; hyphens: auto; }
h1 { font-size: clamp(1.6rem, 7vw, 2.3rem); margin: 0 0 .5rem; }
h2 { font-size: 1.65rem; margin: 0 0 .5rem; color: var(--deep); }
h3 { font-size: 1.2rem; margin: 2rem 0 .5rem; }
h4 { font-size: 1.02rem; margin: 1.5rem 0 .25rem; }
p, ul, dl { max-width: 42rem; margin: 0 0 1rem; }
.lead { font-size: 1.15rem; color: var(--soft); }
section { background: #fff; border: 1px solid var(--line); border-radius: 6px;
  padding: 2rem; margin: 2rem 0; }
nav ol { columns: 2; column-gap: 3rem; padding-left: 1.4rem; max-width: none; }
nav li { margin: .25rem 0; break-inside: avoid; }
a { color: var(--deep); }
a:focus-visible { outline: 3px solid var(--sun); outline-offset: 2px; }
.note { border-left: 4px solid var(--sun); background: var(--sun-soft); padding: .75rem 1rem;
  max-width: 46rem; }
dl { display: grid; grid-template-columns: 11rem 1fr; gap: .5rem 1.5rem; max-width: 54rem; }
dt { font-weight: 600; }
dd { margin: 0; }
.scroll { overflow-x: auto; margin: 0 0 1.5rem; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; }
th, td { text-align: left; vertical-align: top; padding: .5rem .6rem;
  border-bottom: 1px solid var(--line); }
th { border-bottom: 2px solid var(--deep); }
td:first-child { font-weight: 600; }
td code { overflow-wrap: normal; }
code { font-size: .9em; overflow-wrap: anywhere; }
footer { color: var(--soft); font-size: .9rem; }
@media (max-width: 40rem) {
  nav ol { columns: 1; }
  section { padding: 1.25rem; }
  dl { grid-template-columns: 1fr; gap: .15rem; }
  dt { margin-top: .75rem; }
}
@media print {
  @page { size: A4; margin: 16mm 14mm 18mm; }
  body { background: #fff; font-size: 10.5pt; }
  main { max-width: none; padding: 0; }
  section { border: 0; padding: 0; margin: 0; break-before: page; }
  table { font-size: 8.5pt; }
  tr, .note, dt { break-inside: avoid; }
  h3, h4 { break-after: avoid; }
  thead { display: table-header-group; }
  a { color: inherit; text-decoration: none; }
}
"""


def to_html(title: str, lead: str, documents: Sequence[Document], foot: str) -> str:
    """All documents on one page of HTML that stands by itself and prints well."""
    contents = "".join(
        f'<li><a href="#{document.name}">{escape(document.title)}</a></li>'
        for document in documents
    )
    sections = "\n".join(
        f'<section id="{document.name}">\n<h2>{escape(document.title)}</h2>\n'
        f'<p class="lead">{_inline(document.summary)}</p>\n{_html(document.blocks, 3)}</section>'
        for document in documents
    )
    return (
        '<!doctype html>\n<html lang="nl">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<main>\n"
        f'<h1>{escape(title)}</h1>\n<p class="lead">{_inline(lead)}</p>\n'
        f'<nav aria-label="Inhoud"><ol>{contents}</ol></nav>\n{sections}\n'
        f"<footer><p>{_inline(foot)}</p></footer>\n</main>\n</body>\n</html>\n"
    )


def _html(blocks: Sequence[Block], level: int) -> str:
    return "".join(_html_block(block, level) for block in blocks)


def _html_block(block: Block, level: int) -> str:
    if isinstance(block, Part):
        head = f"<h{level}>{_inline(block.title)}</h{level}>\n"
        return head + _html(block.blocks, min(level + 1, 4))
    if isinstance(block, Text):
        return f"<p>{_inline(block.words)}</p>\n"
    if isinstance(block, Note):
        return f'<p class="note">{_inline(block.words)}</p>\n'
    if isinstance(block, Points):
        return f"<ul>{''.join(f'<li>{_inline(item)}</li>' for item in block.items)}</ul>\n"
    if isinstance(block, Facts):
        pairs = "".join(
            f"<dt>{_inline(term)}</dt><dd>{_inline(words)}</dd>" for term, words in block.pairs
        )
        return f"<dl>{pairs}</dl>\n"
    heads = "".join(f'<th scope="col">{_inline(head)}</th>' for head in block.heads)
    rows = "".join(
        f"<tr>{''.join(f'<td>{_inline(cell)}</td>' for cell in row)}</tr>\n" for row in block.rows
    )
    return (
        f'<div class="scroll" tabindex="0"><table>\n<thead><tr>{heads}</tr></thead>\n'
        f"<tbody>\n{rows}</tbody>\n</table></div>\n"
    )


_CODE = re.compile(r"`([^`]+)`")


def _inline(words: str) -> str:
    return _CODE.sub(r"<code>\1</code>", escape(words))
