"""The only place for the words by which people read the vocabulary: a label and a sentence each."""

from enum import StrEnum

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _c

from .rules.vocabulary import (
    Act,
    AnchorStatus,
    AnnexKind,
    Audience,
    BuildState,
    Channel,
    Disposition,
    EditionKind,
    ElementKind,
    EventKind,
    FileFormat,
    Mandate,
    ManifestKind,
    ManifestStep,
    Moderation,
    ModerationAct,
    OrganisationKind,
    QuestionState,
    Reason,
    RemarkKind,
    ReminderKind,
    ReviewBody,
    Rhythm,
    Role,
    RoundAudience,
    RoundChange,
    Scope,
    SignatoryStatus,
    Stage,
    Stance,
    Tier,
    Trouble,
    Visibility,
    Whole,
    Wish,
    WishScope,
)

CITIZEN = "A citizen"
"""How a guest is stored: his name is kept only with a remark that may bear it."""


def who(name: str | None) -> str | None:
    """A person's name as it is read; a guest is nobody in particular, in every language."""
    return _("A citizen") if name == CITIZEN else name


LABELS: dict[type[StrEnum], dict] = {
    Stage: {
        Stage.DRAFT: _l("Draft"),
        Stage.CONSULTATION: _l("Open for comments"),
        Stage.REVISION: _l("In revision"),
        Stage.REVIEW: _l("In review"),
        Stage.APPROVED: _l("Approved"),
    },
    Act: {
        Act.READ: _l("Read"),
        Act.COMMENT: _c("act", "Comment"),
        Act.RECORD: _l("Write down comments of others"),
        Act.ANSWER: _l("Answer comments"),
        Act.EDIT: _l("Edit the text"),
        Act.CONSULT: _c("act", "Open for comments"),
        Act.CLOSE: _l("Close the comment round"),
        Act.SUBMIT: _l("Submit for review"),
        Act.REQUEST_CHANGES: _l("Request changes"),
        Act.TAKE_POSITION: _l("Take a position on a text in review"),
        Act.APPROVE: _l("Approve"),
        Act.CORRECT: _l("Correct a text on display"),
        Act.EXTEND: _l("Extend a round"),
        Act.MODERATE: _l("Moderate comments"),
        Act.FREEZE: _l("Freeze the contract"),
        Act.SIGN_OFF: _l("Keep the list of signatories"),
        Act.ANSWER_REVIEWERS: _l("Answer the reviewers' questions"),
        Act.AUDIT: _l("Check the record"),
        Act.REOPEN: _l("Reopen for revision"),
        Act.UNDO: _l("Take one's last step back"),
        Act.ASSIGN: _l("Assign an owner and a due date"),
        Act.INVITE: _l("Invite people"),
        Act.CONNECT: _l("Connect other systems"),
        Act.COMPILE: _l("Build the PDF"),
        Act.READ_INTERNAL: _l("Read internal comments"),
        Act.OPERATE: _l("Look after the service"),
    },
    Role: {
        Role.ADMIN: _l("Administrator"),
        Role.COORDINATOR: _l("Coordinator"),
        Role.EDITOR: _l("Section editor"),
        Role.REVIEWER: _l("Reviewer"),
        Role.APPROVER: _l("Approver"),
        Role.STAKEHOLDER: _l("Stakeholder"),
        Role.OBSERVER: _l("Observer"),
    },
    RemarkKind: {
        RemarkKind.QUESTION: _l("Question"),
        RemarkKind.CORRECTION: _l("Correction"),
        RemarkKind.SUGGESTION: _l("Suggestion"),
        RemarkKind.CONCERN: _l("Concern"),
        RemarkKind.OBJECTION: _l("Blocking objection"),
        RemarkKind.SUPPORT: _l("Support"),
    },
    Disposition: {
        Disposition.ACCEPTED: _l("Accepted"),
        Disposition.ACCEPTED_IN_PART: _l("Accepted in part"),
        Disposition.NOTED: _l("Noted"),
        Disposition.NOT_ACCEPTED: _l("Not accepted"),
        Disposition.OUT_OF_SCOPE: _l("Out of scope"),
        Disposition.DUPLICATE: _l("Duplicate"),
        Disposition.REFERRED: _l("Referred"),
    },
    Visibility: {
        Visibility.PUBLIC: _l("Everyone"),
        Visibility.PARTICIPANTS: _l("People who take part"),
        Visibility.CITY: _l("Only the city"),
        Visibility.ORGANISATION: _l("Only my organisation"),
    },
    Channel: {
        Channel.WEB: _l("Web"),
        Channel.WORKSHOP: _l("Workshop"),
        Channel.PAPER: _l("Paper"),
        Channel.PHONE: _l("Phone"),
        Channel.LETTER: _l("Letter"),
        Channel.EMAIL: _l("E-mail"),
    },
    AnchorStatus: {
        AnchorStatus.EXACT: _l("Passage unchanged"),
        AnchorStatus.MOVED: _l("Passage moved"),
        AnchorStatus.EDITED: _l("Passage edited since"),
        AnchorStatus.ORPHANED: _l("Passage no longer in the text"),
    },
    Rhythm: {
        Rhythm.IMMEDIATE: _l("At once"),
        Rhythm.DAILY: _l("Once a day"),
        Rhythm.WEEKLY: _l("Once a week"),
        Rhythm.OFF: _l("No mail"),
    },
    Wish: {
        Wish.IMMEDIATE: _l("Everything, at once"),
        Wish.DAILY: _l("Everything, once a day"),
        Wish.WEEKLY: _l("Everything, once a week"),
        Wish.FOLLOW: _l("Everything, at my usual rhythm"),
        Wish.MUTE: _l("Only what concerns me"),
    },
    WishScope: {
        WishScope.THREAD: _l("Comment"),
        WishScope.SECTION: _l("Section"),
        WishScope.SECTOR: _l("Sector"),
        WishScope.CONTRACT: _l("Contract"),
    },
    Reason: {
        Reason.INVITED: _l("you were invited"),
        Reason.MENTIONED: _l("somebody named you"),
        Reason.AUTHOR: _l("it is about your comment"),
        Reason.IN_THREAD: _l("you took part in the discussion"),
        Reason.OWNER: _l("you own this section"),
        Reason.ASSIGNED: _l("you were assigned"),
        Reason.JUDGE: _l("you review or approve this section"),
        Reason.PEN: _l("you edit this section"),
        Reason.COORDINATOR: _l("you coordinate the contract"),
        Reason.FOLLOWER: _l("you follow what happens here"),
        Reason.VOICE: _l("you are asked to comment"),
        Reason.REQUESTER: _l("you asked for it"),
        Reason.DELEGATE: _l("you speak for your organisation"),
        Reason.MEMBER: _l("you belong to this organisation"),
        Reason.POSITIONED: _l("you took a position on the text"),
        Reason.TOLD: _l("you were told of the step that was taken back"),
        Reason.MODERATOR: _l("you moderate comments"),
        Reason.PARTICIPANT: _l("you take part in the contract"),
        Reason.CHAIN: _l("nobody closer to it could be reminded"),
    },
    Stance: {
        Stance.APPROVE: _l("Approves"),
        Stance.NO_OBJECTION: _l("No objection"),
        Stance.OBJECT: _l("Objects"),
        Stance.ABSTAIN: _l("Abstains"),
        Stance.RECUSE: _l("Recused"),
        Stance.NONE: _l("No position yet"),
    },
    RoundAudience: {
        RoundAudience.INVITED: _l("People who were invited"),
        RoundAudience.ORGANISATIONS: _l("Organisations that take part"),
        RoundAudience.PUBLIC: _l("The public"),
    },
    RoundChange: {
        RoundChange.EXTENDED: _l("Extended"),
        RoundChange.CORRECTED: _l("Text corrected"),
    },
    Moderation: {
        Moderation.SHOWN: _l("Shown"),
        Moderation.UNCONFIRMED: _l("Address not confirmed"),
        Moderation.HELD: _l("Waits for a moderator"),
        Moderation.HIDDEN: _l("Hidden"),
    },
    ModerationAct: {
        ModerationAct.CONFIRM: _l("Address confirmed"),
        ModerationAct.HOLD: _l("Held"),
        ModerationAct.RELEASE: _l("Shown"),
        ModerationAct.HIDE: _l("Hidden"),
        ModerationAct.FLAG: _l("Flagged"),
        ModerationAct.DISMISS: _l("Flag dismissed"),
        ModerationAct.APPEAL: _l("Appealed"),
        ModerationAct.UPHOLD: _l("Hiding upheld"),
    },
    Mandate: {
        Mandate.MEMBER: _l("Member"),
        Mandate.DELEGATE: _l("Delegate"),
        Mandate.SUBSTITUTE: _l("Substitute"),
    },
    OrganisationKind: {
        OrganisationKind.CITIZENS: _l("Citizens"),
        OrganisationKind.NGO: _l("NGO or social enterprise"),
        OrganisationKind.SCIENCE_EDUCATION: _l("Science and education"),
        OrganisationKind.GOVERNMENT: _l("Government body"),
        OrganisationKind.CITY_ADMINISTRATION: _l("City administration"),
        OrganisationKind.CITY_COUNCIL: _l("City council"),
        OrganisationKind.CITY_COMPANY: _l("City company"),
        OrganisationKind.STATE_ENTERPRISE: _l("State-owned enterprise"),
        OrganisationKind.BUSINESS: _l("Business"),
        OrganisationKind.CIVIL_SOCIETY: _l("Civil society"),
        OrganisationKind.VULNERABLE_GROUP: _l("Vulnerable group"),
        OrganisationKind.MUNICIPALITY: _l("Neighbouring municipality"),
        OrganisationKind.FINANCE: _l("Finance"),
        OrganisationKind.MEDIA: _l("Media"),
        OrganisationKind.EU_BODY: _l("EU body"),
        OrganisationKind.OTHER: _l("Other"),
    },
    Tier: {
        Tier.PREMIUM: _l("Premium"),
        Tier.FRAMEWORK: _l("Framework"),
        Tier.BASIS: _l("Basis"),
        Tier.LETTER_OF_INTENT: _l("Letter of intent"),
    },
    ManifestKind: {
        ManifestKind.CONTRACT: _l("Contract"),
        ManifestKind.ADDENDUM: _l("Addendum"),
    },
    ManifestStep: {
        ManifestStep.LIFTED: _l("Freeze lifted"),
        ManifestStep.SUBMITTED: _l("Submitted"),
        ManifestStep.ADDENDUM: _l("Sections opened for an addendum"),
        ManifestStep.ITERATION: _l("Next iteration begun"),
    },
    Whole: {
        Whole.OPEN: _l("Being written"),
        Whole.FROZEN: _l("Frozen"),
        Whole.RELIED_ON: _l("Signed or submitted"),
        Whole.ADDENDUM: _l("Addendum in preparation"),
        Whole.ITERATION: _l("Next iteration in preparation"),
    },
    ReviewBody: {
        ReviewBody.MISSION_PLATFORM: _l("Mission Platform"),
        ReviewBody.COMMISSION: _l("European Commission"),
        ReviewBody.OTHER: _l("Other reviewer"),
    },
    QuestionState: {
        QuestionState.OPEN: _l("Not answered yet"),
        QuestionState.DRAFTED: _l("Drafted"),
        QuestionState.ANSWERED: _l("Answered, not sent"),
        QuestionState.SENT: _l("Sent"),
    },
    ReminderKind: {
        ReminderKind.ROUND_CLOSING: _l("A round is about to close"),
        ReminderKind.SECTION_DUE: _l("A section is due"),
        ReminderKind.POSITION_AWAITED: _l("A position is awaited"),
        ReminderKind.SIGNATURE_AWAITED: _l("A signature is awaited"),
        ReminderKind.QUESTION_DUE: _l("An answer to a reviewer is due"),
        ReminderKind.ANSWERS_DUE: _l("Comments wait for an answer"),
        ReminderKind.VOICE_AWAITED: _l("Not heard yet"),
    },
    EventKind: {
        EventKind.REVISION_SAVED: _l("The text of a section is saved"),
        EventKind.TEXT_CORRECTED: _l("A text on display is corrected"),
        EventKind.CONSULTATION_OPENED: _l("A section is opened for comments"),
        EventKind.CONSULTATION_CLOSED: _l("A section is closed for comments"),
        EventKind.ROUND_OPENED: _l("A round opens"),
        EventKind.ROUND_EXTENDED: _l("A round is extended"),
        EventKind.ROUND_CLOSED: _l("A round closes"),
        EventKind.REMARK_MADE: _l("Somebody comments"),
        EventKind.POSITION_SUBMITTED: _l("An organisation submits its position"),
        EventKind.REMARK_RELEASED: _l("A moderator shows a comment"),
        EventKind.REPLY_MADE: _l("Somebody replies to a comment"),
        EventKind.REMARK_WITHDRAWN: _l("A comment is withdrawn"),
        EventKind.REMARK_ANSWERED: _l("A comment is answered"),
        EventKind.REVIEW_REQUESTED: _l("A section is submitted for review"),
        EventKind.CHANGES_REQUESTED: _l("Changes to a section are requested"),
        EventKind.SECTION_APPROVED: _l("A section is approved"),
        EventKind.SECTION_REOPENED: _l("A section is reopened for revision"),
        EventKind.STEP_UNDONE: _l("A step of a section is taken back"),
        EventKind.CONTRACT_FROZEN: _l("The contract is frozen"),
        EventKind.FREEZE_LIFTED: _l("The freeze is lifted"),
        EventKind.CONTRACT_SUBMITTED: _l("The contract is submitted"),
        EventKind.ADDENDUM_BEGUN: _l("Sections are opened for an addendum"),
        EventKind.ADDENDUM_ISSUED: _l("An addendum is issued"),
        EventKind.ITERATION_BEGUN: _l("The next iteration is begun"),
        EventKind.SIGNATORY_INVITED: _l("An organisation is invited to sign"),
        EventKind.SIGNATORY_MOVED: _l("A signature moves on"),
    },
    Trouble: {
        Trouble.STALLED: _l("Letters stand still"),
        Trouble.WORKER_SILENT: _l("No worker is at work"),
        Trouble.BEAT_SILENT: _l("The beat is silent"),
    },
    BuildState: {
        BuildState.QUEUED: _l("Waiting"),
        BuildState.RUNNING: _l("Being built"),
        BuildState.DONE: _l("Ready"),
        BuildState.FAILED: _l("Failed"),
        BuildState.CANCELLED: _l("Cancelled"),
        BuildState.GONE: _l("Taken away"),
    },
    Scope: {
        Scope.WHOLE: _l("The whole contract"),
        Scope.COMPONENT: _l("A component"),
        Scope.MODULE: _l("A module"),
        Scope.SECTION: _l("A section"),
    },
    FileFormat: {
        FileFormat.PDF: _l("PDF"),
        FileFormat.DOCX: _l("Word"),
        FileFormat.HTML: _l("Web page"),
        FileFormat.MARKDOWN: _l("Markdown"),
    },
    EditionKind: {
        EditionKind.READING: _l("To read"),
        EditionKind.REVIEW: _l("Reviewer's copy"),
        EditionKind.CHANGES: _l("What changed"),
    },
    AnnexKind: {
        AnnexKind.COMMENTS: _l("The comments, each with its answer"),
        AnnexKind.MATRIX: _l("The response matrix, all comments in one table"),
        AnnexKind.SIGNATORIES: _l("The signatories with their individual commitments"),
        AnnexKind.QUESTIONS: _l("The reviewers' questions with their answers"),
    },
    Audience: {
        Audience.PUBLIC: _l("For the public"),
        Audience.PARTICIPANTS: _l("For those who take part"),
        Audience.CITY: _l("For the city"),
    },
    ElementKind: {
        ElementKind.TEXT: _l("Text"),
        ElementKind.TABLE: _l("Table"),
        ElementKind.FORM: _l("Form"),
    },
    SignatoryStatus: {
        SignatoryStatus.INVITED: _l("Invited"),
        SignatoryStatus.IN_PREPARATION: _l("In preparation"),
        SignatoryStatus.LEGAL_CHECK: _l("Legal check"),
        SignatoryStatus.SIGNED: _l("Signed"),
        SignatoryStatus.WITHDRAWN: _l("Withdrawn"),
    },
}

HINTS: dict[type[StrEnum], dict] = {
    FileFormat: {
        FileFormat.PDF: _l("To be read, signed and kept: accessible, and the same everywhere."),
        FileFormat.DOCX: _l(
            "To be worked on. In a reviewer's copy comments are Word's own, and suggestions are tracked changes."
        ),
        FileFormat.HTML: _l(
            "For every screen and for screen readers: one page in a ZIP with its pictures, to be kept or published."
        ),
        FileFormat.MARKDOWN: _l(
            "The texts alone, a file for each section, with their hashes; they can be brought back as they are."
        ),
    },
    EditionKind: {
        EditionKind.READING: _l("The texts as they stand."),
        EditionKind.REVIEW: _l(
            "With numbered lines, and in the texts the numbers of the comments that stand at the end."
        ),
        EditionKind.CHANGES: _l(
            "Only the sections that have changed since a frozen text, every word that came or is gone marked."
        ),
    },
    Trouble: {
        Trouble.STALLED: _l(
            "Some were due more than half an hour ago, and none has left in the last hour. Look at the last word of "
            "the mail server below. If there is none, look whether a worker runs, then at its log."
        ),
        Trouble.WORKER_SILENT: _l(
            "None gave a sign of life in the last five minutes: no letter leaves and no document is built. Start the "
            "worker, or look into its log. Nothing is lost meanwhile."
        ),
        Trouble.BEAT_SILENT: _l(
            "It gave no sign of life in the last five minutes: what waits is found only when somebody works in "
            "Concord, and digests do not leave at their hour. Start the beat, or look into its log."
        ),
    },
    Whole: {
        Whole.OPEN: _l(
            "When every section is approved, the contract can be frozen: then its texts stand under one hash, and "
            "organisations can sign exactly them."
        ),
        Whole.FROZEN: _l(
            "Nothing in it changes. The freeze can be lifted for a reason, until somebody signs or it is submitted."
        ),
        Whole.RELIED_ON: _l(
            "Others rely on exactly these texts. What changes goes into an addendum, or into the next iteration."
        ),
        Whole.ADDENDUM: _l(
            "Some sections are open again. What was signed or submitted stays in force until the addendum is issued."
        ),
        Whole.ITERATION: _l(
            "The next iteration is written from the texts of the last. What was signed or submitted stays in force "
            "until it is frozen."
        ),
    },
    Stage: {
        Stage.DRAFT: _l("The editors write. Nobody is asked to comment yet."),
        Stage.CONSULTATION: _l("The text stands still and everyone who takes part may comment."),
        Stage.REVISION: _l("The editors work the comments into the text."),
        Stage.REVIEW: _l("The text stands still and the approver decides."),
        Stage.APPROVED: _l("The text is decided. It changes only after it has been reopened."),
    },
    RemarkKind: {
        RemarkKind.QUESTION: _l("Something is not clear to you."),
        RemarkKind.CORRECTION: _l("A fact or a figure is wrong."),
        RemarkKind.SUGGESTION: _l("You would write or do it differently."),
        RemarkKind.CONCERN: _l("Something worries you, but it need not stop approval."),
        RemarkKind.OBJECTION: _l("The section must not be approved until this is settled."),
        RemarkKind.SUPPORT: _l("You agree and want it to stay."),
    },
    Visibility: {
        Visibility.PUBLIC: _l("Anyone may read it, also in the published documents."),
        Visibility.PARTICIPANTS: _l(
            "People and organisations that work on this contract may read it."
        ),
        Visibility.CITY: _l("Only the city's coordinators, editors and approvers may read it."),
        Visibility.ORGANISATION: _l(
            "Only members of your organisation may read it, until your delegate submits a position."
        ),
    },
    Disposition: {
        Disposition.ACCEPTED: _l("The text is changed as asked."),
        Disposition.ACCEPTED_IN_PART: _l(
            "The text is changed, but not in everything that was asked."
        ),
        Disposition.NOTED: _l("Taken to the record; the text stays."),
        Disposition.NOT_ACCEPTED: _l("The text stays, for the reason given."),
        Disposition.OUT_OF_SCOPE: _l("It belongs to another plan or another body."),
        Disposition.DUPLICATE: _l("The same point is answered elsewhere."),
        Disposition.REFERRED: _l("Someone else has to decide; they have been asked."),
    },
    Role: {
        Role.ADMIN: _l("Keeps the workspace running and invites people."),
        Role.COORDINATOR: _l("Leads the contract: opens and closes rounds, assigns, may decide."),
        Role.EDITOR: _l("Writes sections and answers comments on them."),
        Role.REVIEWER: _l("Reads critically and may request changes."),
        Role.APPROVER: _l("Decides whether a section is approved."),
        Role.STAKEHOLDER: _l("Comments for an organisation."),
        Role.OBSERVER: _l("Reads, without a say."),
    },
    Tier: {
        Tier.PREMIUM: _l("The organisation itself becomes climate neutral by the year it names."),
        Tier.FRAMEWORK: _l("Single measures with a figure and a year."),
        Tier.BASIS: _l("Help that cannot be measured in tonnes."),
        Tier.LETTER_OF_INTENT: _l("A promise to work out a commitment."),
    },
    SignatoryStatus: {
        SignatoryStatus.INVITED: _l("Asked to sign; nothing has been written yet."),
        SignatoryStatus.IN_PREPARATION: _l("The organisation writes down what it commits to."),
        SignatoryStatus.LEGAL_CHECK: _l("Its lawyers or its board look at it."),
        SignatoryStatus.SIGNED: _l("It signed exactly one state of the contract."),
        SignatoryStatus.WITHDRAWN: _l("It does not sign, or no longer stands by its signature."),
    },
    Rhythm: {
        Rhythm.IMMEDIATE: _l("One letter a minute or so after something happens."),
        Rhythm.DAILY: _l("One letter a day with everything new, and none when nothing happened."),
        Rhythm.WEEKLY: _l("One letter a week with everything new."),
        Rhythm.OFF: _l(
            "Read your news in the inbox. Invitations and new passwords still come by mail."
        ),
    },
}


def label(value: StrEnum | str | None) -> str:
    """The short name of a vocabulary value in the reader's language; other text as it is."""
    return str(LABELS.get(type(value), {}).get(value, value or ""))


def quoted(words: str) -> str:
    """Words between the quotation marks of the reader's language."""
    return _("“%(words)s”", words=words)


def hint(value: StrEnum | str | None) -> str:
    """One plain sentence that explains the value, or an empty text."""
    return str(HINTS.get(type(value), {}).get(value, ""))


DONE: dict[Act, object] = {
    Act.CONSULT: _l("The section is open for comments."),
    Act.CLOSE: _l("The comment round is closed; the text can be revised."),
    Act.SUBMIT: _l("The section is submitted for review."),
    Act.REQUEST_CHANGES: _l("The section went back for changes."),
    Act.APPROVE: _l("The section is approved."),
    Act.REOPEN: _l("The section is open for revision again."),
}


def done(act: Act) -> str:
    """What has happened after a move, told where the person looks next."""
    return str(DONE[act])
