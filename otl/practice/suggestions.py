"""What an app may answer when it is asked for a menu's options."""

from otl.practice.delivery import Answer
from otl.practice.limits.report import Report, Surface
from otl.practice.limits.text import OPTIONS_OF_A_MENU, check_option_groups, check_options
from otl.practice.wire import Json, SlackError, refusal_with


def read_suggestions(answer: Answer) -> list[Json]:
    """Return the options, or the groups of options; there may be none.

    Raises:
        SlackError: the app failed, or Slack would refuse its answer.
    """
    if answer.error is not None:
        raise SlackError(answer.error)
    body = answer.body if isinstance(answer.body, dict) else {}
    groups, options = body.get("option_groups"), body.get("options")
    report = Report(Surface.MODAL)
    if groups:
        check_option_groups(report, "/option_groups", groups)
    elif options:
        check_options(report, "/options", options, most=OPTIONS_OF_A_MENU)
    elif options is None:
        report.add("/options", "must define either `options` or `option_groups`")
    if report.problems:
        raise refusal_with("invalid_options", report.problems)
    found: list[Json] = groups or options or []
    return found
