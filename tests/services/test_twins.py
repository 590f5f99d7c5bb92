"""The same file again is noticed, shown with the earlier batch, and never refused."""

from hr_portal.services import intake, review, submission, twins


def seen(world, batch, actor=None):
    return [(t.id, t.same) for t in twins.twins(world.portal, actor or world.rahma, batch)]


def test_the_same_bytes_are_noticed_before_they_are_read(world):
    first = world.draft()
    second = world.upload(name="salinan.csv").batch_id
    assert seen(world, second) == [(first, "bytes")]
    assert seen(world, first) == []
    [twin] = twins.twins(world.portal, world.rahma, second)
    assert (twin.number, twin.state, twin.revision, twin.file_name) == (
        world.view(first).number, "draft", 1, "koreksi.csv",
    )  # fmt: skip
    assert twin.uploaded_at == world.view(first).revision.uploaded_at


def test_the_same_rows_in_another_file_are_noticed(world):
    first = world.submitted()
    spread = world.sheet().replace(b";", b"\t").replace(b"Sesuai KTP-el", b" Sesuai  KTP-el ")
    assert seen(world, world.draft(spread)) == [(first, "rows")]


def test_one_other_cell_or_another_order_is_another_file(world):
    world.draft()
    lines = world.sheet().splitlines(keepends=True)
    assert seen(world, world.draft(b"".join([lines[0], lines[2], lines[1], lines[3]]))) == []
    assert seen(world, world.draft(world.sheet().replace(b"Sesuai", b"Menurut"))) == []


def test_columns_in_another_order_say_the_same(world):
    first = world.draft()
    cells = [line.split(";") for line in world.sheet().decode().splitlines()]
    turned = "\r\n".join(";".join([*row[1:], row[0]]) for row in cells).encode()
    assert seen(world, world.draft(turned)) == [(first, "rows")]


def test_cancelled_and_unreadable_batches_and_other_companies_are_no_twins(world):
    intake.cancel_batch(world.portal, world.rahma, world.draft())
    world.draft(actor=world.wulan)
    assert seen(world, world.draft()) == []
    world.draft(b"Tanggal;Jam\r\n1;2\r\n")
    assert seen(world, world.draft(b"Tanggal;Jam\r\n1;2\r\n")) == []


def test_an_earlier_revision_counts_once_a_batch_and_the_latest_come_first(world):
    old = world.draft()
    world.revise(old, world.sheet(4))
    world.work()
    world.revise(old, world.sheet())
    world.work()
    others = [world.draft() for _ in range(3)]
    assert seen(world, world.draft()) == [(batch, "bytes") for batch in reversed(others)]
    assert seen(world, others[0]) == [(old, "bytes")]


def test_a_batchs_own_revisions_and_its_returned_rows_are_no_second_upload(world):
    batch = world.submitted()
    submission.withdraw(world.portal, world.rahma, batch, version=None, reason="Salah tanggal")
    assert seen(world, batch) == []
    world.confirm(batch)
    review_batch = world.submitted(world.sheet(4, start=300))
    review.take(world.portal, world.bayu, review_batch)
    review.give_verdicts(
        world.portal, world.bayu, review_batch, version=None, rows=[3], verdict="return",
        reason="KTP belum terbaca",
    )  # fmt: skip
    review.give_verdicts(
        world.portal, world.bayu, review_batch, version=None, rows="rest", verdict="approve"
    )
    child = review.decide(world.portal, world.bayu, review_batch, version=None).child_batch_id
    assert seen(world, child) == []
    assert seen(world, world.draft(world.sheet(4, start=300))) == [(review_batch, "bytes")]
    assert seen(world, review_batch, world.bayu) == []
