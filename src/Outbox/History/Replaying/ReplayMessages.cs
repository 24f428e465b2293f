using Outbox.Delivery.Leases;
using Outbox.History.Repair;
using Outbox.Messages;
using Outbox.Messages.Registration;

namespace Outbox.History.Replaying;

/// <summary>Makes the messages of replays of histories. They are the framework's, so no registration of a user's says how they look. For stores and transports.</summary>
public static class ReplayMessages
{
    /// <summary>The name of <see cref="ReplayHistory"/> on the wire.</summary>
    public static string CommandType { get; } = MessageTypeName.Of(typeof(ReplayHistory));

    /// <summary>The name of <see cref="CancelHistoryReplay"/> on the wire.</summary>
    public static string CancelType { get; } = MessageTypeName.Of(typeof(CancelHistoryReplay));

    /// <summary>The command to the owner. Its version is for the store to count.</summary>
    public static OutboxMessage Ask(ReplayHistory ask, int lanes, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(ask);
        return Command(ask, ask.Topic, ask.Into, CommandType, lanes, now);
    }

    /// <summary>The command that ends it. It comes behind the one that began it.</summary>
    public static OutboxMessage Cancel(CancelHistoryReplay ask, int lanes, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(ask);
        return Command(ask, ask.Topic, ask.Into, CancelType, lanes, now);
    }

    /// <summary>A kept event as it is replayed: under its own id, version, key and headers.</summary>
    public static OutboxMessage Event(AnsweredTopic topic, OutboxMessage kept, HistoryReplay replay, int lanes)
    {
        ArgumentNullException.ThrowIfNull(topic);
        ArgumentNullException.ThrowIfNull(kept);
        ArgumentNullException.ThrowIfNull(replay);
        return kept with { Topic = replay.Into, Lane = Lane.Of(kept.EntityId, lanes), Format = topic.Format, Transforms = topic.Transforms, Headers = RepairMessages.With(kept.Headers, replay.Endpoint) };
    }

    /// <summary>What the owner says of it.</summary>
    public static OutboxMessage Said(AnsweredTopic topic, HistoryReplay replay, int lanes, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(topic);
        ArgumentNullException.ThrowIfNull(replay);
        var said = new HistoryReplayed(replay.RequestId, replay.Topic, replay.State, replay.Events, replay.Total ?? 0, replay.Error);
        var message = RepairMessages.Make(said, replay.Into, new Entity(HistoryReplayed.TypeName, replay.RequestId), HistoryReplayed.TypeName, lanes, now);
        return message with { EntityId = message.MessageId, Version = 1, PartitionKey = replay.RequestId, Format = topic.Format, Transforms = topic.Transforms, Headers = RepairMessages.With(message.Headers, replay.Endpoint) };
    }

    private static OutboxMessage Command(object command, string topic, string into, string type, int lanes, DateTimeOffset now) =>
        RepairMessages.Make(command, RepairTopic.Of(topic), new Entity(HistoryReplayed.TypeName, into), type, lanes, now) with { Intent = MessageIntent.Command };
}
