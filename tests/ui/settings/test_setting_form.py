"""The fields for plain settings."""

from collections.abc import Iterator
from typing import cast

import pytest
from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit, QWidget

from desktop.bridge import Bridge
from desktop.domain.settings import LogLevel, declarations
from desktop.ui.icons import Icons
from desktop.ui.preferences import Preferences
from desktop.ui.settings.network_page import NETWORK
from desktop.ui.settings.setting_form import SettingForm
from desktop.ui.tasks import Tasks
from desktop.ui.theme import Theme
from tests.ui.answers import Answers

pytestmark = pytest.mark.anyio


@pytest.fixture
def preferences(tasks: Tasks) -> Preferences:
    return Preferences(cast("Bridge", Answers({"settings.save": None})), tasks)


@pytest.fixture
def form(preferences: Preferences, theme: Theme) -> Iterator[QWidget]:
    page = QWidget()
    names = [one.name for one in declarations() if not one.name.startswith("default_")]
    page.setLayout(SettingForm(names, preferences, theme, Icons(theme)))
    page.show()
    yield page
    page.close()


def _field(form: QWidget, label: str) -> QWidget:
    return next(one for one in form.findChildren(QWidget) if one.accessibleName() == label)


def _write(form: QWidget, label: str, text: str) -> None:
    field = _field(form, label)
    assert isinstance(field, QLineEdit)
    field.setText(text)
    field.editingFinished.emit()


async def test_every_setting_has_a_field_that_says_what_it_is_for(form: QWidget) -> None:
    for declared in declarations():
        if not declared.name.startswith("default_"):
            assert _field(form, declared.label).accessibleDescription() == declared.help


async def test_the_network_page_names_settings_that_there_are() -> None:
    assert {one.name for one in declarations()} > NETWORK


async def test_numbers_keep_to_their_limits(form: QWidget, preferences: Preferences) -> None:
    for label, written in (("Retries", "500"), ("At once, local", "0"), ("Time limit for a reply", "90.5")):
        _write(form, label, written)
    found = preferences.settings
    assert (found.max_retries, found.concurrent_local, found.total_timeout_s) == (20, 1, 90.5)


async def test_a_switch_and_a_choice(form: QWidget, preferences: Preferences) -> None:
    switch, box = _field(form, "Log what is said"), _field(form, "Log")
    assert isinstance(switch, QComboBox)
    assert isinstance(box, QComboBox)
    assert [switch.itemText(row) for row in range(switch.count())] == ["Off", "On"]
    assert switch.currentText() == "Off"
    switch.activated.emit(1)
    box.activated.emit(list(LogLevel).index(LogLevel.DEBUG))
    assert preferences.settings.log_text
    assert preferences.settings.log_level is LogLevel.DEBUG


async def test_a_proxy_is_taken_once_it_can_be_one(form: QWidget, preferences: Preferences) -> None:
    _write(form, "Proxy", "ftp://nowhere")
    assert preferences.settings.proxy == ""
    assert any("ftp://nowhere" in label.text() for label in form.findChildren(QLabel))
    _write(form, "Proxy", " socks5://127.0.0.1:1080/ ")
    assert preferences.settings.proxy == "socks5://127.0.0.1:1080"
    assert not any("nowhere" in label.text() for label in form.findChildren(QLabel))
    _write(form, "Extra certificates", " /etc/ca.pem ")
    assert preferences.settings.ca_file == "/etc/ca.pem"
