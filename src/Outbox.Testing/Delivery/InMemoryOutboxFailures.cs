using Outbox.Delivery.Operations;
using Outbox.Inbox;
using Outbox.Operations;
using Outbox.Operations.Errors;
using Outbox.Operations.Failures;
using Outbox.Testing.Operations;
using Outbox.Testing.Store;

namespace Outbox.Testing.Delivery;

/// <summary>What a person sees of messages that could not be published.</summary>
internal sealed class InMemoryOutboxFailures(InMemoryStore store)
{
    public IReadOnlyList<ParkedOutboxMessage> List(ParkedFilter filter, int limit) => store.Run(tables => tables.Parked.Values
        .Where(parked => Matches(filter, parked)).OrderBy(parked => parked.ParkedAt).ThenBy(parked => parked.Message.MessageId, StringComparer.Ordinal).Take(limit).Select(Whole).ToList());

    public Page<ParkedSummary> Search(ParkedFilter filter, string? cursor, int size) => store.Run(tables => InMemoryPages.Of(
        tables.Parked.Values.Where(parked => Matches(filter, parked)).Select(Summary), message => (message.ParkedAt, message.Id), latestFirst: false, ($"parked {filter}", cursor, size)));

    public Page<ParkedSummary> SearchDiscarded(ParkedFilter filter, string? cursor, int size) => store.Run(tables => InMemoryPages.Of(
        tables.Discarded.Values.Where(entry => Matches(filter, entry.Parked)).Select(entry => Summary(entry.Parked)), message => (message.Discarded!.At, message.Id), latestFirst: true,
        ($"discarded {filter}", cursor, size)));

    public ParkedOutboxMessage? Get(string messageId) => store.Run(tables => tables.Parked.TryGetValue(messageId, out var parked) ? Whole(parked)
        : tables.Discarded.TryGetValue(messageId, out var discarded) ? Whole(discarded.Parked) : null);

    public IReadOnlyList<FailureGroup> Groups(ParkedFilter filter, int limit) =>
        store.Run(tables => InMemoryGroups.Of(tables.Parked.Values.Where(parked => Matches(filter, parked)).Select(Summary), limit));

    public long Count(ParkedFilter filter, int limit) => Math.Min(limit, store.Run(tables => tables.Parked.Values.Count(parked => Matches(filter, parked))));

    public static string ETagOf(ParkedOutboxMessage parked) => TextSignature.Hash($"{parked.ParkedAt.UtcTicks} {parked.Failure.Retries} {parked.Message.Payload}");

    public static bool Matches(ParkedFilter filter, ParkedOutboxMessage parked) =>
        (filter.Topic is null || parked.Message.Topic == filter.Topic)
        && (filter.EntityType is null || parked.Message.EntityType == filter.EntityType)
        && (filter.EntityId is null || parked.Message.EntityId == filter.EntityId)
        && (filter.Type is null || parked.Message.Type == filter.Type)
        && (filter.ErrorGroup is null || parked.Failure.Group == filter.ErrorGroup)
        && (filter.Error is null || parked.Error.Contains(filter.Error, StringComparison.Ordinal))
        && (filter.ParkedFrom is null || parked.ParkedAt >= filter.ParkedFrom)
        && (filter.ParkedBefore is null || parked.ParkedAt < filter.ParkedBefore);

    private static ParkedOutboxMessage Whole(ParkedOutboxMessage parked) => parked with { ETag = ETagOf(parked) };

    private static ParkedSummary Summary(ParkedOutboxMessage parked) => new()
    {
        Id = parked.Message.MessageId,
        MessageId = parked.Message.MessageId,
        Topic = parked.Message.Topic,
        EntityType = parked.Message.EntityType,
        EntityId = parked.Message.EntityId,
        Version = parked.Message.Version,
        Type = parked.Message.Type,
        Reason = ParkReason.Failed,
        Error = parked.Error.Length > ParkedSummary.MostErrorCharacters ? parked.Error[..ParkedSummary.MostErrorCharacters] : parked.Error,
        Attempts = parked.Attempts,
        HoldsEntity = parked.HoldsEntity,
        ParkedAt = parked.ParkedAt,
        Failure = parked.Failure,
        Discarded = parked.Discarded,
    };
}
