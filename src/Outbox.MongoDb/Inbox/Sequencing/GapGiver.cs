using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Inbox;
using Outbox.Inbox.Sequencing;
using Outbox.MongoDb.Sessions;

namespace Outbox.MongoDb.Inbox.Sequencing;

/// <summary>Decides about messages whose predecessor does not come.</summary>
internal sealed class GapGiver(
    OutboxCollections collections, ShortTransactions transactions, EarlierSequences earlier, TopicSequenceOptions options, TimeProvider time)
{
    /// <summary>The time by which gaps and redeliveries are due.</summary>
    public DateTimeOffset Now => time.GetUtcNow();

    private const int SweepLimit = 500;
    private static readonly BsonDocument ByVersion = new("version", 1);

    /// <param name="given">The sequence.</param>
    /// <param name="policy">How far to go.</param>
    /// <param name="version">The message that wants its turn.</param>
    /// <param name="also">What else belongs to it, in its transaction; it is told the version.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public async Task<long?> GiveUpAsync(
        Sequence given, GapPolicy policy, long? version, Func<IClientSessionHandle, long, CancellationToken, Task>? also, CancellationToken cancellationToken)
    {
        var sequence = await NameAsync(given, cancellationToken).ConfigureAwait(false);
        return await GiveUpNamedAsync(sequence, policy, version, also, cancellationToken).ConfigureAwait(false);
    }

    public Task<long?> GiveUpAsync(Sequence given, GapPolicy policy, long? version, CancellationToken cancellationToken) => GiveUpAsync(given, policy, version, also: null, cancellationToken);

    private Task<long?> GiveUpNamedAsync(
        Sequence sequence, GapPolicy policy, long? version, Func<IClientSessionHandle, long, CancellationToken, Task>? also, CancellationToken cancellationToken) => transactions.RunAsync<long?>(
        async (session, token) =>
        {
            var state = await collections.InboxSequences.Find(session, SequenceDocument.Id(sequence)).FirstOrDefaultAsync(token).ConfigureAwait(false)
                ?? await earlier.TakeOverAsync(session, sequence, token).ConfigureAwait(false);
            var last = SequenceDocument.Version(state);
            var later = SequenceDocument.Waiting(sequence).Add("version", new BsonDocument("$gt", last));
            var first = await collections.InboxParked.Find(session, later).Sort(ByVersion).FirstOrDefaultAsync(token).ConfigureAwait(false);
            var waiting = first?["version"].ToInt64();
            var next = Math.Min(waiting ?? long.MaxValue, version ?? long.MaxValue);
            if (next == long.MaxValue || next <= last)
            {
                return null;
            }

            await MoveAsync(session, sequence, policy == GapPolicy.Skip ? next : next - 1, token).ConfigureAwait(false);
            await (also?.Invoke(session, next, token) ?? Task.CompletedTask).ConfigureAwait(false);
            return next;
        },
        cancellationToken);

    public async Task<IReadOnlyList<OverdueGap>> ExpireAsync(string endpoint, string topic, CancellationToken cancellationToken)
    {
        var overdue = new BsonDocument
        {
            { "endpoint", endpoint }, { "topic", topic }, { "reason", "gap" }, { "overdue", BsonNull.Value },
            { "deadline", new BsonDocument("$lte", time.GetUtcNow().UtcDateTime) },
        };
        var found = await collections.InboxParked.Find(overdue).Sort(ByVersion).Limit(SweepLimit).ToListAsync(cancellationToken).ConfigureAwait(false);
        var decided = new List<OverdueGap>();
        foreach (var message in found.DistinctBy(SequenceDocument.OfParked))
        {
            if (await DecideAsync(SequenceDocument.OfParked(message), message, cancellationToken).ConfigureAwait(false) is { } decision)
            {
                decided.Add(decision);
            }
        }

        return decided;
    }

    /// <summary>Goes on behind a message that was given up.</summary>
    /// <returns>Whether the sequence has stepped behind it, and was not behind it before.</returns>
    public async Task<bool> StepBehindAsync(IClientSessionHandle session, Sequence sequence, long version, bool inSequence, CancellationToken cancellationToken)
    {
        var state = await collections.InboxSequences.Find(session, SequenceDocument.Id(sequence)).FirstOrDefaultAsync(cancellationToken).ConfigureAwait(false)
            ?? await earlier.TakeOverAsync(session, sequence, cancellationToken).ConfigureAwait(false);
        if (!inSequence && state?.Contains("version") != true)
        {
            return false;
        }

        if (SequenceDocument.Version(state) < version - 1)
        {
            throw new OutboxException(
                $"Version {version} of entity '{sequence.EntityId}' waits for version {SequenceDocument.Version(state) + 1} on endpoint '{sequence.Endpoint}'. Call ReleaseAsync for the "
                + "sequence, or discard the message that failed before it.");
        }

        await collections.InboxSequences.UpdateOneAsync(
            session, SequenceDocument.Id(sequence), SequenceDocument.Step(version), new UpdateOptions { IsUpsert = true }, cancellationToken).ConfigureAwait(false);
        return SequenceDocument.Version(state) == version - 1;
    }

    /// <summary>A person may leave the entity's type away, where only one entity of that id waits.</summary>
    private async Task<Sequence> NameAsync(Sequence sequence, CancellationToken cancellationToken)
    {
        if (sequence.EntityType.Length > 0)
        {
            return sequence;
        }

        var waiting = new BsonDocument { { "endpoint", sequence.Endpoint }, { "topic", sequence.Topic }, { "reason", "gap" }, { "entityId", sequence.EntityId } };
        var types = await (await collections.InboxParked.DistinctAsync<BsonValue>("entityType", waiting, cancellationToken: cancellationToken).ConfigureAwait(false))
            .ToListAsync(cancellationToken).ConfigureAwait(false);
        var named = types.Where(type => type.IsString).Select(type => type.AsString).ToList();
        return named.Count switch
        {
            0 => sequence,
            1 => sequence with { EntityType = named[0] },
            _ => throw new OutboxException(
                $"Several entities with the id '{sequence.EntityId}' wait on endpoint '{sequence.Endpoint}': {string.Join(", ", named)}. Say which one with Sequence.EntityType."),
        };
    }

    /// <returns><see langword="null"/> when another instance has decided already, or the message has been processed.</returns>
    private async Task<OverdueGap?> DecideAsync(Sequence sequence, BsonDocument message, CancellationToken cancellationToken)
    {
        var version = message["version"].ToInt64();
        var onGap = options.Of(sequence.Topic).OnGap;
        var failed = await collections.InboxParked.Find(SequenceDocument.Parked(sequence, "failed")).AnyAsync(cancellationToken).ConfigureAwait(false);
        if (failed || onGap == GapPolicy.Hold)
        {
            var overdue = SequenceDocument.Waiting(sequence)
                .Add("overdue", BsonNull.Value).Add("deadline", new BsonDocument("$lte", time.GetUtcNow().UtcDateTime));
            var marked = await collections.InboxParked.UpdateManyAsync(
                overdue, Builders<BsonDocument>.Update.Set("overdue", true), cancellationToken: cancellationToken).ConfigureAwait(false);
            return marked.ModifiedCount > 0 ? new OverdueGap(sequence, version, GapPolicy.Hold) : null;
        }

        var gone = await GiveUpAsync(sequence, onGap, version, cancellationToken).ConfigureAwait(false);
        return gone is null ? null : new OverdueGap(sequence, version, onGap);
    }

    /// <summary>What waits up to there is left behind: when it is taken next, it is stale.</summary>
    private Task MoveAsync(IClientSessionHandle session, Sequence sequence, long version, CancellationToken cancellationToken) =>
        collections.InboxSequences.UpdateOneAsync(
            session,
            SequenceDocument.Id(sequence),
            SequenceDocument.Meet().Set("version", version).Set("ready", true).Set("waits", true),
            new UpdateOptions { IsUpsert = true },
            cancellationToken);
}
