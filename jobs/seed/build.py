"""Makes `assets.csv`: `python -m jobs.seed.build CRYPTOCURRENCIES CRYPTOCURRENCY_ICONS`.

The arguments are the unpacked npm packages `cryptocurrencies` 8.0.1 (MIT: symbols and names)
and `cryptocurrency-icons` 0.18.1 (CC0: logos). The same input gives the same bytes.
"""

import csv
import json
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from jobs.seed import ASSETS_FILE, SeedAsset

FACTS_FILE = Path(__file__).with_name("facts.csv")
SUPPLY_SOURCE = "project estimate 2025-10"
MAJORS = 50
RANKED_CLOSELY = 500
"""Up to this rank an asset is major or mid, below it is tail."""

_SYMBOL = re.compile(r"[A-Z0-9]{2,12}")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9 .&'()+:/!-]{0,39}")
_UNFIT = re.compile(
    r"\d+x (?:long|short)|\[old\]|\(old"
    r"|fuck|shit(?!a)|porn|pussy|penis|whore|dickcoin|poorfag|shekel|cock\b|\bsex|sex\b",
    re.IGNORECASE,
)
_FILLER = re.compile(r"\b(?:coin|token|protocol|network|finance|dao|the|hub)\b|coin$")

Row = dict[str, str]


def build(facts: Iterable[Row], names: Mapping[str, str], logos: Mapping[str, str]) -> list[Row]:
    """All rows of the table: known assets by market cap, then fiat, then the other names."""
    written = list(facts)
    fiat = [row for row in written if row["tier"] == "fiat"]
    crypto = [row for row in written if row["tier"] != "fiat"]
    crypto.sort(key=_market_cap, reverse=True)
    more = [
        {"id": key, "symbol": symbol, "name": name} for key, symbol, name in _more(written, names)
    ]
    for row in crypto + more:
        row["logo"] = _logo(row, logos)
        row["supply_source"] = SUPPLY_SOURCE if row.get("circulating") else ""
    more.sort(key=lambda row: row["logo"] == "")
    _rank(crypto + more)
    return crypto + fiat + more


def _market_cap(row: Row) -> float:
    return float(row["price"]) * float(row["circulating"] or 0)


def _more(written: list[Row], names: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    """Id, symbol and name of what the package adds to the rows written by hand."""
    symbols = {row["symbol"] for row in written}
    known = {_letters(row[column]) for row in written for column in ("name", "id")}
    ids = {row["id"] for row in written}
    for spelled, full in names.items():
        symbol, name = spelled.upper(), " ".join(full.split())
        fits = _SYMBOL.fullmatch(symbol) and _NAME.fullmatch(name) and not symbol.isdigit()
        if not fits or symbol in symbols or _letters(name) in known:
            continue
        if _UNFIT.search(name) or _UNFIT.search(symbol):
            continue
        slug = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
        key = slug if slug not in ids else f"{slug}-{symbol.lower()}"
        if key in ids:
            continue
        symbols.add(symbol)
        ids.add(key)
        yield key, symbol, name


def _logo(row: Row, logos: Mapping[str, str]) -> str:
    """The logo's file name without its ending, if its name and the asset's say the same.

    Tickers are used again by later projects; a wrong logo is worse than none.
    """
    pictured = _core(logos.get(row["symbol"], ""))
    for named in (_core(row["name"]), _core(row["id"].replace("-", " "))):
        if pictured and pictured == named:
            return row["symbol"].lower()
        shorter, longer = sorted((pictured, named), key=len)
        if len(shorter) >= 4 and longer.startswith(shorter):
            return row["symbol"].lower()
    return ""


def _rank(rows: list[Row]) -> None:
    """Number the rows from 1 and give a tier to those that were written without one."""
    majors = 0
    for rank, row in enumerate(rows, 1):
        row["rank"] = str(rank)
        if row.get("tier"):
            continue
        majors += 1
        row["tier"] = "major" if majors <= MAJORS else "mid" if rank <= RANKED_CLOSELY else "tail"


def _letters(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", text.lower())


def _core(text: str) -> str:
    return _letters(_FILLER.sub("", text.lower()))


def _read_logos(package: Path) -> dict[str, str]:
    manifest: list[Row] = json.loads((package / "manifest.json").read_text("utf-8"))
    drawn = {file.stem for file in (package / "svg" / "color").glob("*.svg")}
    return {
        entry["symbol"].upper(): entry["name"]
        for entry in manifest
        if entry["symbol"].lower() in drawn
    }


def main(names_package: Path, logos_package: Path) -> None:
    """Write `assets.csv` anew."""
    names: dict[str, str] = json.loads((names_package / "cryptocurrencies.json").read_text("utf-8"))
    with FACTS_FILE.open(newline="", encoding="utf-8") as lines:
        rows = build(csv.DictReader(lines), names, _read_logos(logos_package))
    with ASSETS_FILE.open("w", newline="", encoding="utf-8") as lines:
        writer = csv.DictWriter(lines, list(SeedAsset.__dataclass_fields__), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(Path(sys.argv[1]), Path(sys.argv[2]))
