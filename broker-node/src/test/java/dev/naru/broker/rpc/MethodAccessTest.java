package dev.naru.broker.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;

import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import dev.naru.broker.access.AccessRules;
import dev.naru.broker.access.Principal;
import dev.naru.broker.access.Principal.Listener;
import dev.naru.broker.access.RequiredAccess;
import dev.naru.broker.access.RequiredAccess.Operation;
import dev.naru.proto.admin.v1.ClusterAdminServiceGrpc;
import dev.naru.proto.admin.v1.GroupAdminServiceGrpc;
import dev.naru.proto.admin.v1.NodeAdminServiceGrpc;
import dev.naru.proto.admin.v1.PartitionAdminServiceGrpc;
import dev.naru.proto.admin.v1.TopicAdminServiceGrpc;
import dev.naru.proto.internal.v1.ControllerServiceGrpc;
import dev.naru.proto.internal.v1.CoordinatorServiceGrpc;
import dev.naru.proto.internal.v1.LagServiceGrpc;
import dev.naru.proto.internal.v1.ReplicationServiceGrpc;
import dev.naru.proto.v1.FetchServiceGrpc;
import dev.naru.proto.v1.GroupServiceGrpc;
import dev.naru.proto.v1.MetadataServiceGrpc;
import dev.naru.proto.v1.ProduceServiceGrpc;
import io.grpc.ServiceDescriptor;
import io.grpc.protobuf.ProtoFileDescriptorSupplier;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class MethodAccessTest {

  @ParameterizedTest
  @MethodSource("methods")
  void findsTheAnnotationOfEveryMethod(MethodDescriptor method) {
    assertThatNoException().isThrownBy(() -> MethodAccess.annotationOf(method));
  }

  @ParameterizedTest
  @MethodSource("methods")
  void keepsWhatBelongsToNodesFromEveryoneElse(MethodDescriptor method) {
    var required = MethodAccess.annotationOf(method);
    boolean isInternal = method.getFile().getPackage().equals("naru.internal.v1");

    assertThat(required.operation() == Operation.NODE).isEqualTo(isInternal);
    assertThat(isRefused(required, Listener.CLIENT)).isEqualTo(isInternal);
    assertThat(isRefused(required, Listener.INTERNAL)).isFalse();
  }

  private static boolean isRefused(RequiredAccess required, Listener listener) {
    return AccessRules.check(Principal.anonymous("127.0.0.1:1", listener), required).isPresent();
  }

  static Stream<MethodDescriptor> methods() {
    return Stream.of(
            ProduceServiceGrpc.getServiceDescriptor(),
            FetchServiceGrpc.getServiceDescriptor(),
            MetadataServiceGrpc.getServiceDescriptor(),
            TopicAdminServiceGrpc.getServiceDescriptor(),
            PartitionAdminServiceGrpc.getServiceDescriptor(),
            NodeAdminServiceGrpc.getServiceDescriptor(),
            ClusterAdminServiceGrpc.getServiceDescriptor(),
            GroupServiceGrpc.getServiceDescriptor(),
            GroupAdminServiceGrpc.getServiceDescriptor(),
            ControllerServiceGrpc.getServiceDescriptor(),
            ReplicationServiceGrpc.getServiceDescriptor(),
            CoordinatorServiceGrpc.getServiceDescriptor(),
            LagServiceGrpc.getServiceDescriptor())
        .map(MethodAccessTest::fileOf)
        .flatMap(file -> file.getServices().stream())
        .flatMap(service -> service.getMethods().stream());
  }

  private static FileDescriptor fileOf(ServiceDescriptor service) {
    return Objects.requireNonNull((ProtoFileDescriptorSupplier) service.getSchemaDescriptor())
        .getFileDescriptor();
  }
}
