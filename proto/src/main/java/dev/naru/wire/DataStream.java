package dev.naru.wire;

import dev.naru.proto.internal.v1.FollowerMessage;
import dev.naru.proto.internal.v1.LeaderMessage;
import dev.naru.proto.internal.v1.ReplicationServiceGrpc;
import dev.naru.proto.v1.FetchRequest;
import dev.naru.proto.v1.FetchResponse;
import dev.naru.proto.v1.FetchServiceGrpc;
import dev.naru.proto.v1.ProduceRequest;
import dev.naru.proto.v1.ProduceResponse;
import dev.naru.proto.v1.ProduceServiceGrpc;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.Marshaller;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.ServerCalls.BidiStreamingMethod;
import io.grpc.stub.StreamObserver;
import java.util.function.UnaryOperator;

/**
 * A bidirectional stream that moves batches: the method of a generated service with marshallers
 * that do not copy them into messages. Takes the place of the generated stub and service base at
 * both ends.
 *
 * @param <Q> what the client sends
 * @param <A> what the server answers
 */
public final class DataStream<Q, A> {

  /** Producer to leader. */
  public static final DataStream<WithBatches<ProduceRequest>, ProduceResponse> PRODUCE =
      new DataStream<>(
          ProduceServiceGrpc.getServiceDescriptor(),
          ProduceServiceGrpc.getProduceMethod().toBuilder(
                  BatchMarshaller.of(ProduceRequest.getDefaultInstance()),
                  ProtoUtils.marshaller(ProduceResponse.getDefaultInstance()))
              .build());

  /** Consumer to leader. */
  public static final DataStream<FetchRequest, WithBatches<FetchResponse>> FETCH =
      new DataStream<>(
          FetchServiceGrpc.getServiceDescriptor(),
          FetchServiceGrpc.getFetchMethod().toBuilder(
                  ProtoUtils.marshaller(FetchRequest.getDefaultInstance()),
                  BatchMarshaller.of(FetchResponse.getDefaultInstance()))
              .build());

  /** Follower to leader. */
  public static final DataStream<FollowerMessage, WithBatches<LeaderMessage>> REPLICATE =
      new DataStream<>(
          ReplicationServiceGrpc.getServiceDescriptor(),
          ReplicationServiceGrpc.getReplicateMethod().toBuilder(
                  ProtoUtils.marshaller(FollowerMessage.getDefaultInstance()),
                  BatchMarshaller.of(LeaderMessage.getDefaultInstance()))
              .build());

  private final ServiceDescriptor generated;
  private final ServiceDescriptor service;
  private final MethodDescriptor<Q, A> method;

  private DataStream(ServiceDescriptor generated, MethodDescriptor<Q, A> method) {
    this.generated = generated;
    this.method = method;
    this.service =
        ServiceDescriptor.newBuilder(generated.getName())
            .setSchemaDescriptor(generated.getSchemaDescriptor())
            .addMethod(method)
            .build();
  }

  /**
   * The same stream, whose batches are received into this memory: each message's batches are held
   * by the observer that it is handed to, which has to release them.
   */
  public DataStream<Q, A> receivingInto(BatchMemory memory) {
    return with(marshaller -> marshaller.into(memory));
  }

  /** The same stream, whose batches are handed to gRPC by this sender. */
  public DataStream<Q, A> sendingBy(BatchSender sender) {
    return with(marshaller -> marshaller.by(sender));
  }

  private DataStream<Q, A> with(UnaryOperator<BatchMarshaller<?>> change) {
    return new DataStream<>(
        generated,
        method.toBuilder(
                changed(method.getRequestMarshaller(), change),
                changed(method.getResponseMarshaller(), change))
            .build());
  }

  @SuppressWarnings("unchecked") // a marshaller of the same messages
  private static <T> Marshaller<T> changed(
      Marshaller<T> marshaller, UnaryOperator<BatchMarshaller<?>> change) {
    return marshaller instanceof BatchMarshaller<?> ofBatches
        ? (Marshaller<T>) change.apply(ofBatches)
        : marshaller;
  }

  /** The method, for those who make calls of their own. */
  public MethodDescriptor<Q, A> method() {
    return method;
  }

  /**
   * The service for a server. Each call is given the observer of its answers, a {@code
   * ServerCallStreamObserver}, and returns the observer of its requests.
   */
  public ServerServiceDefinition serve(BidiStreamingMethod<Q, A> handler) {
    return ServerServiceDefinition.builder(service)
        .addMethod(method, ServerCalls.asyncBidiStreamingCall(handler))
        .build();
  }

  /**
   * As {@link #serve(BidiStreamingMethod)}, for a service that has more methods: all but the stream
   * are taken from {@code others}, the service as it was generated.
   */
  public ServerServiceDefinition serve(
      BidiStreamingMethod<Q, A> handler, ServerServiceDefinition others) {
    var all =
        ServiceDescriptor.newBuilder(generated.getName())
            .setSchemaDescriptor(generated.getSchemaDescriptor())
            .addMethod(method);
    var unary = others.getMethods().stream().filter(this::isAnother).toList();
    unary.forEach(other -> all.addMethod(other.getMethodDescriptor()));
    var definition =
        ServerServiceDefinition.builder(all.build())
            .addMethod(method, ServerCalls.asyncBidiStreamingCall(handler));
    unary.forEach(definition::addMethod);
    return definition.build();
  }

  private boolean isAnother(ServerMethodDefinition<?, ?> other) {
    return !other.getMethodDescriptor().getFullMethodName().equals(method.getFullMethodName());
  }

  /** Opens the stream; a {@code ClientResponseObserver} also controls the flow. */
  public StreamObserver<Q> open(Channel channel, CallOptions options, StreamObserver<A> answers) {
    return ClientCalls.asyncBidiStreamingCall(channel.newCall(method, options), answers);
  }
}
