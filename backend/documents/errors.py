"""Why an upload is refused: one class for each reason, with its own `code`.

Messages name the file, say what is wrong and what to do. The page translates by `code`.
Every class can be pickled, so that the reader may run in a process of its own.
"""

from __future__ import annotations

from backend.errors import UnreadableMaterial


class DocumentRefused(UnreadableMaterial):
    """The root of every refusal of the reader."""


class EmptyDocument(DocumentRefused):
    """No byte, a byte order mark alone, white space alone, or markup around no text."""

    code = "material_empty"
    title = "The material is empty"


class ScannedDocument(DocumentRefused):
    """Pages that are pictures, without a text layer."""

    code = "material_scan"
    title = "The material is a scan without text"


class EncryptedDocument(DocumentRefused):
    """A password is needed to read it."""

    code = "material_encrypted"
    title = "The material is protected by a password"


class CorruptDocument(DocumentRefused):
    """Truncated or damaged: its own format's rules are broken."""

    code = "material_corrupt"
    title = "The material is damaged"


class MislabelledDocument(DocumentRefused):
    """The name promises one format and the content is another."""

    code = "material_mislabelled"
    title = "The file isn't what its name says"


class DocumentTooLarge(DocumentRefused):
    """More bytes, characters, pages or unpacked data than the reader takes."""

    code = "material_too_large"
    http_status = 413
    title = "The material is too large"


class DocumentTooSlow(DocumentRefused):
    """Reading took longer than it may."""

    code = "material_too_slow"
    title = "The material takes too long to read"


class UnsupportedDocument(DocumentRefused):
    """A format the reader doesn't know."""

    code = "material_unsupported"
    title = "This kind of file can't be read"


class GarbledDocument(DocumentRefused):
    """The letters were lost or mixed up by a wrong encoding, beyond certain repair."""

    code = "material_mojibake"
    title = "The material's letters are garbled"
