"""What python-docx, which knows nothing of this program, finds in its Word files."""

import sys

from docx import Document
from docx.oxml.ns import qn


def look(path):
    document = Document(path)
    body = document.element.body
    levels = [
        int(paragraph.style.name.split()[-1])
        for paragraph in document.paragraphs
        if paragraph.style.name.startswith("Heading ")
    ]
    assert levels, "no headings"
    assert all(now <= before + 1 for before, now in zip([0] + levels, levels)), f"levels {levels}"
    tables = [table for table in document.tables if table.style.name == "Table Grid"]
    assert tables, "no tables"
    headed = [table for table in tables if table.rows[0]._tr.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None]
    assert len(headed) == len(tables), f"{len(tables) - len(headed)} tables without a heading row"
    spoken = set()
    for run in body.iter(qn("w:r")):
        if run.find(qn("w:t")) is not None:
            language = run.find(f"{qn('w:rPr')}/{qn('w:lang')}")
            assert language is not None, "a run without a language"
            spoken.add(language.get(qn("w:val")).split("-")[0])
    named = path.rsplit("/", 1)[-1].split(".")[1].split("-")
    assert spoken == set(named), f"languages {spoken}"
    pictures = list(body.iter(qn("wp:docPr")))
    assert pictures and all(picture.get("descr") for picture in pictures), "pictures without words"
    tags = [tag.get(qn("w:val")) for tag in body.iter(qn("w:tag"))]
    most = max(tags.count(tag) for tag in set(tags)) if tags else 0
    assert 1 <= most <= len(named), f"a figure stands {most} times"
    locks = [lock.get(qn("w:val")) for lock in body.iter(qn("w:lock"))]
    assert locks == ["contentLocked"] * len(tags), "controls that aren't locked"
    print(f"{path.rsplit('/', 2)[-2]}/{path.rsplit('/', 1)[-1]}: {len(levels)} headings, {len(tables)} tables, "
          f"{len(pictures)} pictures, {len(tags)} figures, {', '.join(sorted(spoken))}")


for path in sys.argv[1:]:
    look(path)
