"""How people call us: one blueprint a subject; a view parses, calls one service, renders."""

from flask import Blueprint


def blueprints() -> list[Blueprint]:
    """Every subject's pages, in the order of the journey."""
    from hr_portal.web import (
        account,
        admin,
        annotated,
        batches,
        calendar,
        columns,
        company,
        differences,
        documents,
        filing,
        four_eyes,
        guide,
        health,
        home,
        letters,
        mending,
        messages,
        numbers,
        outlets,
        proofs,
        queue,
        results,
        splitting,
        submission,
        tracking,
        workbench,
    )

    return [
        health.blueprint,
        home.blueprint,
        account.blueprint,
        guide.blueprint,
        batches.blueprint,
        columns.blueprint,
        results.blueprint,
        annotated.blueprint,
        differences.blueprint,
        mending.blueprint,
        splitting.blueprint,
        documents.blueprint,
        filing.blueprint,
        letters.blueprint,
        proofs.blueprint,
        numbers.blueprint,
        submission.blueprint,
        tracking.blueprint,
        messages.blueprint,
        queue.blueprint,
        workbench.blueprint,
        company.blueprint,
        admin.blueprint,
        four_eyes.blueprint,
        outlets.blueprint,
        calendar.blueprint,
    ]
