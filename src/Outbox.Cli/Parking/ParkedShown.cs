using System.Globalization;
using System.Text;
using Outbox.Cli.Answers;
using Outbox.Cli.Connecting;
using Outbox.Delivery.Operations;
using Outbox.Inbox;
using Outbox.Inbox.Operations;
using Outbox.Operations.Failures;
using Outbox.Operations.Redacting;

namespace Outbox.Cli.Parking;

/// <summary>One parked or discarded message, whole, as programs read it.</summary>
internal sealed record ParkedShown(string Id, Side Side, string Topic, ParkReason Reason, DateTimeOffset ParkedAt, string Error, string ETag)
{
    public string? MessageId { get; init; }

    public string? Endpoint { get; init; }

    public int? Partition { get; init; }

    public long? Offset { get; init; }

    public string? EntityType { get; init; }

    public string? EntityId { get; init; }

    public long? Version { get; init; }

    public string? Type { get; init; }

    public int Attempts { get; init; }

    public FailureRecord Failure { get; init; } = FailureRecord.None;

    public DateTimeOffset? DiscardedAt { get; init; }

    public string? DiscardedBy { get; init; }

    public string? DiscardReason { get; init; }

    public IReadOnlyList<KeyValuePair<string, string?>>? Headers { get; init; }

    public string? Payload { get; init; }

    /// <returns>The message of either side; <see langword="null"/> where there is none.</returns>
    public static async Task<ParkedShown?> FindAsync(OutboxPlace place, string id, bool withPayload, CancellationToken cancellation) =>
        await place.Get<IOutboxOperations>().GetAsync(id, cancellation).ConfigureAwait(false) is { } outbox ? Of(id, outbox, withPayload ? place.Get<Redaction>() : null)
        : await place.Get<IInboxOperations>().GetAsync(id, cancellation).ConfigureAwait(false) is { } inbox ? Of(inbox, withPayload ? place.Get<Redaction>() : null)
        : null;

    public static CommandException None(string id) =>
        new(ExitCode.NotFound, $"Nothing is parked as '{id}', and nothing was discarded as it. outbox parked list has the ids; outbox why {id} knows what became of a message.");

    public void Write(Answer answer, DateTimeOffset now)
    {
        answer.Line($"{(Endpoint is null ? "Not published" : $"Not processed by {Endpoint}")}: {Reason.ToString().ToLowerInvariant()}{(DiscardedAt is null ? "" : $", discarded by {DiscardedBy} {Ages.At(DiscardedAt.Value, now)}: {DiscardReason}")}", Tone.Warning);
        answer.Table(
            Fields(now).Where(field => !string.IsNullOrEmpty(field.Value)).ToList(),
            [new Column<(string Name, string? Value)>("what", field => field.Name), new("value", field => field.Value) { Most = 300 }]);
        answer.Line();
        answer.Line(Error);
        if (Payload is not null)
        {
            answer.Line();
            answer.Line(Payload);
        }
    }

    private IEnumerable<(string Name, string? Value)> Fields(DateTimeOffset now) =>
    [
        ("id", Id),
        ("message", MessageId),
        ("entity", EntityType is { Length: > 0 } ? $"{EntityType}/{EntityId}" : EntityId),
        ("version", Version?.ToString(CultureInfo.InvariantCulture)),
        ("type", Type),
        ("topic", Partition is null ? Topic : $"{Topic}, partition {Partition}, offset {Offset}"),
        ("parked", $"{Ages.Exact(ParkedAt)}, {Ages.At(ParkedAt, now)}"),
        ("attempts", Attempts.ToString(CultureInfo.InvariantCulture)),
        ("group", $"{Failure.Group}: {Failure.Title}"),
        ("first failed", Failure.FirstFailedAt is { } first ? Ages.At(first, now) : null),
        ("retried", Failure.Retries == 0 ? null : $"{Failure.Retries} times{(Failure.LastRetriedAt is { } last ? $", last {Ages.At(last, now)}" : "")}"),
        ("etag", ETag),
        .. (Headers ?? []).Select(header => ($"header {header.Key}", header.Value)),
    ];

    private static ParkedShown Of(string id, ParkedOutboxMessage parked, Redaction? redaction) =>
        new(id, Side.Outbox, parked.Message.Topic, parked.Document is null ? ParkReason.Failed : ParkReason.Unreadable, parked.ParkedAt, parked.Error, parked.ETag)
        {
            MessageId = parked.Message.MessageId,
            EntityType = parked.Message.EntityType,
            EntityId = parked.Message.EntityId,
            Version = parked.Message.Version,
            Type = parked.Message.Type,
            Attempts = parked.Attempts,
            Failure = parked.Failure,
            DiscardedAt = parked.Discarded?.At,
            DiscardedBy = parked.Discarded?.By.ToString(),
            DiscardReason = parked.Discarded?.Reason,
            Headers = redaction is null ? null
                : [.. parked.Message.Headers.Select(header => KeyValuePair.Create(header.Key, (string?)redaction.Header(parked.Message.Type, parked.Message.Topic, header.Key, header.Value).Text))],
            Payload = redaction is null ? null
                : parked.Document is { } document ? redaction.Document(parked.Message.Type, parked.Message.Topic, document).Text
                : parked.Message.Payload is { } payload ? redaction.Payload(parked.Message.Type, parked.Message.Topic, payload).Text : null,
        };

    private static ParkedShown Of(ParkedInboxMessage parked, Redaction? redaction) =>
        new(parked.Id, Side.Inbox, parked.Message.Topic, parked.Message.Reason, parked.ParkedAt, parked.Message.Error, parked.ETag)
        {
            MessageId = parked.Message.MessageId,
            Endpoint = parked.Message.Endpoint,
            Partition = parked.Message.Partition,
            Offset = parked.Message.Offset,
            EntityType = parked.Message.EntityType,
            EntityId = parked.Message.EntityId,
            Version = parked.Message.Version,
            Type = parked.Message.Type,
            Attempts = parked.Message.Attempts,
            Failure = parked.Failure,
            DiscardedAt = parked.Discarded?.At,
            DiscardedBy = parked.Discarded?.By.ToString(),
            DiscardReason = parked.Discarded?.Reason,
            Headers = redaction is null ? null
                : [.. parked.Message.Headers.Select(header => KeyValuePair.Create(header.Key, Text(header.Value) is { } value ? redaction.Header(parked.Message.Type, parked.Message.Topic, header.Key, value).Text : null))],
            Payload = redaction is not null && (parked.Payload ?? Text(parked.Message.Value)) is { } payload ? redaction.Payload(parked.Message.Type, parked.Message.Topic, payload).Text : null,
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
