"""What a page can listen to, and who may."""

from collections.abc import Sequence

from raincheck.web.person import Person

PERMISSION_OF_TOPIC = {
    "desk": "desk.view",
    "queue": "queue.view",
    "order": "order.view",
    "product": "product.view",
    "receiving": "receiving.view",
    "shipments": "shipment.view",
    "purchase": "purchase.view",
    "mailbox": "mailbox.view",
    "tasks": "task.close",
    "lab": "lab.view",
    "webhooks": "webhook.manage",
}
MAX_TOPICS = 20
MAX_TOPIC_LENGTH = 120


def parse_topics(asked: Sequence[str]) -> frozenset[str]:
    """Topics such as `desk` and `product:12`. Raises `ValueError` in words for none, too many or an unknown one."""
    topics = frozenset(topic.strip() for topic in asked)
    if not topics:
        raise ValueError("Name what to listen to: topic=desk.")
    if len(topics) > MAX_TOPICS:
        raise ValueError(f"One page listens to {MAX_TOPICS} topics at most.")
    for topic in topics:
        if len(topic) > MAX_TOPIC_LENGTH or topic.partition(":")[0] not in PERMISSION_OF_TOPIC:
            raise ValueError(f"There is no topic {topic[:40]!r}.")
    return topics


def may_listen(person: Person, topics: frozenset[str]) -> bool:
    """Whether the person may see the pages behind all of these topics."""
    return all(person.may(PERMISSION_OF_TOPIC[topic.partition(":")[0]]) for topic in topics)
