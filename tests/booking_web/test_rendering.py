"""Templates are compiled once in a process, and keep what each environment has of its own."""

from booking_web.rendering import make_environment


def test_a_second_environment_compiles_nothing_and_keeps_its_own_words() -> None:
    first, second = make_environment(), make_environment()
    first.globals["icon"], second.globals["icon"] = "/first.svg", "/second.svg"

    ours, theirs = first.get_template("page.html"), second.get_template("page.html")

    assert ours.root_render_func.__code__ is theirs.root_render_func.__code__
    assert (ours.globals["icon"], theirs.globals["icon"]) == ("/first.svg", "/second.svg")
