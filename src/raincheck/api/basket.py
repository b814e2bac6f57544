"""Baskets: what a checkout shows before the order is placed."""

from typing import Any

from django.utils.translation.trans_real import parse_accept_lang_header
from ninja import Router

from raincheck.actions.split_basket import Basket, Choice, split_basket
from raincheck.api.answers import Answer, writes
from raincheck.api.keys import ApiKey, ApiRequest
from raincheck.api.order import request_of
from raincheck.api.shapes.basket import BasketAnswer
from raincheck.api.shapes.order import QuoteBody
from raincheck.core.settings import LANGUAGES
from raincheck.words.basket import choice_said, pieces_said

router = Router(tags=["Orders"], by_alias=True)


@router.post(
    "/baskets",
    auth=ApiKey("order.quote"),
    response=BasketAnswer,
    operation_id="splitBasket",
    summary="How a basket would arrive",
)
@writes()
def split(request: ApiRequest, body: QuoteBody) -> Answer:
    """Line by line ("5 now, 2 on Thursday 12 March") and delivery by delivery, under the shipping asked for and every
    other that would arrive otherwise, so that the shopper can choose. Words in the language of `Accept-Language`
    (en, de, es). Nothing is held.
    """
    language = _language(request)
    basket = split_basket(request_of(body, body.ref or "basket"))
    return Answer(
        {
            "ref": body.ref,
            "lines": _lines(basket, language),
            "choices": [_choice(choice, basket, language) for choice in basket.choices],
        }
    )


def _language(request: ApiRequest) -> str:
    """The first of the caller's languages that is one of ours."""
    wanted = parse_accept_lang_header(request.headers.get("Accept-Language", ""))
    named = (language.split("-")[0] for language, _ in wanted)
    return next((language for language in named if language in LANGUAGES), LANGUAGES[0])


def _lines(basket: Basket, language: str) -> list[dict[str, Any]]:
    return [
        {
            "sku": line.sku,
            "units": line.row.ordered,
            "pieces": [
                {"units": piece.units, "from": piece.source, "on": piece.on, "reason": piece.reason}
                for piece in line.pieces
            ],
            "words": pieces_said(
                [(piece.units, piece.on) for piece in line.pieces if piece.source != "refused"],
                line.row.refused,
                basket.now_on,
                language,
            ),
        }
        for line in basket.lines
    ]


def _choice(choice: Choice, basket: Basket, language: str) -> dict[str, Any]:
    return {
        "ship": choice.ship,
        "deliveries": [
            {
                "on": delivery.on,
                "units": delivery.units,
                "lines": [{"sku": sku, "units": units} for sku, units in delivery.lines],
            }
            for delivery in choice.deliveries
        ],
        "refused": [{"sku": sku, "units": units} for sku, units in choice.refused],
        "words": choice_said(
            [delivery.on for delivery in choice.deliveries],
            basket.now_on,
            language,
            refused=sum(units for _, units in choice.refused),
        ),
    }
