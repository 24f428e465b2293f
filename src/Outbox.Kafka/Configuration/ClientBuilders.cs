using Confluent.Kafka;

namespace Outbox.Kafka;

/// <summary>Builders of clients with the outbox's handlers and the service's changes.</summary>
internal static class ClientBuilders
{
    public static ProducerBuilder<byte[]?, byte[]?> Producer(KafkaOptions options, ProducerConfig config, Action<Error> onError, Action<LogMessage> onLine) =>
        new ProducerBuilder<byte[]?, byte[]?>(config)
            .SetErrorHandler((_, error) => onError(error))
            .SetLogHandler((_, line) => onLine(line))
            .With(options.ProducerHooks, nameof(KafkaOptions.ConfigureProducer));

    public static AdminClientBuilder Admin(KafkaOptions options, AdminClientConfig config, Action<Error> onError, Action<LogMessage> onLine) =>
        new AdminClientBuilder(config)
            .SetErrorHandler((_, error) => onError(error))
            .SetLogHandler((_, line) => onLine(line))
            .With(options.AdminHooks, nameof(KafkaOptions.ConfigureAdmin));

    /// <summary>A consumer that reads or sets a group's offsets and processes nothing: it stores and commits none by itself, and is no static member.</summary>
    public static ConsumerBuilder<byte[]?, byte[]?> OfGroup(string group, KafkaOptions options, OutboxOptions outbox, bool showsEnds = false)
    {
        var config = ClientSettings.Consumer(options, outbox);
        config.GroupId = group;
        config.GroupInstanceId = null;
        config.EnableAutoCommit = false;
        config.EnableAutoOffsetStore = false;
        config.AutoOffsetReset = AutoOffsetReset.Earliest;
        config.EnablePartitionEof = showsEnds;
        return new ConsumerBuilder<byte[]?, byte[]?>(config)
            .SetKeyDeserializer(Deserializers.ByteArray)
            .SetValueDeserializer(Deserializers.ByteArray)
            .SetLogHandler((_, _) => { })
            .SetErrorHandler((_, _) => { })
            .With(options);
    }

    /// <summary>A consumer's builder, after the outbox has set its handlers: a change that sets one of them too is refused.</summary>
    public static ConsumerBuilder<byte[]?, byte[]?> With(this ConsumerBuilder<byte[]?, byte[]?> builder, KafkaOptions options) =>
        builder.With(options.ConsumerHooks, nameof(KafkaOptions.ConfigureConsumer));

    private static T With<T>(this T builder, List<Action<T>> changes, string name)
    {
        foreach (var change in changes)
        {
            try
            {
                change(builder);
            }
            catch (InvalidOperationException error)
            {
                throw new OutboxConfigurationException($"{name} of UseKafka sets what the outbox sets itself: {error.Message} Leave it out.", error);
            }
        }

        return builder;
    }
}
