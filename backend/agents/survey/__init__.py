"""What a material deals with: its topics, terms and questions. Shared by agents that need that.

Imports nothing: the processes that compute offline answers import parts of this package only.
"""
