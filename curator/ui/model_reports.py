"""What is told of a job in which a neural model looked at pictures."""

from __future__ import annotations

from typing import Any

from curator.core.readable import count
from curator.ui.context import Context
from curator.ui.job_bridge import JobState, Ticket
from curator.ui.notices import Notice


def tell_of_model(context: Context, ticket: Ticket, title: str, verb: str) -> Any:
    """Tell of an error, and of pictures that could not be `verb`; the report, None if cut short.

    The report has `failed`, `runs_on` and `lines()`.
    """
    if ticket.error is not None:
        context.tell_error(ticket.error, title)
    if ticket.state is not JobState.DONE:
        return None
    report = ticket.result
    ticket.report = "\n".join([*filter(None, [report.runs_on]), *report.lines()])
    if report.failed:
        words = f"{count(len(report.failed), 'picture')} could not be {verb}."
        context.tell(Notice(words, details=ticket.report))
    return report
