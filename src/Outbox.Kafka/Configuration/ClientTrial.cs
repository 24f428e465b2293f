using Confluent.Kafka;

namespace Outbox.Kafka;

/// <summary>Builds each kind of client once, without a broker to speak to: librdkafka reads its settings, and the files that they name, only then.</summary>
internal static class ClientTrial
{
    /// <returns>What is wrong, each with the name of the setting.</returns>
    public static IEnumerable<string> Errors(KafkaOptions kafka, OutboxOptions outbox)
    {
        string?[] found =
        [
            Try(Names(kafka, kafka.ProducerSettings, "ProducerSettings"), () => ClientBuilders.Producer(kafka, Alone(ClientSettings.Producer(kafka, outbox)), Ignore, Ignore).Build()),
            Try(Names(kafka, kafka.ConsumerSettings, "ConsumerSettings"), () => Consumer(kafka, outbox).Build()),
            Try(Names(kafka, kafka.Settings, "Settings"), () => ClientBuilders.Admin(kafka, Alone(ClientSettings.Admin(kafka)), Ignore, Ignore).Build()),
        ];
        return found.OfType<string>().Distinct(StringComparer.Ordinal);
    }

    private static ConsumerBuilder<byte[]?, byte[]?> Consumer(KafkaOptions kafka, OutboxOptions outbox)
    {
        var config = Alone(ClientSettings.Consumer(kafka, outbox));
        config.GroupId = "trial";
        return new ConsumerBuilder<byte[]?, byte[]?>(config)
            .SetKeyDeserializer(Deserializers.ByteArray)
            .SetValueDeserializer(Deserializers.ByteArray)
            .SetErrorHandler((_, _) => { })
            .SetLogHandler((_, _) => { })
            .SetPartitionsAssignedHandler((_, _) => { })
            .SetPartitionsRevokedHandler((_, _) => { })
            .SetPartitionsLostHandler((_, _) => { })
            .With(kafka);
    }

    private static T Alone<T>(T config)
        where T : ClientConfig
    {
        config.BootstrapServers = "";
        return config;
    }

    private static string? Try(Func<string, string> place, Func<IDisposable> build)
    {
        try
        {
            build().Dispose();
            return null;
        }
        catch (OutboxConfigurationException error)
        {
            return error.Message;
        }
        catch (Exception error) when (error is InvalidOperationException or ArgumentException or FormatException or KafkaException)
        {
            return $"{place(error.Message)}: {error.Message.TrimEnd('.')}.";
        }
    }

    /// <summary>Where a setting that an error speaks of was made.</summary>
    private static Func<string, string> Names(KafkaOptions kafka, IDictionary<string, string> own, string name) => message =>
    {
        bool IsNamed(KeyValuePair<string, string> setting) => message.Contains(setting.Key, StringComparison.Ordinal) || message.Contains($"\"{setting.Value}\"", StringComparison.Ordinal);
        var place = !own.Any(IsNamed) && kafka.Settings.Any(IsNamed) ? "Settings" : name;
        // librdkafka knows some settings by another name.
        var setting = (place == name ? own : kafka.Settings).FirstOrDefault(IsNamed).Key;
        return $"{KafkaOptions.Section}:{place}{(setting is null || message.Contains(setting, StringComparison.Ordinal) ? "" : $":{setting}")}";
    };

    private static void Ignore(Error error)
    {
    }

    private static void Ignore(LogMessage line)
    {
    }
}
