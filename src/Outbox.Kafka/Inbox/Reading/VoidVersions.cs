using System.Text.Json;
using Outbox.History.Repair;
using Outbox.Kafka.Formats.Wire;
using Outbox.Kafka.Inbox.Way;
using Outbox.Messages;
using Outbox.Versioning;

namespace Outbox.Kafka.Inbox.Reading;

/// <summary>Reads an owner's answer about versions that it does not have. It is the framework's own, and needs no registration.</summary>
internal static class VoidVersions
{
    /// <returns>A message that stands for the last of the versions, of the entity that they are of.</returns>
    /// <exception cref="UnreadableMessageException">It is none.</exception>
    public static DecodedMessage Read(IWireReader format, in WireMessage wire)
    {
        var envelope = OneLine.Check(format.Read(wire));
        if (Parse(envelope) is not { EntityId.Length: > 0, EntityType: not null, From: > 0 } answer || answer.To < answer.From)
        {
            throw new UnreadableMessageException($"The payload of message {envelope.MessageId} is not a '{VersionsVoid.TypeName}'.");
        }

        var place = OneLine.Check(envelope with { EntityType = answer.EntityType, EntityId = answer.EntityId, Version = answer.To });
        return new DecodedMessage(VersionsVoid.TypeName, place, answer, MessageOrdering.Sequence);
    }

    private static VersionsVoid? Parse(Envelope envelope)
    {
        try
        {
            return envelope.Payload is { } payload ? JsonSerializer.Deserialize<VersionsVoid>(payload.Span, MessageJson.Default) : null;
        }
        catch (JsonException error)
        {
            throw new UnreadableMessageException($"The payload of message {envelope.MessageId} is not a '{VersionsVoid.TypeName}': {WireText.Short(error.Message, 1_000)}", error);
        }
    }
}
