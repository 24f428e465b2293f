using System.Text.Json;
using Outbox.History.Replaying;
using Outbox.Kafka.Formats.Wire;
using Outbox.Kafka.Inbox.Way;
using Outbox.Messages;
using Outbox.Versioning;

namespace Outbox.Kafka.Inbox.Reading;

/// <summary>Reads what an owner says of a history that it replays. It is the framework's own, and needs no registration.</summary>
internal static class ReplayedHistory
{
    /// <exception cref="UnreadableMessageException">It is none.</exception>
    public static DecodedMessage Read(IWireReader format, in WireMessage wire)
    {
        var envelope = OneLine.Check(format.Read(wire));
        return Parse(envelope) is { RequestId.Length: > 0, Topic: not null } said
            ? new DecodedMessage(HistoryReplayed.TypeName, envelope, said, MessageOrdering.Partition)
            : throw new UnreadableMessageException($"The payload of message {envelope.MessageId} is not a '{HistoryReplayed.TypeName}'.");
    }

    private static HistoryReplayed? Parse(Envelope envelope)
    {
        try
        {
            return envelope.Payload is { } payload ? JsonSerializer.Deserialize<HistoryReplayed>(payload.Span, MessageJson.Default) : null;
        }
        catch (JsonException error)
        {
            throw new UnreadableMessageException($"The payload of message {envelope.MessageId} is not a '{HistoryReplayed.TypeName}': {WireText.Short(error.Message, 1_000)}", error);
        }
    }
}
