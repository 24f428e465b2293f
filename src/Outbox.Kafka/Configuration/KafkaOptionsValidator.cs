using System.Globalization;
using Microsoft.Extensions.Options;
using Outbox.Messages;
using Outbox.Messages.Registration;

namespace Outbox.Kafka;

/// <summary>Refuses settings that would break a guarantee.</summary>
internal sealed class KafkaOptionsValidator(IOptions<OutboxOptions> outbox, TopicRegistry topics) : IValidateOptions<KafkaOptions>
{
    private const double MostLinger = 100;

    private static readonly Dictionary<string, string> Producer = new(StringComparer.OrdinalIgnoreCase)
    {
        ["acks"] = "a message counts as published only when all in-sync replicas have it (acks=all)",
        ["request.required.acks"] = "a message counts as published only when all in-sync replicas have it (acks=all)",
        ["enable.idempotence"] = "the order of an entity's messages needs the idempotent producer",
        ["enable.gapless.guarantee"] = "a message must not overtake one of its entity that was refused",
        ["max.in.flight"] = "the idempotent producer sets it",
        ["max.in.flight.requests.per.connection"] = "the idempotent producer sets it",
        ["message.timeout.ms"] = "it follows from LeaseDuration, so that nothing is sent after a lease ends",
        ["delivery.timeout.ms"] = "it follows from LeaseDuration, so that nothing is sent after a lease ends",
        ["transactional.id"] = "the relay chooses it",
        ["transaction.timeout.ms"] = "it follows from LeaseDuration, so that a transaction left behind ends with the lease",
        ["dotnet.producer.enable.delivery.reports"] = "a message is deleted only after its delivery report",
        ["dotnet.producer.enable.background.poll"] = "a message is deleted only after its delivery report",
        ["dotnet.producer.delivery.report.fields"] = "the relay reads nothing but the error of a report",
    };

    private static readonly Dictionary<string, string> Consumer = new(StringComparer.OrdinalIgnoreCase)
    {
        ["enable.auto.commit"] = "an offset is committed only after its message is done",
        ["enable.auto.offset.store"] = "an offset is committed only after its message is done",
        ["auto.commit.interval.ms"] = "it is the endpoint's CheckpointInterval",
        ["auto.offset.reset"] = "it is the endpoint's AutoOffsetReset",
        ["isolation.level"] = "records of aborted transactions are not messages (read_committed)",
        ["group.id"] = "it is the endpoint's name: TopicEndpoint(topic, group, …)",
    };

    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, KafkaOptions options)
    {
        var errors = Check("ProducerSettings", options.ProducerSettings, Producer)
            .Concat(Check("ConsumerSettings", options.ConsumerSettings, Consumer))
            .Concat(Check("Settings", options.Settings, Producer))
            .Concat(Check("Settings", options.Settings, Consumer))
            .ToList();
        errors.AddRange(CheckValues("ProducerSettings", options.ProducerSettings));
        errors.AddRange(CheckValues("Settings", options.Settings));
        if (options.Fencing == Fencing.KafkaTransactions && string.IsNullOrWhiteSpace(options.TransactionalIdPrefix))
        {
            errors.Add($"{KafkaOptions.Section}:Fencing is KafkaTransactions, but TransactionalIdPrefix is missing. Set it to a name that only this outbox uses.");
        }

        errors.AddRange(CheckSizes(options, outbox.Value));
        errors.AddRange(
            from topic in topics.All.Select(topic => topic.Name)
            where !BusTopics.Contains(topic) && !TopicName.IsValid(options.TopicPrefix + topic)
            select $"Topic '{topic}' with {KafkaOptions.Section}:TopicPrefix '{options.TopicPrefix}' is longer than Kafka allows. Shorten one of them.");
        if (errors.Count == 0)
        {
            errors.AddRange(ClientTrial.Errors(options, outbox.Value));
        }

        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }

    private static IEnumerable<string> CheckSizes(KafkaOptions kafka, OutboxOptions outbox)
    {
        var given = ClientSettings.Merge(kafka.Settings, kafka.ProducerSettings).GetValueOrDefault("message.max.bytes");
        if ((int.TryParse(given, CultureInfo.InvariantCulture, out var limit) ? limit : ClientSettings.MessageMaxBytes) is var most && outbox.MaxPayloadBytes >= most)
        {
            yield return $"{OutboxOptions.Section}:MaxPayloadBytes is {outbox.MaxPayloadBytes:N0}, and the producer takes no message of {most:N0} bytes or more, envelope and headers included: what "
                + "is captured could not be published. Lower it, or raise 'message.max.bytes' in "
                + $"{KafkaOptions.Section}:ProducerSettings and max.message.bytes of the topics.";
        }
    }

    private static IEnumerable<string> CheckValues(string place, IDictionary<string, string> settings)
    {
        foreach (var (name, value) in settings)
        {
            if (name.Equals("partitioner", StringComparison.OrdinalIgnoreCase) && value.Equals("random", StringComparison.OrdinalIgnoreCase))
            {
                yield return $"{KafkaOptions.Section}:{place} sets 'partitioner' to 'random', which spreads an entity's messages over partitions without order. "
                    + "Use murmur2_random (the default, as Java's), consistent_random or fnv1a_random.";
            }

            if (name.Equals("linger.ms", StringComparison.OrdinalIgnoreCase) && double.TryParse(value, CultureInfo.InvariantCulture, out var linger) && linger > MostLinger)
            {
                yield return $"{KafkaOptions.Section}:{place} sets 'linger.ms' to {value}. The relay hands a whole batch over at once and waits for it, so lingering only delays it. "
                    + $"Set it to {MostLinger} or less; the default is 0.";
            }

            if (name is "retries" or "message.send.max.retries" && value == "0")
            {
                yield return $"{KafkaOptions.Section}:{place} sets '{name}' to 0, but the producer must repeat a request whose answer was lost. Remove it.";
            }
        }
    }

    private static IEnumerable<string> Check(string place, IDictionary<string, string> settings, Dictionary<string, string> refused) =>
        from setting in settings.Keys
        where refused.ContainsKey(setting)
        select $"{KafkaOptions.Section}:{place} sets '{setting}', which the framework decides: {refused[setting]}. Remove it.";
}
