using Outbox.Delivery.Operations;
using Outbox.Inbox.Operations;

namespace Outbox.Operations.Bulk;

/// <summary>What a bulk operation is to do. It is about one side: set either <see cref="Outbox"/> or <see cref="Inbox"/>.</summary>
public sealed record BulkRequest
{
    /// <summary>
    /// The operation's id, if the caller gives it one: to start it once more with the same id gives back the one that is there. At most 128 characters.
    /// </summary>
    /// <value>The default is a new id.</value>
    public string? Id { get; init; }

    /// <summary>What to do with each message.</summary>
    public required BulkAction Action { get; init; }

    /// <summary>Why, for the log and the audit.</summary>
    public required string Reason { get; init; }

    /// <summary>Who wants it.</summary>
    /// <value>The default value is <see cref="Actor.Application"/>.</value>
    public Actor By { get; init; } = Actor.Application;

    /// <summary>Which messages that could not be published. An empty filter is all of them.</summary>
    public ParkedFilter? Outbox { get; init; }

    /// <summary>Which messages that could not be processed. An empty filter is all of them.</summary>
    public ParkedInboxFilter? Inbox { get; init; }

    /// <summary>The most messages to do it with, in the order of entities and versions.</summary>
    /// <value>The default is no limit.</value>
    public long? Limit { get; init; }

    /// <summary>The most messages in a second, for what they go to: from 0.1 to 100,000.</summary>
    /// <value>The default is as fast as it goes.</value>
    public double? PerSecond { get; init; }
}
