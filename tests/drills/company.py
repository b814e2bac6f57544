"""A small company that drill tests add events to."""

COMPANY = """\
drill: 1
title: A small company
starts: 2026-03-02T09:00:00Z
sites: {east: {}, west: {}}
suppliers: {acme: {lead_time_days: 14}}
products: {lamp: {supplier: acme}, torch: {}}
customers: {ann: {tier: gold}, bob: {}}
purchase_orders:
  P1: {supplier: acme, site: east, due: 10d, state: confirmed, lines: {lamp: 10}}
"""
