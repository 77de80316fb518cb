"""The drawer "Why this price?": who voted, who was left out, and how sure the price is."""

import reflex as rx

from app.ui.components.links import away
from app.ui.components.notice import notice
from app.ui.components.receipt import CopyJson, Drawer, DrawerTrigger
from app.ui.components.receipt_tables import contributors_table, rejections_table
from app.ui.receipt import FlagLine, Seat
from app.ui.state.coin_facts import CoinFactsState
from app.ui.state.receipt import ReceiptState

REFRESH_EVERY = 3_000
"""Milliseconds between two receipts while the drawer is open."""

_RECEIPT = ReceiptState.receipt
_THERE = (_RECEIPT.id != "") & (_RECEIPT.id == CoinFactsState.coin.id)
"""Whether the receipt is of this page: that of the page before stays until the first answer."""


def why_button() -> rx.Component:
    """Opens the drawer, in words."""
    return DrawerTrigger.create(
        rx.icon("receipt-text", size=15),
        rx.el.span("Why", rx.el.span(" this price", class_name="desk-only"), "?"),
        class_name="button why-button",
    )


def receipt_drawer() -> rx.Component:
    """The drawer of the open coin."""
    return Drawer.create(
        notice(rx.fragment()),
        _trouble(),
        rx.cond(
            _THERE,
            rx.el.div(
                _summary(),
                _sureness(),
                contributors_table(),
                rejections_table(),
                _provenance(),
                class_name="receipt",
            ),
            rx.cond(ReceiptState.trouble == "", _loading(), rx.fragment()),
        ),
        label="Why this price: " + CoinFactsState.coin.name,
        title=f"Why {rx.cond(_THERE, _RECEIPT.price, CoinFactsState.coin.price)}?",
        every=REFRESH_EVERY,
        on_refresh=ReceiptState.refresh,
    )


def _loading() -> rx.Component:
    bars = [rx.el.span(class_name="ghost") for _ in range(6)]
    words = rx.el.span("Computing the price again", class_name="for-readers")
    return rx.el.div(words, *bars, class_name="receipt-loading", role="status")


def _trouble() -> rx.Component:
    older = rx.cond(_THERE, f" This one is of {_RECEIPT.time}.", "")
    return rx.cond(
        ReceiptState.trouble != "",
        rx.el.p(ReceiptState.trouble, older, class_name="trouble", role="alert"),
    )


def _summary() -> rx.Component:
    return rx.el.section(
        rx.el.p(_RECEIPT.headline, class_name="headline"),
        rx.el.p(
            rx.el.span(class_name=f"dot {_RECEIPT.status}"),
            rx.el.b(_RECEIPT.status),
            rx.el.span(_RECEIPT.status_reason),
            class_name="verdict-line",
        ),
        rx.foreach(_RECEIPT.flags, _flag),
        rx.cond(_RECEIPT.held != "", rx.el.p(_RECEIPT.held, class_name="held-line")),
        class_name="summary-of-receipt",
    )


def _flag(flag: rx.Var[FlagLine]) -> rx.Component:
    return rx.el.p(
        away(rx.el.code(flag.word), to=flag.href),
        rx.el.span(flag.sentence),
        class_name="flag-line",
        key=flag.word,
    )


def _sureness() -> rx.Component:
    meter = rx.el.span(
        rx.foreach(_RECEIPT.seats, _seat),
        class_name=rx.cond(_RECEIPT.quorum_met, "seats met", "seats"),
        aria_hidden="true",
    )
    return rx.el.dl(
        _measure("Quorum", "s6", rx.fragment(meter, rx.el.span(_RECEIPT.quorum))),
        _measure("Confidence", "s5", _RECEIPT.confidence),
        _measure("Gate", "s4", _RECEIPT.gate),
        class_name="sureness",
    )


def _seat(seat: rx.Var[Seat]) -> rx.Component:
    return rx.el.span(class_name=f"seat {seat.kind}", key=seat.number.to_string())


def _measure(name: str, rule: str, value: rx.Component | rx.Var[str]) -> rx.Component:
    head = away(name, to=f"/methodology#{rule}", title=f"Rule {rule.upper()} of the method")
    return rx.el.div(rx.el.dt(head), rx.el.dd(value), class_name="fact")


def _provenance() -> rx.Component:
    return rx.el.footer(
        rx.match(
            _RECEIPT.verdict,
            ("same", _badge("check", "Recomputed: identical", "same")),
            ("differs", _badge("x", "Recomputed: differs", "differs")),
            _badge("ellipsis", "Recomputed: published price not at hand", "unknown"),
        ),
        rx.el.span(class_name="spring"),
        CopyJson.create(href=_RECEIPT.href),
        away("Open in the API", to=_RECEIPT.href, class_name="button"),
        rx.el.p(
            f"Method {_RECEIPT.method}, version {_RECEIPT.version}, {_RECEIPT.time}",
            class_name="dim",
        ),
        class_name="provenance",
    )


def _badge(icon: str, words: str, kind: str) -> rx.Component:
    return rx.el.span(rx.icon(icon, size=14), words, class_name=f"badge {kind}")
