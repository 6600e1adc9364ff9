"""Tables of calls and applications, one module per subject."""

from .admissibility import AdmissibilityCheck, AdmissibilityLine
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
from .deposits import Deposit, DepositCounter
from .documents import Document
from .imports import ImportDraft
from .members import Member
from .people import Invitation, MandateTransfer
from .projects import (
    Action,
    CollaborativeProject,
    CooperationProject,
    Partnership,
    StartupService,
    StartupSupport,
)
from .support import SupportPeriod

__all__ = [
    "Action",
    "ActionCategory",
    "AdmissibilityCheck",
    "AdmissibilityLine",
    "Application",
    "Association",
    "BoardMember",
    "BudgetDetail",
    "BudgetHeading",
    "BudgetLine",
    "BudgetNote",
    "Call",
    "CollaborativeProject",
    "Collaborator",
    "CooperationProject",
    "Criterion",
    "CriterionArgument",
    "Deposit",
    "DepositCounter",
    "Document",
    "DocumentRequirement",
    "ExtraIndicator",
    "FeeRule",
    "Governance",
    "Identity",
    "ImportDraft",
    "IndicatorDefinition",
    "IndicatorValue",
    "Invitation",
    "MandateTransfer",
    "Member",
    "Officer",
    "Partnership",
    "RejectedInput",
    "StartupService",
    "StartupSupport",
    "StepGuidance",
    "StepState",
    "Strategy",
    "StrategySeries",
    "SupportPeriod",
    "Territory",
]
