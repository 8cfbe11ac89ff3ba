"""Without a mouse."""

import re

from playwright.async_api import expect

from tests.web.in_browser.conftest import OpenPage
from tests.web.scenery import Shop


async def test_the_first_step_leads_past_the_menu(open_page: OpenPage, shop: Shop) -> None:
    """To the content."""
    page = await open_page("/")

    await page.keyboard.press("Tab")
    await expect(page.get_by_text("Skip to the content")).to_be_focused()
    await expect(page.get_by_text("Skip to the content")).to_be_in_viewport()
    await page.keyboard.press("Enter")

    await expect(page.locator("main")).to_be_focused()


async def test_what_has_the_focus_is_seen(open_page: OpenPage, shop: Shop) -> None:
    """Every link and button has an outline then."""
    page = await open_page("/jobs?state=dead")
    for _ in range(40):
        await page.keyboard.press("Tab")
        if await page.evaluate("document.activeElement === document.body"):
            return
        style = await page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert style != "none", await page.evaluate("document.activeElement.outerHTML")


async def test_two_keys_lead_to_each_page(open_page: OpenPage, shop: Shop) -> None:
    """As the list of them says."""
    page = await open_page("/")

    for key, title in (("q", "Queues"), ("j", "Jobs"), ("d", "Dead jobs"), ("w", "Workers"), ("b", "Database")):
        await page.keyboard.press("g")
        await page.keyboard.press(key)
        await expect(page.locator("h1")).to_have_text(title)


async def test_rows_are_walked_through(open_page: OpenPage, shop: Shop) -> None:
    """Down, up, and into one."""
    page = await open_page("/jobs?state=completed")
    links = page.locator("tbody tr a")

    await page.keyboard.press("j")
    await page.keyboard.press("j")
    await expect(links.nth(1)).to_be_focused()
    await page.keyboard.press("k")
    await expect(links.nth(0)).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page).to_have_url(re.compile(r"/jobs/\d+$"))


async def test_keys_are_listed_and_can_be_switched_off(open_page: OpenPage, shop: Shop) -> None:
    """For whoever speaks to the computer, or just does not like them."""
    page = await open_page("/")

    await page.keyboard.press("?")
    await expect(page.locator("#keys")).to_be_visible()
    await page.locator("#keys-on").uncheck()
    await page.get_by_role("button", name="Close").click()
    await page.keyboard.press("?")
    await expect(page.locator("#keys")).to_be_hidden()
    await page.reload()
    await page.keyboard.press("?")
    await expect(page.locator("#keys")).to_be_hidden()


async def test_typing_is_not_mistaken_for_them(open_page: OpenPage, shop: Shop) -> None:
    """A search for `gqj` goes nowhere."""
    page = await open_page("/jobs")

    await page.keyboard.press("/")
    await page.keyboard.type("gqj/?.")

    await expect(page.locator("#search")).to_have_value("gqj/?.")
    await expect(page.locator("h1")).to_have_text("Jobs")


async def test_a_question_is_put_away_again(open_page: OpenPage, shop: Shop) -> None:
    """One reaches its button with Tab, and Escape leads back to where one came from."""
    page = await open_page(f"/jobs/{shop.declined}")
    delete, answer = page.locator(".confirm summary"), page.get_by_role("button", name="Delete the job")

    await delete.focus()
    await page.keyboard.press("Enter")
    await page.keyboard.press("Tab")
    await expect(answer).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(answer).to_be_hidden()
    await expect(delete).to_be_focused()

    await page.keyboard.press("Enter")
    await expect(answer).to_be_visible()
    await page.locator("h1").click()
    await expect(answer).to_be_hidden()


async def test_one_question_is_asked_at_a_time(open_page: OpenPage, shop: Shop) -> None:
    """The one before is put away."""
    page = await open_page("/jobs?state=scheduled&queue=reports")
    await page.locator("tbody tr a").first.click()

    await page.get_by_text("Cancel…").click()
    await expect(page.get_by_role("button", name="Cancel the job")).to_be_visible()
    await page.get_by_text("Delete…").click()
    await expect(page.get_by_role("button", name="Delete the job")).to_be_visible()
    await expect(page.get_by_role("button", name="Cancel the job")).to_be_hidden()


async def test_the_list_of_keys_keeps_the_focus_and_gives_it_back(open_page: OpenPage, shop: Shop) -> None:
    """Tab stays inside, Escape closes."""
    page = await open_page("/")
    button = page.locator("#keys-button")
    is_inside = "() => document.activeElement === document.body || !!document.activeElement.closest('#keys')"

    await button.focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("button", name="Close")).to_be_focused()
    await page.keyboard.press("Tab")
    await expect(page.locator("#keys-on")).to_be_focused()
    for _ in range(3):
        await page.keyboard.press("Tab")
        assert await page.evaluate(is_inside)
    await page.keyboard.press("Escape")
    await expect(page.locator("#keys")).to_be_hidden()
    await expect(button).to_be_focused()
