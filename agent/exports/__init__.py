"""The file formats that records are written in: each is a head, a text for each record, and a tail."""

from agent.exports.export import EXPORTS, Export, export_for, format_of
from agent.exports.sink import Sink

__all__ = ["EXPORTS", "Export", "Sink", "export_for", "format_of"]
