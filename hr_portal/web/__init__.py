"""How people call us: one blueprint a subject; a view parses, calls one service, renders."""

from flask import Blueprint


def blueprints() -> list[Blueprint]:
    """Every subject's pages, in the order of the journey."""
    from hr_portal.web import (
        admin,
        annotated,
        batches,
        company,
        documents,
        health,
        home,
        letters,
        queue,
        results,
        submission,
        tracking,
        workbench,
    )

    return [
        health.blueprint,
        home.blueprint,
        batches.blueprint,
        results.blueprint,
        annotated.blueprint,
        documents.blueprint,
        letters.blueprint,
        submission.blueprint,
        tracking.blueprint,
        queue.blueprint,
        workbench.blueprint,
        company.blueprint,
        admin.blueprint,
    ]
