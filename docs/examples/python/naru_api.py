"""Calls of a Naru node from Python, without generated code: a node describes its API itself (gRPC reflection).

Needs Debian's python3-grpcio and python3-protobuf, or grpcio and protobuf of PyPI.
"""

import time

import grpc
from google.protobuf import descriptor_pb2, message_factory, text_format
from google.protobuf.descriptor_database import DescriptorDatabase
from google.protobuf.descriptor_pool import DescriptorPool

# What has to be known before a node can be asked for the rest: part of grpc/reflection/v1/reflection.proto, and of
# google/rpc/error_details.proto, in which a refusal carries its error code.
KNOWN = """
name: "known.proto" package: "known" syntax: "proto3"
message_type { name: "Question"
  field { name: "file_containing_symbol" number: 4 type: TYPE_STRING label: LABEL_OPTIONAL } }
message_type { name: "Files"
  field { name: "file" number: 1 type: TYPE_BYTES label: LABEL_REPEATED } }
message_type { name: "Answer"
  field { name: "files" number: 4 type: TYPE_MESSAGE type_name: ".known.Files" label: LABEL_OPTIONAL } }
message_type { name: "Any"
  field { name: "type_url" number: 1 type: TYPE_STRING label: LABEL_OPTIONAL }
  field { name: "value" number: 2 type: TYPE_BYTES label: LABEL_OPTIONAL } }
message_type { name: "Status"
  field { name: "details" number: 3 type: TYPE_MESSAGE type_name: ".known.Any" label: LABEL_REPEATED } }
message_type { name: "ErrorInfo"
  field { name: "reason" number: 1 type: TYPE_STRING label: LABEL_OPTIONAL } }
"""


class NaruError(Exception):
    """A call that failed. `code` is Naru's, such as TOPIC_ALREADY_EXISTS; gRPC's where a node did not answer."""

    def __init__(self, code, message):
        super().__init__(f"{code}: {message}")
        self.code = code


class Naru:
    """A cluster. Any node takes any call; when one does not answer, the next one is asked."""

    def __init__(self, bootstrap_servers, timeout=30):
        self._channels = [
            grpc.insecure_channel(server, options=[("grpc.enable_http_proxy", 0)])
            for server in bootstrap_servers.split(",")
        ]
        self._timeout = timeout  # seconds that a call may take, all attempts together
        self._files = DescriptorDatabase()
        self._files.Add(text_format.Parse(KNOWN, descriptor_pb2.FileDescriptorProto()))
        self._pool = DescriptorPool(self._files)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for channel in self._channels:
            channel.close()

    def call(self, method, **fields):
        """The answer to one call: naru.call("TopicAdminService.GetTopic", name="topics/orders").

        Fields have the names of the API's messages; a message within one is a dict, an enum its name. Goes to the next
        node after UNAVAILABLE, so that a call may come twice: give what creates something a request_id.
        """
        service, name = method.split(".")
        service = self._service("naru.admin.v1." + service)
        rpc = service.methods_by_name[name]
        return self._unary(
            f"/{service.full_name}/{name}", self._class(rpc.input_type)(**fields), self._class(rpc.output_type)
        )

    def pages(self, method, field, **fields):
        """All elements of a list, page by page: naru.pages("TopicAdminService.ListTopics", "topics")."""
        token = ""
        while True:
            page = self.call(method, page_token=token, **fields)
            yield from getattr(page, field)
            token = page.next_page_token
            if not token:
                return

    def _service(self, name):
        try:
            return self._pool.FindServiceByName(name)
        except KeyError:
            question = self._known("Question")(file_containing_symbol=name)
            answer = self._first(
                lambda channel, timeout: next(
                    channel.stream_stream(
                        "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo",
                        request_serializer=type(question).SerializeToString,
                        response_deserializer=self._known("Answer").FromString,
                    )(iter([question]), timeout=timeout)
                )
            )
            if not answer.files.file:
                raise NaruError("UNIMPLEMENTED", f"Expected {name}, but the node has no such service") from None
            for file in answer.files.file:
                self._files.Add(descriptor_pb2.FileDescriptorProto.FromString(file))
            return self._pool.FindServiceByName(name)

    def _unary(self, path, request, answer_class):
        return self._first(
            lambda channel, timeout: channel.unary_unary(
                path,
                request_serializer=type(request).SerializeToString,
                response_deserializer=answer_class.FromString,
            )(request, timeout=timeout)
        )

    def _first(self, attempt):
        """The answer of the first node that gives one, round and round until the time is over."""
        until = time.monotonic() + self._timeout
        while True:
            for channel in self._channels:
                try:
                    return attempt(channel, max(until - time.monotonic(), 0))
                except grpc.RpcError as failure:
                    if failure.code() != grpc.StatusCode.UNAVAILABLE or time.monotonic() >= until:
                        raise NaruError(self._code(failure), failure.details()) from None
            time.sleep(0.2)  # all of them: an election may be going on

    def _code(self, failure):
        details = dict(failure.trailing_metadata() or ()).get("grpc-status-details-bin", b"")
        for detail in self._known("Status").FromString(details).details:
            if detail.type_url.endswith("/google.rpc.ErrorInfo"):
                return self._known("ErrorInfo").FromString(detail.value).reason
        return failure.code().name

    def _known(self, name):
        return self._class(self._pool.FindMessageTypeByName("known." + name))

    def _class(self, descriptor):
        if hasattr(message_factory, "GetMessageClass"):  # protobuf 4.22 and later
            return message_factory.GetMessageClass(descriptor)
        return message_factory.MessageFactory(self._pool).GetPrototype(descriptor)
