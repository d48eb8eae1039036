"""Definitions as an Anki deck (.apkg): term on one side, meaning and source on the other.

The format is a ZIP with an SQLite database of Anki's schema 11, which every Anki since 2.1 reads.
Written here because the package for it (genanki) draws in one under the LGPL.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
import zipfile
from collections import Counter
from contextlib import closing
from html import escape
from io import BytesIO

from backend.domain.artifacts import DefinitionItem
from backend.errors import NothingToExport
from backend.exports.notes import ExportedNotes, NumberedItem, printable

_FIELDS = ("Term", "Meaning", "Source")
_FIELD_SEPARATOR = "\x1f"
# A fixed moment: the same notes are the same deck.
_MADE_S = 1_700_000_000
_CSS = (
    ".card { font: 20px sans-serif; text-align: center; } "
    ".source { font-size: 13px; opacity: .7; margin-top: 1em; }"
)
_SCHEMA = """
CREATE TABLE col (id integer primary key, crt integer, mod integer, scm integer, ver integer,
  dty integer, usn integer, ls integer, conf text, models text, decks text, dconf text, tags text);
CREATE TABLE notes (id integer primary key, guid text, mid integer, mod integer, usn integer,
  tags text, flds text, sfld text, csum integer, flags integer, data text);
CREATE TABLE cards (id integer primary key, nid integer, did integer, ord integer, mod integer,
  usn integer, type integer, queue integer, due integer, ivl integer, factor integer, reps integer,
  lapses integer, left integer, odue integer, odid integer, flags integer, data text);
CREATE TABLE revlog (id integer primary key, cid integer, usn integer, ease integer, ivl integer,
  lastIvl integer, factor integer, time integer, type integer);
CREATE TABLE graves (usn integer, oid integer, type integer);
CREATE INDEX ix_notes_usn ON notes (usn);
CREATE INDEX ix_cards_nid ON cards (nid);
"""


def to_anki(notes: ExportedNotes, deck_key: str) -> bytes:
    """The deck. A later export under the same `deck_key` updates its cards in place of new ones.

    Raises NothingToExport for notes without definitions.
    """
    found = [each for each in notes.items if isinstance(each.item, DefinitionItem)]
    if not found:
        raise NothingToExport(
            "These notes have no definitions, and only definitions become cards. Export them as "
            "md, html or pdf."
        )
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in (
            ("collection.anki2", _collection(notes, found, deck_key)),
            ("media", b"{}"),
        ):
            package.writestr(zipfile.ZipInfo(name, (2023, 11, 14, 0, 0, 0)), content)
    return out.getvalue()


def _collection(notes: ExportedNotes, found: list[NumberedItem], deck_key: str) -> bytes:
    deck_id, model_id = _number("deck", deck_key), _number("model", "offstage definitions 1")
    with closing(sqlite3.connect(":memory:")) as database:
        database.executescript(_SCHEMA)
        database.execute(
            "INSERT INTO col VALUES (1, ?, ?, ?, 11, 0, 0, 0, ?, ?, ?, ?, '{}')",
            (
                _MADE_S,
                _MADE_S * 1000,
                _MADE_S * 1000,
                json.dumps({"curDeck": 1, "nextPos": 1, "activeDecks": [1], "sortType": "noteFld"}),
                json.dumps({str(model_id): _model(model_id, deck_id)}),
                json.dumps({"1": _deck(1, "Default"), str(deck_id): _deck(deck_id, notes.title)}),
                json.dumps({"1": _OPTIONS}),
            ),
        )
        often: Counter[str] = Counter()
        for place, each in enumerate(found, 1):
            assert isinstance(each.item, DefinitionItem)
            term = each.item.term.lower()
            often[term] += 1
            guid = _guid(deck_key, term, often[term])
            _add(database, guid, _fields(notes, each), place, deck_id, model_id)
        database.commit()
        return database.serialize()


def _guid(deck_key: str, term: str, nth: int) -> str:
    """The same for the nth definition of a term in each export of these notes."""
    return hashlib.sha256(f"{deck_key}\n{term}\n{nth}".encode()).hexdigest()[:16]


def _fields(notes: ExportedNotes, each: NumberedItem) -> list[str]:
    """What `_FIELDS` names."""
    assert isinstance(each.item, DefinitionItem)
    meaning = _text(each.item.text)
    if remark := notes.remark_on(each.item):
        meaning += f" <i>({_text(remark)})</i>"
    told = [
        f"{_text(source.title)}: {_text(source.passage)}"
        if source.title is not None
        else _text(notes.word("deleted"))
        for source in (notes.sources[number - 1] for number in each.numbers)
    ]
    return [_text(each.item.term), meaning, "<br>".join(told)]


def _add(
    database: sqlite3.Connection,
    guid: str,
    fields: list[str],
    place: int,
    deck_id: int,
    model_id: int,
) -> None:
    term = fields[0]
    checksum = int(hashlib.sha1(term.encode(), usedforsecurity=False).hexdigest()[:8], 16)
    note_id = _number("note", guid)
    database.execute(
        "INSERT INTO notes VALUES (?, ?, ?, ?, -1, '', ?, ?, ?, 0, '')",
        (note_id, guid, model_id, _MADE_S, _FIELD_SEPARATOR.join(fields), term, checksum),
    )
    database.execute(
        "INSERT INTO cards VALUES (?, ?, ?, 0, ?, -1, 0, 0, ?, 0, 0, 0, 0, 0, 0, 0, 0, '')",
        (note_id, note_id, deck_id, _MADE_S, place),
    )


def _number(kind: str, key: str) -> int:
    """An id as Anki has them: of the size of a time in milliseconds."""
    digest = hashlib.sha256(f"{kind}\n{key}".encode()).digest()
    return _MADE_S * 1000 + int.from_bytes(digest[:5], "big") % 1_000_000_000_000


def _deck(deck_id: int, name: str) -> dict[str, object]:
    # "::" would make decks within decks.
    shown = " ".join(printable(name).replace("::", ":").split())[:100] or "Offstage"
    today = {"newToday": [0, 0], "revToday": [0, 0], "lrnToday": [0, 0], "timeToday": [0, 0]}
    return {
        "id": deck_id,
        "name": shown,
        "mod": _MADE_S,
        "usn": -1,
        "desc": "",
        "dyn": 0,
        "conf": 1,
        "collapsed": False,
        "browserCollapsed": False,
        "extendNew": 0,
        "extendRev": 0,
        **today,
    }


def _model(model_id: int, deck_id: int) -> dict[str, object]:
    fields = [
        {
            "name": name,
            "ord": place,
            "font": "Arial",
            "size": 20,
            "sticky": False,
            "rtl": False,
            "media": [],
        }
        for place, name in enumerate(_FIELDS)
    ]
    card = {
        "name": "Card 1",
        "ord": 0,
        "qfmt": "{{Term}}",
        "afmt": '{{FrontSide}}<hr id="answer">{{Meaning}}<div class="source">{{Source}}</div>',
        "bqfmt": "",
        "bafmt": "",
        "did": None,
    }
    return {
        "id": model_id,
        "name": "Offstage definition",
        "type": 0,
        "mod": _MADE_S,
        "usn": -1,
        "sortf": 0,
        "did": deck_id,
        "tmpls": [card],
        "flds": fields,
        "css": _CSS,
        "latexPre": "",
        "latexPost": "",
        "tags": [],
        "vers": [],
        "req": [[0, "all", [0]]],
    }


_OPTIONS = {
    "id": 1,
    "name": "Default",
    "mod": 0,
    "usn": 0,
    "maxTaken": 60,
    "autoplay": True,
    "timer": 0,
    "replayq": True,
    "dyn": False,
    "new": {
        "delays": [1, 10],
        "ints": [1, 4, 7],
        "initialFactor": 2500,
        "order": 1,
        "perDay": 20,
        "bury": False,
        "separate": True,
    },
    "lapse": {"delays": [10], "mult": 0, "minInt": 1, "leechFails": 8, "leechAction": 0},
    "rev": {
        "perDay": 200,
        "ease4": 1.3,
        "fuzz": 0.05,
        "ivlFct": 1,
        "maxIvl": 36500,
        "bury": False,
        "minSpace": 1,
    },
}


def _text(text: str) -> str:
    """Anki reads "[latex]" and "[sound:…]" in a field, and "{{…}}" where it asks for clozes."""
    plain = escape(" ".join(printable(text).split()))
    return plain.replace("[", "&#91;").replace("{", "&#123;")
