"""The addresses of customers' pages, below /my/. A token holds dots, so that no other address can be one."""

from django.urls import URLPattern, path

from raincheck.web.customer import acts, brand, card, find, instead, opinion, views, wishes, withdraw

urlpatterns: list[URLPattern] = [
    path("find", find.find_order, name="customer_find"),
    path("brand/<slug:colour>.css", brand.brand, name="customer_brand"),
    path("<str:token>", views.page, name="customer_page"),
    path("<str:token>/wait", acts.wait, name="customer_wait"),
    path("<str:token>/cancel", acts.cancel, name="customer_cancel"),
    path("<str:token>/withdraw", withdraw.withdraw, name="customer_withdraw"),
    path("<str:token>/ship", acts.ship, name="customer_ship"),
    path("<str:token>/substitute", instead.substitute, name="customer_substitute"),
    path("<str:token>/address", acts.address, name="customer_address"),
    path("<str:token>/card", card.card, name="customer_card"),
    path("<str:token>/again", acts.again, name="customer_again"),
    path("<str:token>/preferences", wishes.preferences, name="customer_preferences"),
    path("<str:token>/feedback", opinion.feedback, name="customer_feedback"),
    path("<str:token>/fresh", find.fresh_link, name="customer_fresh"),
]
