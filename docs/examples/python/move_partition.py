#!/usr/bin/env python3
"""Has a topic, a setting of it, and a partition where they are to be, by nothing but Naru's public API.

    move_partition.py 127.0.0.1:9410,127.0.0.1:9420 orders/0 2,3

lets nodes 2 and 3 hold partition 0 of orders, and 2 lead it, and prints what the cluster has decided for it. What is so
already stays as it is, so this may be run again after any failure.
"""

import sys
import time
import uuid

from naru_api import Naru, NaruError

WAIT_SECONDS = 600
RETENTION = ("retention.ms", str(24 * 3600 * 1000))
BYTES_PER_SECOND = 20 * 1024 * 1024  # for the move: producers and consumers need the network, too


def have_topic(naru, topic, copies):
    try:
        naru.call(
            "TopicAdminService.CreateTopic",
            topic=topic,
            partition_count=3,
            replication_factor=copies,
            request_id=str(uuid.uuid4()),  # makes it the same call if it has to be sent again
        )
        print(f"made topics/{topic}")
    except NaruError as error:
        if error.code != "TOPIC_ALREADY_EXISTS":
            raise


def have_setting(naru, subject, key, value):
    config = naru.call("ConfigAdminService.GetConfig", name=f"{subject}/config")
    before = next(setting.value for setting in config.settings if setting.key == key)
    if before == value:
        return
    naru.call(
        "ConfigAdminService.UpdateConfig",
        config={
            "name": config.name,
            "etag": config.etag,  # refused if somebody has changed something since we looked
            "settings": [{"key": key, "value": value}],
        },
        update_mask={"paths": [key]},
    )
    print(f"{subject} has {key}={value}, after {before}")


def have_replicas(naru, topic, number, nodes):
    before = naru.call("TopicAdminService.GetTopic", name=f"topics/{topic}").partitions[number]
    if list(before.replicas) == nodes:
        return
    operation = naru.call(
        "PartitionAdminService.ReassignPartitions",
        placements=[{"topic": f"topics/{topic}", "partition": number, "nodes": nodes}],
        bytes_per_second=BYTES_PER_SECOND,
        request_id=str(uuid.uuid4()),
    )
    print(f"{topic}/{number} goes from {list(before.replicas)} to {nodes}: {operation.name}")
    ended = wait(naru, operation)
    print(f"{ended.done} of {ended.total} {ended.unit} are there")


def wait(naru, operation):
    """Until it has ended. Nobody has to wait: it goes on whichever node, or script, dies."""
    until = time.monotonic() + WAIT_SECONDS
    while not operation.HasField("end_time"):
        if time.monotonic() > until:
            why = operation.waits_for or f"{operation.total - operation.done} {operation.unit}"
            raise TimeoutError(f"Expected {operation.name} to end in {WAIT_SECONDS} s, but it waits for {why}")
        time.sleep(0.2)
        operation = naru.call("OperationAdminService.GetOperation", name=operation.name)
    return operation


def print_events(naru, topic, after):
    for event in naru.pages("EventAdminService.ListEvents", "events", after=after):
        if f"{event.resource}/".startswith(f"topics/{topic}/"):
            print(f"{event.code} {event.resource}: {event.message} (because of {event.cause})")


def main(bootstrap_servers, partition, replicas):
    topic, number = partition.rsplit("/", 1)
    nodes = [int(node) for node in replicas.split(",")]
    with Naru(bootstrap_servers) as naru:
        newest = naru.call("EventAdminService.ListEvents", page_size=1, newest_first=True).position
        have_topic(naru, topic, copies=len(nodes))
        have_setting(naru, f"topics/{topic}", *RETENTION)
        have_replicas(naru, topic, int(number), nodes)
        print_events(naru, topic, after=newest)


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    try:
        main(*sys.argv[1:])
    except NaruError as error:
        sys.exit(f"error: {error}")
