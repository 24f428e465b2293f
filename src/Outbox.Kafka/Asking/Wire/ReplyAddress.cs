using Outbox.Kafka.Formats.Wire;

namespace Outbox.Kafka.Asking.Wire;

/// <summary>Where one instance reads its answers.</summary>
/// <param name="Topic">The topic, as the brokers know it.</param>
/// <param name="Partition">The one that the instance reads.</param>
/// <param name="Instance">The instance, in this life of it: what was asked in an earlier one is answered to nobody.</param>
internal sealed record ReplyAddress(string Topic, int Partition, string Instance)
{
    /// <summary>
    /// How the topics of answers end. A request says where its answer goes: without a rule, whoever may ask could have the one who answers write to any topic that it may write to.
    /// </summary>
    public const string Suffix = ".replies";

    private const int LongestInstance = 100;

    /// <summary>The same for MassTransit.</summary>
    public Uri Uri => new($"outbox-reply:{Topic}/{Partition}/{Instance}");

    /// <exception cref="UnreadableMessageException">Nobody can be answered there.</exception>
    public static ReplyAddress Of(WireHeaders headers)
    {
        var topic = headers.Require(RequestHeaders.ReplyTo);
        if (!topic.EndsWith(Suffix, StringComparison.Ordinal) || !Messages.Registration.TopicName.IsValid(topic))
        {
            throw new UnreadableMessageException($"The header '{RequestHeaders.ReplyTo}' is '{WireText.Short(topic)}', and answers go to topics alone whose name ends with '{Suffix}'.");
        }

        var partition = headers.Require(RequestHeaders.ReplyPartition);
        return int.TryParse(partition, out var number) && number >= 0
            ? new ReplyAddress(topic, number, headers.Require(RequestHeaders.ReplyInstance).Within(LongestInstance, $"header '{RequestHeaders.ReplyInstance}'"))
            : throw new UnreadableMessageException($"The header '{RequestHeaders.ReplyPartition}' is '{WireText.Short(partition)}', not the number of a partition.");
    }
}
