"""Where things are on a page, as its user sees them."""

from typing import Any, cast

from playwright.sync_api import Locator, Page

# What leaves the screen or its card, and what covers the brand. Text that only a screen reader reads has no place.
_OUTSIDE = """() => {
  const screen = document.documentElement.clientWidth;
  const card = document.querySelector(".card").getBoundingClientRect();
  const brand = document.querySelector(".brand").getBoundingClientRect();
  const name = (element) => `${element.tagName} ${element.className}: ${element.textContent.trim().slice(0, 30)}`;
  const found = [];
  for (const element of document.querySelectorAll("body *")) {
    const box = element.getBoundingClientRect();
    if (!box.width || element.closest(".visually-hidden")) continue;
    const right = element.closest(".card") ? card.right : screen;
    if (box.right > right + 0.5 || box.left < -0.5) found.push(`${name(element)} ends at ${box.right} of ${right}`);
  }
  for (const element of document.querySelectorAll(".languages button:not([aria-hidden])")) {
    const box = element.getBoundingClientRect();
    const beside = box.left >= brand.right || box.right <= brand.left;
    if (!beside && box.top < brand.bottom && box.bottom > brand.top) found.push(`${name(element)} covers the brand`);
  }
  return found;
}"""


def outside(page: Page) -> list[str]:
    """Return the elements that leave the screen or the card, or cover the brand."""
    return cast(list[str], page.evaluate(_OUTSIDE))


def enlarge(page: Page, percent: int) -> None:
    """Set the size of the text."""
    page.evaluate("percent => { document.documentElement.style.fontSize = `${percent}%`; }", percent)


def box(locator: Locator) -> Any:
    """Return where an element is: x, y, width, and height."""
    found = locator.bounding_box()
    assert found
    return found


def right(locator: Locator) -> float:
    """Return where an element ends."""
    found = box(locator)
    return float(found["x"] + found["width"])
