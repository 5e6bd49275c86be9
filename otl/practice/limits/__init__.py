"""Slack's limits on blocks and views, as a checker that stands alone. Pure."""

from otl.practice.limits.blocks import check_blocks
from otl.practice.limits.report import Surface
from otl.practice.limits.views import check_view

__all__ = ["Surface", "check_blocks", "check_view"]
