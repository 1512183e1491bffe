"""Who the people are, where they belong, and what staff did."""

from accounts.models.audit import AuditEntry
from accounts.models.class_group import ClassGroup, Enrollment
from accounts.models.login_card import LoginCard
from accounts.models.organization import Membership, Organization
from accounts.models.person import Person

__all__ = ["AuditEntry", "ClassGroup", "Enrollment", "LoginCard", "Membership", "Organization", "Person"]
