"""Write the page of the data sets and the list of licences: python -m rnncore.data."""

import os
import sys
from pathlib import Path

from rnncore.data.page import licences, page

WRITTEN = {
    Path("chapters/datasets.md"): page,
    Path("rnncore/data/files/LICENCES.md"): licences,
}


def write(course: Path) -> None:
    """Write both into the course's folder.

    Raises
    ------
    FileNotFoundError
        If it is another folder.
    """
    for name, text in WRITTEN.items():
        path = course / name
        if not path.parent.is_dir():
            raise FileNotFoundError(
                f"{path.parent} is no folder: run this in the course's own folder"
            )
        unfinished = path.with_name(f"{path.name}.part")
        unfinished.write_text(text(), encoding="utf-8")
        os.replace(unfinished, path)


if __name__ == "__main__":
    try:
        write(Path())
    except FileNotFoundError as error:
        sys.exit(str(error))
