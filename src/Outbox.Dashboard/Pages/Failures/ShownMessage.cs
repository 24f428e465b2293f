using System.Text;
using Outbox.Dashboard.Pages.Acts;
using Outbox.Delivery.Operations;
using Outbox.Inbox;
using Outbox.Inbox.Operations;
using Outbox.Operations.Failures;

namespace Outbox.Dashboard.Pages.Failures;

/// <summary>A parked or discarded message of either side.</summary>
internal sealed record ShownMessage(Side Side, string Id, string Topic, ParkReason Reason, string Error, DateTimeOffset ParkedAt)
{
    public string? MessageId { get; init; }

    public string? Endpoint { get; init; }

    /// <summary>Where it lies on Kafka.</summary>
    public string? Place { get; init; }

    public string? EntityType { get; init; }

    public string? EntityId { get; init; }

    public long? Version { get; init; }

    public string? Type { get; init; }

    public int Attempts { get; init; }

    public bool HoldsEntity { get; init; }

    public bool RetryRequested { get; init; }

    public FailureRecord Failure { get; init; } = FailureRecord.None;

    public DiscardNote? Discarded { get; init; }

    public string ETag { get; init; } = "";

    public IReadOnlyList<KeyValuePair<string, string?>> Headers { get; init; } = [];

    /// <summary>The payload as text, without its envelope if it is JSON in one; <see langword="null"/> where there is none.</summary>
    public string? Payload { get; init; }

    /// <summary>Whether the payload is JSON that another can replace.</summary>
    public bool CanBeEdited { get; init; }

    public bool IsHeld => Reason is ParkReason.Gap or ParkReason.Held;

    public static ShownMessage Of(string id, ParkedOutboxMessage parked) =>
        new(Side.Outbox, id, parked.Message.Topic, parked.Document is null ? ParkReason.Failed : ParkReason.Unreadable, parked.Error, parked.ParkedAt)
        {
            MessageId = parked.Message.MessageId,
            EntityType = parked.Message.EntityType,
            EntityId = parked.Message.EntityId,
            Version = parked.Message.Version,
            Type = parked.Message.Type,
            Attempts = parked.Attempts,
            HoldsEntity = parked.HoldsEntity,
            Failure = parked.Failure,
            Discarded = parked.Discarded,
            ETag = parked.ETag,
            Headers = [.. parked.Message.Headers.Select(header => KeyValuePair.Create(header.Key, (string?)header.Value))],
            Payload = parked.Document ?? parked.Message.Payload,
            CanBeEdited = parked.Document is null && parked.Message.Payload is not null,
        };

    public static ShownMessage Of(ParkedInboxMessage parked) =>
        new(Side.Inbox, parked.Id, parked.Message.Topic, parked.Message.Reason, parked.Message.Error, parked.ParkedAt)
        {
            MessageId = parked.Message.MessageId,
            Endpoint = parked.Message.Endpoint,
            Place = $"partition {parked.Message.Partition}, offset {parked.Message.Offset}",
            EntityType = parked.Message.EntityType,
            EntityId = parked.Message.EntityId,
            Version = parked.Message.Version,
            Type = parked.Message.Type,
            Attempts = parked.Message.Attempts,
            HoldsEntity = parked.Message.Hold && parked.Message.Reason == ParkReason.Failed,
            RetryRequested = parked.RetryRequested,
            Failure = parked.Failure,
            Discarded = parked.Discarded,
            ETag = parked.ETag,
            Headers = [.. parked.Message.Headers.Select(header => KeyValuePair.Create(header.Key, Text(header.Value)))],
            Payload = parked.Payload ?? Text(parked.Message.Value),
            CanBeEdited = parked.Payload is not null && parked.Message.Reason == ParkReason.Failed,
        };

    /// <summary>Bytes that are no text are told as what they are.</summary>
    private static string? Text(byte[]? bytes)
    {
        try
        {
            return bytes is null ? null : new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes);
        }
        catch (ArgumentException)
        {
            return $"base64:{Convert.ToBase64String(bytes!)}";
        }
    }
}
