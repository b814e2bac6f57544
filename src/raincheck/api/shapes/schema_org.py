"""Products as schema.org describes them, out."""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field


class SchemaOrgAnswer(BaseModel):
    """JSON-LD: put it into the product's page as it is."""

    model_config = ConfigDict(extra="allow")

    context: Annotated[str, Field(alias="@context", examples=["https://schema.org/"])]
    type: Annotated[str, Field(alias="@type", examples=["Product", "ProductGroup"])]
    offers: Annotated[dict[str, Any] | None, Field(description="Price, availability, from when on, how many.")] = None


class SnippetAnswer(BaseModel):
    """The same as an element of a page."""

    html: Annotated[str, Field(examples=['<script type="application/ld+json">…</script>'])]


class SchemaOrgQuery(BaseModel):
    """Of what."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    group: Annotated[bool, Field(description="true: the product's whole style, as a ProductGroup.")] = False
