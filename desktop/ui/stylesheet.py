"""The one stylesheet of the application, written from the tokens."""

from desktop.ui.tokens import LETTERINGS, Tokens


def render_stylesheet(t: Tokens) -> str:
    """What a palette cannot say: rounded buttons, quiet fields, thin scroll bars.

    Buttons choose their look with the dynamic property `kind`: primary, outline, quiet, icon, link, new.
    """
    s = t.sizes
    small = LETTERINGS["meta"].px + 1
    return f"""
QToolTip {{ color: {t.page}; background: {t.text}; border: none; padding: 4px 6px;
  font-size: {LETTERINGS["meta"].px}px }}
QPushButton, QToolButton {{ border: 1px solid {t.hairline}; border-radius: {s.radius_button}px; padding: 6px 14px;
  background: {t.page}; font-size: {small}px; font-weight: 500 }}
QPushButton:hover, QToolButton:hover {{ background: {t.hover} }}
QPushButton:focus, QToolButton:focus {{ border: 2px solid {t.accent}; padding: 5px 13px }}
QPushButton:disabled {{ color: {t.faint} }}
QPushButton[kind="primary"] {{ background: {t.accent}; color: {t.on_accent}; border-color: {t.accent} }}
QPushButton[kind="primary"]:focus {{ border-color: {t.text} }}
QPushButton[kind="primary"]:disabled {{ background: {t.accent_off}; border-color: {t.accent_off} }}
QPushButton[kind="quiet"], QPushButton[kind="link"], QToolButton[kind="icon"] {{
  background: transparent; border-color: transparent }}
QPushButton[kind="link"] {{ color: {t.accent}; padding: 3px 2px }}
QPushButton[kind="link"]:focus {{ padding: 2px 1px }}
QPushButton[tone="dim"] {{ color: {t.dim} }}
QPushButton[tone="dim"]:hover {{ color: {t.text} }}
QPushButton[kind="link"]:disabled {{ color: {t.faint} }}
QToolButton[kind="icon"] {{ padding: 4px; font-weight: 400; border-radius: {s.radius_row}px }}
QToolButton[kind="icon"]:hover, QPushButton[kind="quiet"]:hover {{ background: {t.hover} }}
QPushButton[kind="quiet"]:focus, QPushButton[kind="link"]:focus, QToolButton[kind="icon"]:focus {{
  border-color: {t.accent} }}
QToolButton[kind="icon"]:focus {{ padding: 3px }}
QFileDialog QToolButton {{ padding: 6px }}
QFileDialog QToolButton:focus {{ padding: 5px }}
QToolButton::menu-indicator, QPushButton::menu-indicator {{ image: none; width: 0 }}
QLineEdit, QComboBox {{ border: 1px solid {t.hairline}; padding: 6px 9px;
  border-radius: {s.radius_row}px; background: {t.page};
  selection-background-color: {t.accent}; selection-color: {t.on_accent} }}
QLineEdit:focus, QComboBox:focus {{ border: 2px solid {t.accent}; padding: 5px 8px }}
QLineEdit[kind="bare"] {{ background: transparent; border-color: transparent; border-radius: {s.radius_button}px;
  padding: 6px 8px }}
QLineEdit[kind="bare"]:focus {{ background: {t.page}; border-color: {t.accent}; padding: 5px 7px }}
QComboBox {{ combobox-popup: 0 }}
QComboBox::drop-down {{ border: none; width: 20px }}
QComboBoxPrivateContainer {{ background: {t.page}; border: none }}
QComboBox QAbstractItemView, QMenu {{ background: {t.page}; border: 1px solid {t.hairline} }}
QComboBox QAbstractItemView::item {{ padding: 6px 10px; border-radius: 6px; color: {t.text} }}
QMenu {{ padding: 4px }}
QMenu::item {{ padding: 6px 14px; border-radius: 6px; background: transparent }}
QMenu::item:selected, QComboBox QAbstractItemView::item:selected {{ background: {t.selection}; color: {t.text} }}
QMenu::item:disabled {{ color: {t.faint} }}
QMenu::separator {{ height: 1px; background: {t.hairline}; margin: 4px 6px }}
QFrame[kind="card"] {{ background: {t.page}; border: 1px solid {t.hairline}; border-radius: {s.radius_card}px }}
QFrame[kind="popup"], QListWidget[kind="boxed"], QTableView[kind="boxed"] {{ background: {t.page};
  border: 1px solid {t.hairline}; border-radius: {s.radius_row}px }}
QFrame[kind="notice"] {{ background: {t.sidebar}; border: none; border-bottom: 1px solid {t.hairline} }}
QListWidget[kind="nav"] {{ background: {t.sidebar}; border-right: 1px solid {t.hairline}; padding: 12px 8px }}
QListWidget::item {{ padding: 7px 10px; border-radius: {s.radius_row}px; color: {t.text} }}
QListWidget::item:selected {{ background: {t.selection} }}
QFrame[kind="hairline"] {{ background: {t.hairline}; border: none }}
QWidget[kind="sidebar"] {{ background: {t.sidebar} }}
QLabel[tone="dim"], QToolButton[tone="dim"] {{ color: {t.dim} }}
QLabel[tone="faint"] {{ color: {t.faint} }}
QLabel[tone="error"] {{ color: {t.error} }}
QLabel[tone="good"] {{ color: {t.local} }}
QAbstractScrollArea {{ border: none; background: transparent }}
QListView {{ outline: none; background: transparent }}
QTableView {{ outline: none; selection-background-color: {t.selection}; selection-color: {t.text} }}
QTableView:focus, QListWidget[kind="boxed"]:focus {{ border: 1px solid {t.accent} }}
QTableView::item {{ padding: 0 6px; border: none }}
QTableView QTableCornerButton::section, QHeaderView {{ background: transparent; border: none }}
QFileDialog QHeaderView {{ background: {t.page} }}
QHeaderView::section {{ background: transparent; color: {t.dim}; border: none; border-bottom: 1px solid {t.hairline};
  padding: 0 9px; height: {s.table_header - 1}px; font-size: {LETTERINGS["section"].px}px; font-weight: 600 }}
QPlainTextEdit[kind="code"] {{ background: {t.code_ground}; border: 1px solid {t.hairline};
  border-radius: {s.radius_code}px; padding: 8px }}
QPlainTextEdit[kind="code"]:focus {{ border-color: {t.accent} }}
QScrollBar:vertical {{ width: 10px; margin: 0; background: transparent }}
QScrollBar::handle:vertical {{ background: {t.hairline}; border-radius: 3px; min-height: 32px; margin: 2px }}
QScrollBar::handle:vertical:hover {{ background: {t.faint} }}
QScrollBar:horizontal {{ height: 10px; margin: 0; background: transparent }}
QScrollBar::handle:horizontal {{ background: {t.hairline}; border-radius: 3px; min-width: 32px; margin: 2px }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0 }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent }}
QSplitter::handle {{ background: {t.hairline} }}
"""
