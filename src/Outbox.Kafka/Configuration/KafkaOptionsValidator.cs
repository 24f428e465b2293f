using Microsoft.Extensions.Options;

namespace Outbox.Kafka;

/// <summary>Refuses settings that would break a guarantee.</summary>
internal sealed class KafkaOptionsValidator : IValidateOptions<KafkaOptions>
{
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
    };

    private static readonly Dictionary<string, string> Consumer = new(StringComparer.OrdinalIgnoreCase)
    {
        ["enable.auto.commit"] = "an offset is committed only after its message is done",
        ["enable.auto.offset.store"] = "an offset is committed only after its message is done",
        ["auto.commit.interval.ms"] = "it is the endpoint's CheckpointInterval",
        ["auto.offset.reset"] = "it is the endpoint's AutoOffsetReset",
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
        if (options.Fencing == Fencing.KafkaTransactions && string.IsNullOrWhiteSpace(options.TransactionalIdPrefix))
        {
            errors.Add($"{KafkaOptions.Section}:Fencing is KafkaTransactions, but TransactionalIdPrefix is missing. Set it to a name that only this outbox uses.");
        }

        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }

    private static IEnumerable<string> Check(string place, IDictionary<string, string> settings, Dictionary<string, string> refused) =>
        from setting in settings.Keys
        where refused.ContainsKey(setting)
        select $"{KafkaOptions.Section}:{place} sets '{setting}', which the framework decides: {refused[setting]}. Remove it.";
}
