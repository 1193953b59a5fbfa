"""Settings are declared once."""

from desktop.domain.settings import Settings, declarations


def test_each_setting_has_a_label_a_help_text_and_the_default_that_is_used() -> None:
    defaults = Settings()
    for one in declarations():
        assert one.label
        assert one.help.endswith(".")
        assert getattr(defaults, one.name) == one.default


def test_the_defaults_are_the_promised_ones() -> None:
    defaults = Settings()
    assert (defaults.max_retries, defaults.retry_delay_s, defaults.request_timeout_s) == (5, 0.5, 120.0)
