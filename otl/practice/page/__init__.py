"""The page at /practice: a small Slack to type in. Loopback only."""

from otl.practice.page.routes import add_page_routes, create_page

__all__ = ["add_page_routes", "create_page"]
