using System.Globalization;
using Microsoft.Extensions.Options;
using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.MongoDb.Operations.Auditing;
using Outbox.MongoDb.Sessions;
using Outbox.Operations;
using Outbox.Operations.Auditing;
using Outbox.Operations.Pausing;
using static Outbox.MongoDb.Expressions;

namespace Outbox.MongoDb.Operations.Pausing;

/// <summary>Keeps pauses in <c>outbox.pauses</c>, whose ends are the server's. An ended one is left to the index that lets it expire.</summary>
internal sealed class MongoPauses(OutboxCollections collections, ShortTransactions transactions, MongoAudit audit, IInstallation installation, IOptions<OutboxOptions> options) : IPauses
{
    private const int Most = 1_000;

    private static readonly FindOneAndUpdateOptions<BsonDocument> Upserted = new() { IsUpsert = true, ReturnDocument = ReturnDocument.After };
    private static readonly BsonDocument[] Ordered = [new("$sort", PauseDocument.Index), new("$limit", Most), PauseDocument.Remaining];
    private static readonly AggregateOptions ByEnd = new() { Hint = PauseDocument.Index };

    /// <inheritdoc/>
    public async Task<Pause> PauseAsync(PauseRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        request.Check();
        request = request with { By = request.By.Named(options.Value.Source) };
        await installation.EnsureAsync(cancellationToken).ConfigureAwait(false);
        if (request is { Target.Kind: PauseKind.Endpoint, EvenIfUnknown: false })
        {
            await CheckEndpointAsync(request.Target.Name, cancellationToken).ConfigureAwait(false);
        }

        return await transactions.RunAsync((session, token) => PauseAsync(session, request, token), cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public Task<bool> ResumeAsync(PauseTarget target, string reason, Actor? by = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentException.ThrowIfNullOrWhiteSpace(reason);
        return transactions.RunAsync(
            async (session, token) =>
            {
                var running = PauseDocument.Id(target).Add("$expr", Op("$gt", "$until", Now));
                var ended = await collections.Pauses.FindOneAndDeleteAsync<BsonDocument?>(session, running, cancellationToken: token).ConfigureAwait(false);
                if (ended is not null)
                {
                    await audit.WriteAsync(session, EntryOf(AuditActs.Resume, target, by ?? Actor.Application, reason, "resumed"), token).ConfigureAwait(false);
                }

                return ended is not null;
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Pause>> ListPausesAsync(CancellationToken cancellationToken = default)
    {
        await installation.EnsureAsync(cancellationToken).ConfigureAwait(false);
        var found = await collections.Pauses.Aggregate<BsonDocument>(Ordered, ByEnd, cancellationToken).ToListAsync(cancellationToken).ConfigureAwait(false);
        return [.. found.Select(PauseDocument.Read).Where(pause => pause.Remaining > TimeSpan.Zero)];
    }

    private async Task<Pause> PauseAsync(IClientSessionHandle session, PauseRequest request, CancellationToken cancellationToken)
    {
        var update = Builders<BsonDocument>.Update.Pipeline(new[] { PauseDocument.Set(request) });
        var paused = await collections.Pauses.FindOneAndUpdateAsync(session, PauseDocument.Id(request.Target), update, Upserted, cancellationToken).ConfigureAwait(false);
        var pause = PauseDocument.Read(paused);
        var now = PauseDocument.Time(paused["at"]);
        PauseRequest.CheckEnd(pause.Until, now);
        var outcome = string.Create(CultureInfo.InvariantCulture, $"paused until {pause.Until:O}");
        await audit.WriteAsync(session, EntryOf(AuditActs.Pause, pause.Target, pause.By, pause.Reason, outcome), cancellationToken).ConfigureAwait(false);
        return pause with { Remaining = pause.Until - now };
    }

    private static AuditEntry EntryOf(string act, PauseTarget target, Actor by, string reason, string outcome) => new(act, target.ToString(), by, reason, outcome)
    {
        Topic = target.Kind == PauseKind.Topic ? target.Name : null,
        Endpoint = target.Kind == PauseKind.Endpoint ? target.Name : null,
    };

    /// <exception cref="OutboxException">No instance of the last days has it.</exception>
    private async Task CheckEndpointAsync(string endpoint, CancellationToken cancellationToken)
    {
        var known = (await collections.InboxEndpoints.Find(new BsonDocument(), new FindOptions { Hint = new BsonDocument("_id", 1) }).Project(new BsonDocument("_id", 1)).Limit(Most)
            .ToListAsync(cancellationToken).ConfigureAwait(false)).Select(found => found["_id"]["endpoint"].AsString).Distinct().ToList();
        if (!known.Contains(endpoint))
        {
            throw new OutboxException($"No instance has had an endpoint '{endpoint}' in the last days; there "
                + (known.Count == 0 ? "is none" : $"are: {string.Join(", ", known)}") + ". An endpoint is called as its group. To pause one that is still to come, set EvenIfUnknown.");
        }
    }
}
