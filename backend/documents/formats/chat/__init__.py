"""Chats that were exported as JSON: values, then messages, then text that tells who speaks."""

from backend.documents.formats.chat.reading import NoChat, NoJson, read_chat

__all__ = ["NoChat", "NoJson", "read_chat"]
