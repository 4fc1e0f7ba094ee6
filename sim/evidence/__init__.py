"""The sourced facts: documents, events, system figures, roads and towns, each with an id and a grade."""

from sim.errors import EvidenceError
from sim.evidence.evidence import Evidence, load
from sim.evidence.rows import GRADES, Document, Event, Fact, RoadFact, SystemFigure, TownFact

__all__ = [
    "GRADES",
    "Document",
    "Event",
    "Evidence",
    "EvidenceError",
    "Fact",
    "RoadFact",
    "SystemFigure",
    "TownFact",
    "load",
]
