"""Notices: e-mails about a batch or an account, queued with the change they tell of.

No personal data: a number, a state, counts, and a link that asks for a sign-in. Each is
sent at most once: it is marked at the moment it is handed to the server, and where nobody knows
whether the server took it, it stays marked, is not sent again by itself, and an admin sees it
(`unsent`).
"""

import datetime as dt
import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from email.utils import parseaddr
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from hr_portal.adapters.database.models import Batch, Job, Membership, OutboxEntry, Revision, User
from hr_portal.adapters.mail import Mailer, NotSentError, PerhapsSentError
from hr_portal.services import account_links, crashpoints, email_codes, jobs
from hr_portal.services.context import Portal

logger = logging.getLogger(__name__)

JOB: Final = "mail"
OWN_ACCOUNT: Final = "-"
"""The subject of notices that are about no batch."""
MOST_TRIES: Final = 80
"""Three days: a server that is down over a weekend loses none."""
MOST_TRIES_OF_A_CODE: Final = 5
"""Whoever asked for a code doesn't wait for hours."""
FIRST_DELAY: Final = 30.0
"""Seconds until the second try; each next one waits twice as long, up to the longest."""
LONGEST_DELAY: Final = 3600.0
UNKNOWN: Final = "unknown"
"""The error of one that was handed over, and of which no answer is known."""
WARNED_EVERY: Final = dt.timedelta(hours=1)
MOST_OVERDUE: Final = 200
"""Batches that one sweep tells of."""


@dataclass(frozen=True, slots=True)
class Notice:
    """One kind of e-mail, in both languages; {number} is the batch's, where it is about one."""

    subject: str
    text: str
    text_en: str


NOTICES: Final[dict[str, Notice]] = {
    "taken": Notice(
        "Pengajuan {number} mulai diperiksa",
        "Pemeriksa kantor cabang mulai memeriksa pengajuan {number}.",
        "A reviewer of the branch has begun to review submission {number}.",
    ),
    "second_wanted": Notice(
        "Pengajuan {number} menunggu pemeriksa kedua",
        "Pengajuan {number} sudah diperiksa satu kali dan menunggu pemeriksa kedua di antrean Anda.",
        "Submission {number} was reviewed once and waits in your queue for a second reviewer.",
    ),
    "withdrawn": Notice(
        "Pengajuan {number} ditarik kembali",
        "HRD menarik kembali pengajuan {number} sebelum diputuskan, jadi pemeriksaannya berakhir. "
        "Keputusan baris yang sudah Anda berikan tetap tercatat.",
        "HR has withdrawn submission {number} before it was decided, so its review has ended. "
        "The verdicts you gave stay on record.",
    ),
    "set_aside": Notice(
        "Keputusan pengajuan {number} dibuka kembali",
        "Admin membuka kembali keputusan pengajuan {number}. Pengajuan menunggu diperiksa lagi; alasannya "
        "tercantum pada halaman pengajuan.",
        "An admin has reopened the decision on submission {number}. It waits to be reviewed again; the "
        "reason is on its page.",
    ),
    "returned": Notice(
        "Pengajuan {number} dikembalikan",
        "Pengajuan {number} dikembalikan untuk diperbaiki. Alasannya tercantum pada halaman pengajuan.",
        "Submission {number} was returned to be mended. The reasons are on its page.",
    ),
    "decided": Notice(
        "Pengajuan {number} sudah diputuskan",
        "Pengajuan {number} sudah diputuskan. Hasil dan alasannya tercantum pada halaman pengajuan.",
        "Submission {number} was decided. The outcome and its reasons are on its page.",
    ),
    "answered": Notice(
        "Jawaban kantor cabang untuk pengajuan {number}",
        "Kantor cabang menjawab pengajuan {number}. Hasilnya tercantum pada halaman pengajuan.",
        "The agency has answered submission {number}. The result is on its page.",
    ),
    "asked": Notice(
        "Pesan baru pada pengajuan {number}",
        "Ada pesan baru pada pengajuan {number}. Baca dan jawab pada halaman pengajuan.",
        "There is a new message on submission {number}. Read and answer it on its page.",
    ),
    "draft_idle": Notice(
        "Draf {number} akan dihapus",
        "Draf {number} sudah lama tidak disentuh. Dua minggu lagi draf ini dibatalkan dan dokumennya dihapus. "
        "Masih diperlukan? Ubah atau ajukan sebelum itu.",
        "Draft {number} was not touched for a long time. In two weeks it is cancelled and its documents "
        "are deleted. Still needed? Change or submit it before.",
    ),
    "draft_lapsed": Notice(
        "Draf {number} dibatalkan dan dihapus",
        "Draf {number} tidak disentuh sejak pemberitahuan kami, jadi dibatalkan; dokumennya dihapus dan "
        "barisnya disamarkan. Masih diperlukan? Unggah berkasnya sebagai pengajuan baru.",
        "Draft {number} was not touched since we told you, so it is cancelled; its documents are deleted "
        "and its rows masked. Still needed? Upload the file as a new submission.",
    ),
    "overdue": Notice(
        "Pengajuan {number} melewati target pemeriksaan",
        "Pengajuan {number} belum diputuskan, padahal target pemeriksaannya sudah lewat.",
        "Submission {number} is not decided yet, although its target has passed.",
    ),
    "password_changed": Notice(
        "Kata sandi Anda diganti",
        "Kata sandi akun Anda di Portal Koreksi Data diganti. Bukan Anda? Hubungi admin portal sekarang.",
        "The password of your account was changed. Wasn't it you? Tell the portal's admin now.",
    ),
    "password_reset": Notice(
        "Admin membuat kata sandi baru untuk Anda",
        "Admin membuat kata sandi baru untuk akun Anda. Bukan Anda yang meminta? Hubungi admin portal.",
        "An admin made a new password for your account. Didn't you ask? Tell the portal's admin.",
    ),
    "second_factor_on": Notice(
        "Verifikasi dua langkah diaktifkan",
        "Verifikasi dua langkah diaktifkan untuk akun Anda. Bukan Anda? Hubungi admin portal sekarang.",
        "Two-step verification was turned on for your account. Wasn't it you? Tell the admin now.",
    ),
    "second_factor_off": Notice(
        "Verifikasi dua langkah dimatikan",
        "Verifikasi dua langkah dimatikan untuk akun Anda. Bukan Anda? Hubungi admin portal sekarang.",
        "Two-step verification was turned off for your account. Wasn't it you? Tell the admin now.",
    ),
    "recovery_code_used": Notice(
        "Kode pemulihan dipakai",
        "Salah satu kode pemulihan akun Anda dipakai untuk masuk. Bukan Anda? Hubungi admin portal.",
        "A recovery code of your account was used to sign in. Wasn't it you? Tell the admin.",
    ),
    "invited": Notice(
        "Undangan ke Portal Koreksi Data",
        "Anda diundang memakai Portal Koreksi Data. Buat kata sandi Anda lewat tautan di bawah. Tautan "
        "berlaku 24 jam dan hanya satu kali. Tidak merasa berkepentingan? Abaikan surel ini.",
        "You are invited to Portal Koreksi Data. Make your password by the link below. It is good for "
        "24 hours and only once. Not meant for you? Ignore this e-mail.",
    ),
    "reset_wanted": Notice(
        "Kata sandi baru untuk Portal Koreksi Data",
        "Seseorang meminta kata sandi baru untuk akun Anda. Buat lewat tautan di bawah. Tautan berlaku "
        "24 jam dan hanya satu kali. Bukan Anda? Abaikan surel ini; kata sandi Anda tidak berubah.",
        "Somebody asked for a new password for your account. Make it by the link below. It is good for "
        "24 hours and only once. Wasn't it you? Ignore this e-mail; your password stays.",
    ),
    "sign_in_code": Notice(
        "Kode masuk Portal Koreksi Data",
        "Kode Anda: {code}. Berlaku 10 menit dan hanya satu kali. Jangan berikan kepada siapa pun, juga "
        "tidak kepada admin. Tidak sedang masuk? Ganti kata sandi Anda sekarang.",
        "Your code: {code}. It is good for 10 minutes and only once. Give it to nobody, not even an "
        "admin. Not signing in? Change your password now.",
    ),
    "recovery_codes_drawn": Notice(
        "Kode pemulihan baru dibuat",
        "Kode pemulihan akun Anda di Portal Koreksi Data dibuat baru; yang lama tidak berlaku lagi. "
        "Bukan Anda? Ganti kata sandi Anda sekarang.",
        "New recovery codes were made for your account at Portal Koreksi Data; the old ones are no "
        "longer good. Wasn't it you? Change your password now.",
    ),
    "sessions_ended": Notice(
        "Semua sesi Anda diakhiri",
        "Admin mengakhiri semua sesi akun Anda di Portal Koreksi Data. Masuk lagi untuk melanjutkan; "
        "kata sandi Anda tetap.",
        "An admin has ended all sessions of your account at Portal Koreksi Data. Sign in again to go "
        "on; your password stays.",
    ),
    "codes_tried": Notice(
        "Seseorang mencoba kode verifikasi akun Anda",
        "Seseorang memberikan kata sandi Anda dengan benar, lalu salah kode verifikasi berkali-kali. "
        "Bukan Anda? Ganti kata sandi Anda sekarang: orang itu mengetahuinya.",
        "Somebody gave your right password and then wrong verification codes many times. Wasn't it "
        "you? Change your password now: that person knows it.",
    ),
    "token_made": Notice(
        "Token API dibuat atas nama Anda",
        "Pengelola membuat token API atas nama Anda: sebuah program dapat bekerja di portal sebagai "
        "Anda. Tidak memintanya? Beri tahu admin portal sekarang.",
        "The operator has made an API token in your name: a program can work at the portal as you. "
        "Didn't you ask for it? Tell the portal's admin now.",
    ),
    "role_given": Notice(
        "Akun Anda mendapat peran baru",
        "Akun Anda di Portal Koreksi Data mendapat peran baru. Masuk untuk melihatnya.",
        "Your account at Portal Koreksi Data has a new role. Sign in to see it.",
    ),
    "offered": Notice(
        "Undangan untuk bekerja bagi satu perusahaan lagi",
        "Sebuah perusahaan mengundang akun Anda di Portal Koreksi Data. Masuk, baca, lalu terima atau "
        "tolak. Sebelum Anda menerima, perusahaan itu tidak mengetahui apa pun tentang akun Anda.",
        "A company asks your account at Portal Koreksi Data to work for it. Sign in, read, then accept "
        "or decline. Before you accept, that company learns nothing about your account.",
    ),
    "role_taken": Notice(
        "Peran akun Anda dicabut",
        "Salah satu peran akun Anda di Portal Koreksi Data dicabut, atau akunnya dinonaktifkan.",
        "A role of your account at Portal Koreksi Data was taken away, or the account switched off.",
    ),
    "switched_off": Notice(
        "Akun Anda dinonaktifkan",
        "Admin menonaktifkan akun Anda di Portal Koreksi Data; semua sesinya berakhir. Tidak "
        "mengetahui alasannya? Hubungi admin portal.",
        "An admin switched your account off; all its sessions have ended. Don't know why? Ask the "
        "portal's admin.",
    ),
    "switched_on": Notice(
        "Akun Anda diaktifkan kembali",
        "Admin mengaktifkan kembali akun Anda di Portal Koreksi Data. Bukan Anda yang meminta? Hubungi "
        "admin portal.",
        "An admin switched your account on again. Didn't you ask? Tell the portal's admin.",
    ),
    "unlocked": Notice(
        "Kunci akun Anda dibuka",
        "Admin membuka kunci akun Anda setelah terlalu banyak percobaan masuk. Bukan Anda yang "
        "meminta? Hubungi admin portal.",
        "An admin unlocked your account after too many attempts to sign in. Didn't you ask? Tell them.",
    ),
}
WITH_LINK: Final[dict[str, account_links.Purpose]] = {"invited": "join", "reset_wanted": "reset"}
"""Notices whose link is drawn when they go out, by what it is for."""
OWN_PAGES: Final = {"offered": "/perusahaan-saya"}
"""Where notices about an account lead, where it isn't the page of the account."""
LINK: Final = "Buka / Open: {link}\n"
OUT_OF_SIGHT: Final = frozenset({"withdrawn"})
"""Notices to reviewers of a batch that is no longer theirs to see; they lead to the queue."""
FOOT: Final = (
    "Surel ini dikirim otomatis dan tidak memuat data pribadi. Jangan membalasnya.\n"
    "This e-mail was sent automatically and holds no personal data. Please don't reply.\n"
)


def tell(
    portal: Portal, session: Session, kind: str, batch: Batch, users: Iterable[str | None]
) -> None:
    """Queue a notice for each of the users in the session's transaction."""
    for user_id in sorted({user for user in users if user}):
        _queue(portal, session, kind, user_id, batch.id)


def tell_owner(portal: Portal, session: Session, kind: str, user_id: str) -> None:
    """Queue a notice for a person about their own account."""
    _queue(portal, session, kind, user_id, OWN_ACCOUNT)


def warn_of_tries(portal: Portal, user_id: str) -> None:
    """Tell a person, once an hour, that somebody who has their password tries codes."""
    with portal.db.write() as session:
        told = sa.select(OutboxEntry.id).where(
            OutboxEntry.kind == "codes_tried",
            OutboxEntry.user_id == user_id,
            OutboxEntry.created_at > portal.clock() - WARNED_EVERY,
        )
        if session.scalar(told.limit(1)) is None:
            tell_owner(portal, session, "codes_tried", user_id)


def _queue(portal: Portal, session: Session, kind: str, user_id: str, subject: str) -> None:
    entry = OutboxEntry(kind=kind, user_id=user_id, subject=subject, created_at=portal.clock())
    session.add(entry)
    session.flush()
    jobs.add(portal, session, JOB, str(entry.id))


def tell_company(portal: Portal, session: Session, kind: str, batch: Batch) -> None:
    """Queue a notice for those of the company who made and submitted the batch."""
    tell(portal, session, kind, batch, {batch.created_by, batch.submitted_by})


def tell_begun(portal: Portal, session: Session, batch: Batch) -> None:
    """Queue a notice that the review has begun, once for what was handed in or is judged again.

    Whoever goes on with it, a second reviewer for instance, begins nothing.
    """
    told = sa.exists().where(
        OutboxEntry.kind == "taken",
        OutboxEntry.subject == batch.id,
        Revision.batch_id == batch.id,
        Revision.number == batch.revision_number,
        OutboxEntry.created_at >= Revision.uploaded_at,
    )
    if not session.scalar(sa.select(told)):
        tell_company(portal, session, "taken", batch)


def tell_reviewers(
    portal: Portal, session: Session, kind: str, batch: Batch, *, but: str | None = None
) -> None:
    """Queue a notice for the branch's reviewers, all but one."""
    reviewers = session.scalars(
        sa.select(Membership.user_id).where(
            Membership.branch_id == batch.branch_id, Membership.role == "reviewer"
        )
    )
    tell(portal, session, kind, batch, {user for user in reviewers if user != but})


def tell_overdue(portal: Portal) -> int:
    """Queue, once a submission, notices of batches whose clock has run out; returns how many.

    To who holds it, or to all reviewers of its branch where nobody does.
    """
    with portal.db.write() as session:
        told = sa.exists().where(
            OutboxEntry.kind == "overdue",
            OutboxEntry.subject == Batch.id,
            OutboxEntry.created_at >= Batch.submitted_at,
        )
        # where there is nobody to tell, a batch would stand in front of the others at every sweep
        somebody = sa.exists().where(
            Membership.branch_id == Batch.branch_id, Membership.role == "reviewer"
        )
        late = (
            sa.select(Batch)
            .where(
                Batch.state.in_(("submitted", "in_review")),
                Batch.due_at < portal.clock(),
                ~told,
                sa.or_(Batch.reviewer_id.is_not(None), somebody),
            )
            .order_by(Batch.due_at)
        )
        untold = held_alone(session, late, MOST_OVERDUE)
        for batch in untold:
            if batch.reviewer_id:
                tell(portal, session, "overdue", batch, [batch.reviewer_id])
            else:
                tell_reviewers(portal, session, "overdue", batch)
        return len(untold)


def held_alone(session: Session, query: sa.Select[Batch], most: int) -> Sequence[Batch]:
    """Return batches that a query finds, and that no other worker tells of at this moment.

    Each is locked until the transaction ends, then looked for again: another may have told of
    it between the first look and the lock.
    """
    first = query.limit(most).with_for_update(of=Batch, skip_locked=True)
    ids = [batch.id for batch in session.scalars(first)]
    return session.scalars(query.where(Batch.id.in_(ids))).all() if ids else []


def mail_job(portal: Portal, claimed: jobs.Claim) -> None:
    """Send one notice; the end of a "mail" job."""
    with portal.db.write() as session:
        jobs.hold(portal, session, claimed)
        entry = session.get_one(OutboxEntry, int(claimed.subject))
        user = session.get_one(User, entry.user_id)
        is_own = entry.subject == OWN_ACCOUNT
        number = "" if is_own else session.get_one(Batch, entry.subject).number
        if not is_own and (waits := _seconds_behind(portal, session, entry)):
            jobs.retry(portal, session, claimed, "behind another", delay=waits, is_try=False)
            return
        if entry.started_at is not None:  # handed over by one that died: never twice
            entry.error = UNKNOWN
            jobs.finish(session, claimed)
            return
        if not _is_reached(entry, user):
            entry.error = None
            jobs.finish(session, claimed)
            return
        to, subject_id, kind = user.email, entry.subject, entry.kind
        path = OWN_PAGES.get(kind, "/akun") if is_own else f"/pengajuan/{subject_id}/lacak"
        path = "/antrean" if kind in OUT_OF_SIGHT else path
        link = portal.settings.base_url + path
        if purpose := WITH_LINK.get(kind):
            link = account_links.draw(portal, session, user.id, purpose)
        code = email_codes.draw(portal, session, user.id) if kind == "sign_in_code" else ""
    settings = portal.settings
    notice = NOTICES[kind]
    body = "\n".join(
        (
            notice.text.format(number=number, code=code),
            "",
            notice.text_en.format(number=number, code=code),
            "",
            LINK.format(link=link),
            FOOT,
        )
    )
    host = parseaddr(settings.mail_from)[1].rpartition("@")[2]

    def mark() -> None:
        with portal.db.write() as session:
            jobs.hold(portal, session, claimed)
            session.get_one(OutboxEntry, int(claimed.subject)).started_at = portal.clock()
        crashpoints.passing("mail:marked")

    crashpoints.passing("mail:ready")
    try:
        Mailer(settings.mail_url, settings.mail_from).send(
            to,
            notice.subject.format(number=number),
            body,
            message_id=f"<{claimed.subject}.{subject_id.strip(OWN_ACCOUNT) or 'akun'}@{host}>",
            before_handing_over=mark,
        )
    except NotSentError as error:
        _put_back(portal, claimed, error)
        return
    except PerhapsSentError:
        _end(portal, claimed, None, UNKNOWN)
        return
    crashpoints.passing("mail:sent")
    _end(portal, claimed, portal.clock(), None)


def is_worth_sending(entry: OutboxEntry, user: User) -> bool:
    """Tell whether a late notice still says something: a code that was asked for does not."""
    return entry.kind != "sign_in_code" and _is_reached(entry, user)


def _is_reached(entry: OutboxEntry, user: User) -> bool:
    """Tell whether a person is written to: of an account that is off, only that it is."""
    return user.is_active or entry.kind == "switched_off"


def _seconds_behind(portal: Portal, session: Session, entry: OutboxEntry) -> float:
    """Return how long a notice waits for an earlier one of its batch to the same person; 0 = not.

    Nobody shall read that a review has begun after they read how it ended.
    """
    earlier = session.execute(
        sa.select(Job.state, Job.run_after)
        .join(OutboxEntry, Job.subject == sa.cast(OutboxEntry.id, sa.String))
        .where(
            Job.kind == JOB, Job.state.in_(("queued", "running")),
            OutboxEntry.user_id == entry.user_id, OutboxEntry.subject == entry.subject,
            OutboxEntry.id < entry.id, OutboxEntry.sent_at.is_(None),
        )
        .order_by(OutboxEntry.id.desc())
        .limit(1)
    ).one_or_none()  # fmt: skip
    if earlier is None:
        return 0.0
    left = (earlier.run_after - portal.lease_time(session)).total_seconds()
    return max(left, 0.0) + 1.0 if earlier.state == "queued" else 1.0


def _end(
    portal: Portal, claimed: jobs.Claim, sent_at: dt.datetime | None, error: str | None
) -> None:
    with portal.db.write() as session:
        entry = session.get_one(OutboxEntry, int(claimed.subject))
        entry.sent_at, entry.error = sent_at, error
        jobs.finish(session, claimed)


def _put_back(portal: Portal, claimed: jobs.Claim, error: NotSentError) -> None:
    """Try again later what was certainly not taken; give up after the last try."""
    with portal.db.write() as session:
        entry = session.get_one(OutboxEntry, int(claimed.subject))
        entry.error = error.kind
        most = MOST_TRIES_OF_A_CODE if entry.kind == "sign_in_code" else MOST_TRIES
        if error.is_final or claimed.attempts >= most:
            entry.started_at = None
            jobs.fail(session, claimed, error.kind)
            logger.warning("mail given up", extra={"job": claimed.id, "kind": error.kind})
            return
        entry.started_at = None
        delay = min(FIRST_DELAY * 2 ** (claimed.attempts - 1), LONGEST_DELAY)
        jobs.retry(portal, session, claimed, error.kind, delay=delay)
