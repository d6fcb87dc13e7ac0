"""Downloads of invented students, as the LMSs lay them out; `tests/lms/test_downloads.py` says where that is written."""

from __future__ import annotations

import io
import json
import stat
import zipfile
from collections.abc import Mapping
from pathlib import Path

from released import answered, released

ROSTER = """\
id,first_name,last_name,email,section,lms_user_id,lms_login_id,moodle_id
ada,Ada,Lovelace,ada@example.org,Monday,101,al23,s1
bo,Bo,Lee,bo@example.org,Monday,102,bl_one,s2
bo2,Bo,Lee,bo2@example.org,Tuesday,103,bl2,s3
zoe,Zoë,O'Neil,zoe@example.org,Tuesday,104,zo4,s4
"""


def notebook(answer: str = "Because.") -> bytes:
    """The lesson of self-attention as somebody handed it in, each answer another notebook."""
    return json.dumps(answered(answer)).encode()


def of_another_unit() -> bytes:
    """The lesson of embeddings, which defines nothing of self-attention."""
    document = released()
    for cell in document["cells"]:
        for old, new in (
            ("scaled_scores", "one_hot"),
            ("softmax", "project_qkv"),
            ("why-sqrt-d_k", "why-embed"),
        ):
            cell["source"] = cell["source"].replace(old, new)
            if "nbgrader" in cell["metadata"]:
                named = cell["metadata"]["nbgrader"]
                named["grade_id"] = named["grade_id"].replace(old, new)
    return json.dumps(document).encode()


def zipped(files: Mapping[str, bytes | str], path: Path | None = None) -> bytes:
    """A zip of these files, written to `path` where it is given."""
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    if path is not None:
        path.write_bytes(raw.getvalue())
    return raw.getvalue()


def a_link(name: str) -> zipfile.ZipInfo:
    """An entry of a zip that is a link."""
    info = zipfile.ZipInfo(name)
    info.create_system, info.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
    return info


def worksheet(*rows: str, header: str = "") -> str:
    """Moodle's grading worksheet with these rows, as an English Moodle that shows ID numbers and addresses writes it."""
    titles = header or (
        'Identifier,"Full name","ID number","Email address",Status,Grade,"Maximum grade","Grade can be changed",'
        '"Last modified (submission)","Last modified (grade)","Feedback comments"'
    )
    return "\ufeff" + "\n".join((titles, *rows)) + "\n"


def row(number: int, name: str, id: str, email: str, at: str = "-") -> str:
    """A line of it, for somebody who is not graded yet."""
    return f'"Participant {number}","{name}",{id},{email},"Submitted for grading",,100.00,Yes,"{at}",-,'
