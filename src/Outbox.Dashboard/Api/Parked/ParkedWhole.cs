using Outbox.Delivery.Operations;
using Outbox.Inbox;
using Outbox.Inbox.Operations;

namespace Outbox.Dashboard.Api.Parked;

/// <summary>A parked or discarded message, whole. Its payload and headers are masked to those who may not see them.</summary>
internal sealed record ParkedWhole(ParkedItem Message, string ETag, bool IsMasked)
{
    /// <summary>The payload and the headers; left out where they are masked.</summary>
    public ParkedContent? Content { get; init; }

    public int? Partition { get; init; }

    public long? Offset { get; init; }

    public static ParkedWhole Of(ParkedOutboxMessage parked, string id) => new(
        new ParkedItem(Side.Outbox, id, parked.Message.Topic, parked.Document is null ? ParkReason.Failed : ParkReason.Unreadable, parked.Error, parked.ParkedAt)
        {
            MessageId = parked.Message.MessageId,
            EntityType = parked.Message.EntityType,
            EntityId = parked.Message.EntityId,
            Version = parked.Message.Version,
            Type = parked.Message.Type,
            Attempts = parked.Attempts,
            HoldsEntity = parked.HoldsEntity,
            RetryRequested = false,
            Failure = FailureAnswer.Of(parked.Failure),
            Discarded = DiscardAnswer.Of(parked.Discarded),
        },
        parked.ETag,
        IsMasked: true);

    public static ParkedWhole Of(ParkedInboxMessage parked) => new(
        new ParkedItem(Side.Inbox, parked.Id, parked.Message.Topic, parked.Message.Reason, parked.Message.Error, parked.ParkedAt)
        {
            MessageId = parked.Message.MessageId,
            Endpoint = parked.Message.Endpoint,
            EntityType = parked.Message.EntityType,
            EntityId = parked.Message.EntityId,
            Version = parked.Message.Version,
            Type = parked.Message.Type,
            Attempts = parked.Message.Attempts,
            HoldsEntity = parked.Message.Hold,
            RetryRequested = parked.RetryRequested,
            Failure = FailureAnswer.Of(parked.Failure),
            Discarded = DiscardAnswer.Of(parked.Discarded),
        },
        parked.ETag,
        IsMasked: true)
    { Partition = parked.Message.Partition, Offset = parked.Message.Offset };
}
