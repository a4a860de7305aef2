package dev.naru.kafka.clients;

import dev.naru.kafka.common.serialization.ByteArrayDeserializer;
import dev.naru.kafka.common.serialization.ByteArraySerializer;
import dev.naru.kafka.common.serialization.Deserializer;
import dev.naru.kafka.common.serialization.DoubleDeserializer;
import dev.naru.kafka.common.serialization.DoubleSerializer;
import dev.naru.kafka.common.serialization.IntegerDeserializer;
import dev.naru.kafka.common.serialization.IntegerSerializer;
import dev.naru.kafka.common.serialization.LongDeserializer;
import dev.naru.kafka.common.serialization.LongSerializer;
import dev.naru.kafka.common.serialization.Serializer;
import dev.naru.kafka.common.serialization.StringDeserializer;
import dev.naru.kafka.common.serialization.StringSerializer;
import dev.naru.kafka.common.serialization.UUIDDeserializer;
import dev.naru.kafka.common.serialization.UUIDSerializer;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Serializers and deserializers that settings may name. */
public final class KnownFormats {

  private static final String IN = "common.serialization.";

  private static final Map<String, Supplier<Serializer<?>>> SERIALIZERS =
      Map.of(
          IN + "StringSerializer", StringSerializer::new,
          IN + "ByteArraySerializer", ByteArraySerializer::new,
          IN + "LongSerializer", LongSerializer::new,
          IN + "IntegerSerializer", IntegerSerializer::new,
          IN + "DoubleSerializer", DoubleSerializer::new,
          IN + "UUIDSerializer", UUIDSerializer::new);

  private static final Map<String, Supplier<Deserializer<?>>> DESERIALIZERS =
      Map.of(
          IN + "StringDeserializer", StringDeserializer::new,
          IN + "ByteArrayDeserializer", ByteArrayDeserializer::new,
          IN + "LongDeserializer", LongDeserializer::new,
          IN + "IntegerDeserializer", IntegerDeserializer::new,
          IN + "DoubleDeserializer", DoubleDeserializer::new,
          IN + "UUIDDeserializer", UUIDDeserializer::new);

  private KnownFormats() {}

  /** The serializer that a setting stands for, configured. */
  @SuppressWarnings("unchecked") // the application says of which type it is, as with Kafka
  public static <T> Serializer<T> serializer(GivenSettings settings, String name, boolean isKey) {
    var found =
        settings.take(
            name,
            Serializer.class,
            known -> Optional.ofNullable(SERIALIZERS.get(known)).map(Supplier::get));
    found.configure(settings.asGiven(), isKey);
    return (Serializer<T>) found;
  }

  /** The deserializer that a setting stands for, configured. */
  @SuppressWarnings("unchecked") // the application says of which type it is, as with Kafka
  public static <T> Deserializer<T> deserializer(
      GivenSettings settings, String name, boolean isKey) {
    var found =
        settings.take(
            name,
            Deserializer.class,
            known -> Optional.ofNullable(DESERIALIZERS.get(known)).map(Supplier::get));
    found.configure(settings.asGiven(), isKey);
    return (Deserializer<T>) found;
  }
}
