package dev.naru.broker.rpc;

import com.google.protobuf.Descriptors.MethodDescriptor;
import dev.naru.broker.access.RequiredAccess;
import dev.naru.proto.v1.Access;
import dev.naru.proto.v1.Operation;
import dev.naru.proto.v1.Resource;
import io.grpc.ServerServiceDefinition;
import io.grpc.protobuf.ProtoServiceDescriptorSupplier;
import java.util.Collection;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What each method demands of its caller, as its proto file states it, by full method name. */
public final class MethodAccess {

  /**
   * Health and reflection, which gRPC brings along without our annotation: what they tell is
   * public.
   */
  private static final RequiredAccess OF_STANDARD_SERVICES =
      new RequiredAccess(RequiredAccess.Operation.DESCRIBE, RequiredAccess.Resource.CLUSTER);

  private final SortedMap<String, RequiredAccess> byMethod;

  private MethodAccess(SortedMap<String, RequiredAccess> byMethod) {
    this.byMethod = byMethod;
  }

  /**
   * Reads the annotations of these services.
   *
   * @throws IllegalStateException if a method of ours has none: such a node must not start
   */
  public static MethodAccess of(Collection<ServerServiceDefinition> services) {
    var byMethod = new TreeMap<String, RequiredAccess>();
    for (var service : services) {
      var descriptor = service.getServiceDescriptor();
      boolean isOurs = descriptor.getName().startsWith("naru.");
      for (var method : descriptor.getMethods()) {
        byMethod.put(
            method.getFullMethodName(),
            isOurs
                ? annotationOf(descriptor.getSchemaDescriptor(), method.getBareMethodName())
                : OF_STANDARD_SERVICES);
      }
    }
    return new MethodAccess(byMethod);
  }

  /** What the method demands; empty for one that no service has. */
  Optional<RequiredAccess> of(String fullMethodName) {
    return Optional.ofNullable(byMethod.get(fullMethodName));
  }

  private static RequiredAccess annotationOf(@Nullable Object schema, @Nullable String method) {
    if (schema instanceof ProtoServiceDescriptorSupplier supplier && method != null) {
      return annotationOf(supplier.getServiceDescriptor().findMethodByName(method));
    }
    throw new IllegalStateException("Expected a service of a proto file, but was " + schema);
  }

  static RequiredAccess annotationOf(MethodDescriptor method) {
    var annotation = method.getOptions().getExtension(Access.requiredAccess);
    if (annotation.getOperation() == Operation.OPERATION_UNSPECIFIED
        || annotation.getResource() == Resource.RESOURCE_UNSPECIFIED) {
      throw new IllegalStateException(
          "Expected required_access on " + method.getFullName() + ", but it is absent");
    }
    return new RequiredAccess(
        RequiredAccess.Operation.valueOf(withoutPrefix(annotation.getOperation(), "OPERATION_")),
        RequiredAccess.Resource.valueOf(withoutPrefix(annotation.getResource(), "RESOURCE_")));
  }

  private static String withoutPrefix(Enum<?> constant, String prefix) {
    return constant.name().substring(prefix.length());
  }
}
