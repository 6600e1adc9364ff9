"""Tables of calls and applications, one module per subject."""

from .admissibility import AdmissibilityCheck, AdmissibilityLine, AdmissibilityReturn
from .applications import Application, Association, Collaborator, RejectedInput, StepState
from .budget import BudgetDetail, BudgetLine, BudgetNote, ExtraIndicator, IndicatorValue
from .calls import (
    ActionCategory,
    BudgetHeading,
    Call,
    Criterion,
    DocumentRequirement,
    IndicatorDefinition,
    StepGuidance,
)
from .complements import ComplementItem, ComplementRequest
from .content import (
    BoardMember,
    CriterionArgument,
    FeeRule,
    Governance,
    Identity,
    Officer,
    Strategy,
    StrategySeries,
    Territory,
)
from .counter import AcknowledgementCounter, Countersignature, LateDecision, PaperDeposit, WalkIn
from .deadlines import DeadlineExtension, Holiday, Reminder
from .deposits import Deposit, DepositCounter, KeptDraft
from .desk import Batch, Label, Labelling, ListColumns, ListEntry, Note, SavedView
from .documents import Document
from .imports import ImportDraft
from .members import Member
from .messages import Message, MessagesRead
from .people import Invitation, MandateTransfer
from .projects import (
    Action,
    CollaborativeProject,
    CooperationProject,
    Partnership,
    StartupService,
    StartupSupport,
)
from .register import LabelledCluster, RegisteredPeriod
from .removed import RemovedRow
from .support import SupportPeriod

__all__ = [
    "AcknowledgementCounter",
    "Action",
    "ActionCategory",
    "AdmissibilityCheck",
    "AdmissibilityLine",
    "AdmissibilityReturn",
    "Application",
    "Association",
    "Batch",
    "BoardMember",
    "BudgetDetail",
    "BudgetHeading",
    "BudgetLine",
    "BudgetNote",
    "Call",
    "CollaborativeProject",
    "Collaborator",
    "ComplementItem",
    "ComplementRequest",
    "CooperationProject",
    "Countersignature",
    "Criterion",
    "CriterionArgument",
    "DeadlineExtension",
    "Deposit",
    "DepositCounter",
    "Document",
    "DocumentRequirement",
    "ExtraIndicator",
    "FeeRule",
    "Governance",
    "Holiday",
    "Identity",
    "ImportDraft",
    "IndicatorDefinition",
    "IndicatorValue",
    "Invitation",
    "KeptDraft",
    "Label",
    "Labelling",
    "LabelledCluster",
    "LateDecision",
    "ListColumns",
    "ListEntry",
    "MandateTransfer",
    "Member",
    "Message",
    "MessagesRead",
    "Note",
    "Officer",
    "PaperDeposit",
    "Partnership",
    "RegisteredPeriod",
    "RejectedInput",
    "Reminder",
    "RemovedRow",
    "SavedView",
    "StartupService",
    "StartupSupport",
    "StepGuidance",
    "StepState",
    "Strategy",
    "StrategySeries",
    "SupportPeriod",
    "Territory",
    "WalkIn",
]
