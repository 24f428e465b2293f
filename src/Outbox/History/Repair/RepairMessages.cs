using Outbox.Delivery.Leases;
using Outbox.Messages;
using Outbox.Messages.Intents;
using Outbox.Messages.Payloads;
using Outbox.Messages.Registration;

namespace Outbox.History.Repair;

/// <summary>Makes the messages of gap repair. They are the framework's, so no registration of a user's says how they look. For stores.</summary>
public static class RepairMessages
{
    /// <summary>The name of <see cref="RepublishVersions"/> on the wire.</summary>
    public static string CommandType { get; } = MessageTypeName.Of(typeof(RepublishVersions));

    /// <summary>The command to the owner. Its version is for the store to count.</summary>
    public static OutboxMessage Ask(RepublishVersions ask, int lanes, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(ask);
        return Make(ask, RepairTopic.Of(ask.Topic), new Entity(ask.EntityType, ask.EntityId), CommandType, lanes, now) with { Intent = MessageIntent.Command };
    }

    /// <summary>A kept event as it is put back: apart from its entity's new messages, whose order and whose delivery it must not touch.</summary>
    public static OutboxMessage Replay(AnsweredTopic topic, OutboxMessage kept, string endpoint, int lanes, DateTimeOffset due)
    {
        ArgumentNullException.ThrowIfNull(topic);
        ArgumentNullException.ThrowIfNull(kept);
        return kept with
        {
            Lane = Lane.Delayed(Lane.Of(kept.EntityId, lanes)),
            Format = topic.Format,
            Transforms = topic.Transforms,
            Headers = With(kept.Headers, endpoint),
            PartitionKey = RepairTopic.KeyOf(endpoint, kept.EntityId),
            NotBefore = due,
        };
    }

    /// <summary>The answer about versions that are not kept.</summary>
    public static OutboxMessage Void(AnsweredTopic topic, RepublishVersions ask, (long From, long To) range, int lanes, DateTimeOffset due)
    {
        ArgumentNullException.ThrowIfNull(topic);
        ArgumentNullException.ThrowIfNull(ask);
        var answer = new VersionsVoid(ask.EntityType, ask.EntityId, range.From, range.To);
        var message = Make(answer, topic.Topic, new Entity(VersionsVoid.TypeName, ask.EntityId), VersionsVoid.TypeName, lanes, due);
        return message with
        {
            EntityId = message.MessageId,
            Version = 1,
            Lane = Lane.Delayed(message.Lane),
            Format = topic.Format,
            Transforms = topic.Transforms,
            Headers = With(message.Headers, ask.Endpoint),
            PartitionKey = RepairTopic.KeyOf(ask.Endpoint, ask.EntityId),
            NotBefore = due,
        };
    }

    internal static OutboxMessage Make(object content, string topic, Entity entity, string type, int lanes, DateTimeOffset now)
    {
        var id = Guid.CreateVersion7(now).ToString();
        return new OutboxMessage
        {
            MessageId = id,
            Lane = Lane.Of(entity.Id, lanes),
            Topic = topic,
            EntityType = entity.Type,
            EntityId = entity.Id,
            Version = Capture.CaptureBuffer.UnassignedVersion,
            Ordinal = 0,
            Intent = MessageIntent.Event,
            Type = type,
            Payload = PayloadJson.Write(content, content.GetType(), MessageJson.Default),
            Headers = new Dictionary<string, string> { [MessageHeaders.CorrelationId] = id },
            Timestamp = now,
        };
    }

    internal static Dictionary<string, string> With(IReadOnlyDictionary<string, string> headers, string endpoint) => new(headers) { [MessageHeaders.ReplayFor] = endpoint };
}
