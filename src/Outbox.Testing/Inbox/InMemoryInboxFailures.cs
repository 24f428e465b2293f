using Outbox.Inbox;
using Outbox.Inbox.Operations;
using Outbox.Operations;
using Outbox.Operations.Errors;
using Outbox.Operations.Failures;
using Outbox.Testing.Operations;
using Outbox.Testing.Store;

namespace Outbox.Testing.Inbox;

/// <summary>What a person sees of messages that could not be processed, or that wait.</summary>
internal sealed class InMemoryInboxFailures(InMemoryStore store)
{
    public IReadOnlyList<ParkedInboxMessage> List(ParkedInboxFilter filter, int limit) => store.Run(tables => tables.InboxParked
        .Where(entry => Matches(filter, entry)).OrderBy(entry => entry.ParkedAt).Take(limit).Select(entry => Whole(entry)).ToList());

    public Page<ParkedSummary> Search(ParkedInboxFilter filter, string? cursor, int size) => store.Run(tables => InMemoryPages.Of(
        tables.InboxParked.Where(entry => Matches(filter, entry)).Select(entry => Summary(entry)), message => (message.ParkedAt, message.Id), latestFirst: false, ($"inbox {filter}", cursor, size)));

    public Page<ParkedSummary> SearchDiscarded(ParkedInboxFilter filter, string? cursor, int size) => store.Run(tables => InMemoryPages.Of(
        tables.InboxDiscarded.Where(entry => Matches(filter, entry.Parked)).Select(entry => Summary(entry.Parked, entry.Note)), message => (message.Discarded!.At, message.Id), latestFirst: true,
        ($"inbox discarded {filter}", cursor, size)));

    public ParkedInboxMessage? Get(string id) => store.Run(tables => tables.InboxParked.Find(entry => entry.Id == id) is { } parked ? Whole(parked)
        : tables.InboxDiscarded.Find(entry => entry.Parked.Id == id) is { } discarded ? Whole(discarded.Parked, discarded.Note) : null);

    public IReadOnlyList<FailureGroup> Groups(ParkedInboxFilter filter, int limit) =>
        store.Run(tables => InMemoryGroups.Of(tables.InboxParked.Where(entry => Matches(filter, entry)).Select(entry => Summary(entry)), limit));

    public long Count(ParkedInboxFilter filter, int limit) => Math.Min(limit, store.Run(tables => tables.InboxParked.Count(entry => Matches(filter, entry))));

    public static string ETagOf(ParkedEntry entry) =>
        TextSignature.Hash($"{entry.ParkedAt.UtcTicks} {entry.Failure.Retries} {Convert.ToBase64String(entry.Message.Value ?? [])}");

    public static bool Matches(ParkedInboxFilter filter, ParkedEntry entry) =>
        (filter.Endpoint is null || entry.Message.Endpoint == filter.Endpoint)
        && (filter.Reason is null || entry.Message.Reason == filter.Reason)
        && (filter.Topic is null || entry.Message.Topic == filter.Topic)
        && (filter.EntityType is null || entry.Message.EntityType == filter.EntityType)
        && (filter.EntityId is null || entry.Message.EntityId == filter.EntityId)
        && (filter.Type is null || entry.Message.Type == filter.Type)
        && (filter.ErrorGroup is null || entry.Failure.Group == filter.ErrorGroup)
        && (filter.Error is null || entry.Message.Error.Contains(filter.Error, StringComparison.Ordinal))
        && (filter.ParkedFrom is null || entry.ParkedAt >= filter.ParkedFrom)
        && (filter.ParkedBefore is null || entry.ParkedAt < filter.ParkedBefore);

    private static ParkedInboxMessage Whole(ParkedEntry entry, DiscardNote? note = null) => new(entry.Id, entry.Message, entry.ParkedAt, IsRetryRequested(entry))
    {
        Failure = entry.Failure,
        Discarded = note,
        ETag = ETagOf(entry),
        Payload = ParkedPayload.Of(entry.Message),
    };

    private static ParkedSummary Summary(ParkedEntry entry, DiscardNote? note = null) => new()
    {
        Id = entry.Id,
        MessageId = entry.Message.MessageId,
        Topic = entry.Message.Topic,
        Endpoint = entry.Message.Endpoint,
        EntityType = entry.Message.EntityType,
        EntityId = entry.Message.EntityId,
        Version = entry.Message.Version,
        Type = entry.Message.Type,
        Reason = entry.Message.Reason,
        Error = entry.Message.Error.Length > ParkedSummary.MostErrorCharacters ? entry.Message.Error[..ParkedSummary.MostErrorCharacters] : entry.Message.Error,
        Attempts = entry.Message.Attempts,
        HoldsEntity = entry.Message.Hold || entry.Message.InSequence,
        RetryRequested = IsRetryRequested(entry),
        ParkedAt = entry.ParkedAt,
        Failure = entry.Failure,
        Discarded = note,
    };

    private static bool IsRetryRequested(ParkedEntry entry) => entry.Retry || entry.Message.RetryAt is not null;
}
