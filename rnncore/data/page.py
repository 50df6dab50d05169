"""The page of the data sets and the list of their licences, made from what is known of them."""

from collections.abc import Iterable, Iterator

from rnncore.data.source import DATASETS, GENERATED, Baselines, Dataset, Generated

INTRODUCTION = """\
# Data sets and licences

% Made by `python -m rnncore.data` from rnncore/data/files/datasets.toml: change it there.

The data travel with the course, and no loader of `rnncore.data` needs a network.
The handwritten digits come with scikit-learn; all others lie in files beside the loaders.
Each data set keeps its own licence.
Where you show results, show the credit line too.
"""
GENERATED_DATA = """\
(generated-data)=
## Generated data

Some tasks are made up, so that you know what a net has to remember and for how long.
Each is drawn by a random generator that you hand over: the same seed, the same data.
"""


def page() -> str:
    """Return the page of the data sets, Markdown."""
    overview = _table(
        ["data set", "holds", "licence"],
        (
            [f"[{dataset.title}](#{_label(key)})", dataset.content, dataset.licence]
            for key, dataset in DATASETS.items()
        ),
    )
    return _blocks(
        INTRODUCTION,
        overview,
        *(_about(key, dataset) for key, dataset in DATASETS.items()),
        GENERATED_DATA,
        *(_about_generated(key, generated) for key, generated in GENERATED.items()),
    )


def licences() -> str:
    """Return the licences of the files, and the notices that travel with them, Markdown."""
    shipped = [dataset for dataset in DATASETS.values() if dataset.file]
    return _blocks(
        "# Licences of the data files",
        _table(
            ["file", "licence", "credit line"],
            ([f"`{dataset.file}`", dataset.licence, dataset.credit] for dataset in shipped),
        ),
        *(
            f"## Notice of `{dataset.file}`\n\n{dataset.notice}"
            for dataset in shipped
            if dataset.notice
        ),
    )


def _about(key: str, dataset: Dataset) -> str:
    blocks = [
        f"({_label(key)})=\n## {dataset.title}",
        dataset.about,
        "\n".join(_facts(dataset)),
        "Its flaws decide how you may use it:",
        "\n".join(f"- {flaw}" for flaw in dataset.flaws),
        *_tables(dataset.baselines),
    ]
    if dataset.notice:
        title = f"The notice that travels with `{dataset.file}`"
        blocks.append(f":::{{admonition}} {title}\n:class: dropdown\n{dataset.notice}:::")
    return _blocks(*blocks)


def _about_generated(key: str, generated: Generated) -> str:
    return _blocks(
        f"({_label(key)})=\n### {generated.title}",
        generated.about,
        f"- **Drawn by**: {_link(generated.function)}",
        *_tables(generated.baselines),
    )


def _facts(dataset: Dataset) -> Iterator[str]:
    yield f"- **Loader**: {_link(dataset.loader)}"
    if dataset.columns:
        yield "- **An entry holds**:"
        yield from (f"  - `{column.name}`: {column.meaning}" for column in dataset.columns)
    yield f"- **Source**: {dataset.source}"
    yield f"- **Licence**: {dataset.licence_facts}"
    yield f"- **Credit line**: *{dataset.credit}*"
    yield f"- **Split**: {dataset.split}"


def _tables(tables: Iterable[Baselines]) -> Iterator[str]:
    yield from (_table(table.head, table.rows) for table in tables)


def _table(head: list[str], rows: Iterable[list[str]]) -> str:
    body = "\n".join(f"| {' | '.join(row)} |" for row in (head, *rows))
    return body.replace("\n", f"\n|{'---|' * len(head)}\n", 1)


def _blocks(*blocks: str) -> str:
    """Put a blank line between blocks and a line's end after the last."""
    return "\n\n".join(block.strip("\n") for block in blocks) + "\n"


def _link(function: str) -> str:
    return f"{{py:func}}`~rnncore.data.{function}`"


def _label(key: str) -> str:
    return f"data-{key.replace('_', '-')}"
