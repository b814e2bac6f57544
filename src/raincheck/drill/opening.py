"""The company as a drill finds it: written through the same actions as a living one's."""

from raincheck.actions.catalogue import (
    record_lateness,
    save_customers,
    save_products,
    save_settings,
    save_sites,
    save_suppliers,
    set_stock,
)
from raincheck.actions.policies import add_policy
from raincheck.actions.purchase import PurchaseRequest, purchase
from raincheck.actions.run_timers import begin_days
from raincheck.actions.sellers import save_sellers
from raincheck.drill.scenario import Scenario


def open_company(scenario: Scenario) -> None:
    """Writes what the scenario starts with, at its first instant. What a copied company has beside it stays."""
    at = scenario.starts_at
    today = scenario.settings.calendar.day_of(at)
    save_settings(scenario.settings, at=at)
    for rule in scenario.policies:
        add_policy(rule.when, rule.then, at)
    save_suppliers(scenario.suppliers)
    for supplier, lateness_days in scenario.lateness_days.items():
        record_lateness(supplier, lateness_days, today)
    save_sites(scenario.sites, at)
    save_customers(scenario.customers)
    save_products(scenario.products, at)
    save_sellers(scenario.sellers, scenario.seller_by_sku)
    for site, units_by_sku in scenario.stock.items():
        set_stock(site, units_by_sku, at)
    for order in scenario.purchase_orders:
        purchase(PurchaseRequest(order.po, order.supplier, order.site, order.lines, order.due_on, order.state), at)
    begin_days(at)
