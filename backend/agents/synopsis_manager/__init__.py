"""The agent that makes study notes. Importing it registers the agent and its offline skills."""

from backend.agents.synopsis_manager import offline as offline
from backend.agents.synopsis_manager.agent import SynopsisManager as SynopsisManager
